import { describe, expect, test } from "vitest";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "../../emulator-tests/support/configs.js";
import { AllocGenError } from "../diagnostics.js";
import { bytes } from "../units.js";
import { loadTarget } from "../targets/load.js";
import { planWithin } from "../plan/plan-heap.js";
import { makePlan } from "./make-plan.js";
import { prevFree } from "../header/fields/prev-free.js";
import { prevSize } from "../header/fields/prev-size.js";
import { used } from "../header/fields/used.js";
import { fieldOf, findField } from "../header/layout.js";
import { blockBytesFor, granuleShift, type Plan } from "../plan/plan.js";
import { segregatedFit } from "./segregated-fit/index.js";

function planOf(test: TestConfig): Plan {
  const config = testConfig(test);
  return makePlan(config, loadTarget(config.target));
}

/** What the config is refused with, one diagnostic a line. */
function refusal(test: TestConfig): string {
  try {
    planOf(test);
  } catch (error) {
    if (error instanceof AllocGenError) {
      expect(error.exitCode).toBe(2);
      return error.message;
    }
    throw error;
  }
  return "accepted";
}

const control = (plan: Plan) =>
  plan.control.map(({ name, offset, bytes: width, count }) => `${name}@${offset} ${count}x${width}`);

test("a core without BASEPRI is told so", () => {
  const test: TestConfig = { policy: sequential(), lock: { kind: "basepri", priority: 64 } };
  expect(planOf(test).lock).toEqual({ kind: "basepri", priority: 64 });
  expect(refusal({ ...test, target: "cortex-m0plus" })).toBe(
    'lock: found "basepri", but ARMv6-M has no BASEPRI; PRIMASK is its only mask ("primask")',
  );
});

test("a policy that sets out its blocks beforehand takes no size that init finds", () => {
  const test = { upTo: true, placement: { kind: "linker", start: "a", end: "b" } } as const;
  for (const policy of [bitmap(), bump(), buddy(), pool([[64]])]) {
    expect(refusal({ policy, ...test })).toBe(
      `heap.size: found "upTo", but "${policy.kind}" sets out its blocks when the C is generated: a policy whose blocks have headers takes what there is`,
    );
  }
  const plan = planOf({ policy: segregated(), ...test });
  expect(plan.control.at(-1)).toMatchObject({ name: "end", bytes: 4 });
  expect(planWithin(plan, 1001)).toMatchObject({ heapBytes: 1001, endOfBlocks: 998 });
});

test("an arena that links its blocks keeps no lines apart, one without links does", () => {
  expect(refusal({ policy: bump("lifo"), cacheLine: 32 })).toBe(
    'heap.cacheLine: found 32, but the blocks of this "bump" begin with 2 bytes of its own, on the last line of the payload before; a policy with headers, or with nothing in front of payloads, keeps lines apart',
  );
  expect(refusal({ policy: bump("all"), cacheLine: 32 })).toBe("accepted");
});

test("a bitmap has no more bits than a search can take, and says which granule keeps within them", () => {
  const config = { policy: bitmap(8), size: 64 * 1024 * 1024 };
  expect(refusal(config)).toBe(
    'policy.granule: found 8388608 granules, but malloc searches the bits of all granules: at most 262144 of them ("granule" of 256 or more)',
  );
  expect(refusal({ ...config, policy: bitmap(256) })).toBe("accepted");
});

describe("well-known heaps", () => {
  test("first fit, 32 KiB at 8 bytes", () => {
    const plan = planOf({ policy: sequential() });
    expect(control(plan)).toEqual(["wilderness@0 1x4", "first@4 1x2"]);
    expect(plan).toMatchObject({
      controlBytes: 8,
      firstBlock: 14,
      endOfBlocks: 32766,
      endHeader: "none",
      minimumBlockBytes: 8,
      maximumRequestBytes: 32750,
    });
    expect(plan.header.bytes).toBe(2);
    expect(granuleShift(plan)).toBe(3);
  });

  test("segregated fit, 32 KiB at 8 bytes", () => {
    const plan = planOf({ policy: segregated() });
    expect(control(plan)).toEqual(["none@0 2x2", "nonempty@4 1x4", "unused@8 2x2", "first@12 24x2"]);
    expect(plan).toMatchObject({
      controlBytes: 60,
      firstBlock: 62,
      endOfBlocks: 32766,
      endHeader: "block",
      minimumBlockBytes: 8,
      maximumRequestBytes: 32702,
    });
    expect(plan.header.bytes).toBe(2);
    expect(plan.policy).toEqual({
      kind: "segregated-fit",
      coalesce: "immediate",
      subdivisionBits: 1,
      sizeShift: 0,
      leastHighest: 0,
      firstClass: 6,
      classes: 24,
      bitmapWords: 1,
      headsLink: 0,
      split: "low",
      smallBelow: 512,
      probe: true,
    });
  });

  test("the seed's: a table of slots, a list with a tail", () => {
    const policy = sequential({ order: "fifo", wilderness: "first", coalesce: "list-neighbours" });
    const plan = planOf({ policy, size: 512, links: { place: "slots", slots: 4 } });
    expect(control(plan)).toEqual([
      "wilderness@0 1x4",
      "first@4 1x2",
      "last@6 1x2",
      "coalesce_due@8 1x2",
      "spare@10 1x2",
      "slots@12 12x2",
    ]);
    expect(findField(plan.header, prevFree)).toBeUndefined();
    expect(fieldOf(plan.header, used).unit.name).toBe("header");
    expect(() => fieldOf(plan.header, prevSize)).toThrow("the header has no field prevSize");
  });

  test("a previous size needs a header after the last block for it", () => {
    const plan = planOf({ policy: sequential({ order: "lifo" }), boundaryTag: "prevSize" });
    expect(plan).toMatchObject({ endHeader: "tag", endOfBlocks: 32764, firstBlock: 12 });
  });
});

describe("limits", () => {
  test("the largest request", () => {
    expect(planOf({ policy: segregated(), limits: { largest: 100 } }).maximumRequestBytes).toBe(100);
  });

  test("the smallest request raises the minimum block", () => {
    const plan = planOf({ policy: sequential(), limits: { smallest: 40 } });
    expect(plan.minimumBlockBytes).toBe(48);
    expect([0, 1, 40, 46, 47].map((request) => blockBytesFor(plan, request))).toEqual([48, 48, 48, 48, 56]);
  });

  test("without a probe a heap serves no more than the smallest size of its block's class", () => {
    const probing = planOf({ policy: segregated({ subdivisions: 1 }) });
    const plan = planOf({ policy: segregated({ subdivisions: 1, probe: false }) });
    expect(probing.maximumRequestBytes).toBe(probing.endOfBlocks - probing.firstBlock - 2);
    expect(plan.maximumRequestBytes).toBe(16384 - 2);
  });
});

test("where the heap's end is kept depends on what is kept there", () => {
  for (const alignment of [4, 8, 16, 32, 64]) {
    for (const policy of [sequential(), sequential({ order: "lifo" }), segregated()]) {
      const plan = planOf({ policy, alignment, size: 8192 - alignment });
      expect((plan.firstBlock + plan.header.bytes) % alignment).toBe(0);
      expect((plan.endOfBlocks - plan.firstBlock) % alignment).toBe(0);
      const behind = plan.endHeader === "none" ? 0 : plan.header.bytes;
      expect(plan.endOfBlocks + behind).toBeLessThanOrEqual(plan.heapBytes);
      expect(plan.heapBytes - plan.endOfBlocks - behind).toBeLessThan(alignment);
    }
  }
});

describe("is refused", () => {
  test("heap-too-small", () => {
    const slots = { place: "slots", slots: 100 } as const;
    expect(refusal({ policy: sequential(), size: 512, links: slots })).toBe(
      "heap.size: 512 bytes do not hold 612 bytes of control data and one block of 8 (allowed: 624 or more)",
    );
    expect(refusal({ policy: sequential(), size: 624, links: slots })).toBe("accepted");
    expect(refusal({ policy: sequential(), size: 616, links: slots })).toContain("allowed: 624 or more");
  });

  test("heap-too-small: the size that is allowed has the control data of its own size", () => {
    const test = {
      policy: sequential(),
      alignment: 4,
      links: { place: "slots", slots: 65535 },
    } satisfies TestConfig;
    // Above 256 KiB slots have 4-byte members at this alignment.
    expect(refusal({ ...test, size: 4096 })).toBe(
      "heap.size: 4096 bytes do not hold 393220 bytes of control data and one block of 4 (allowed: 786444 or more)",
    );
    expect(refusal({ ...test, size: 786440 })).toContain("allowed: 786444 or more");
    expect(refusal({ ...test, size: 786444 })).toBe("accepted");
  });

  test("heap-too-small: a heap below one block of a buddy heap", () => {
    expect(refusal({ policy: buddy(512), size: 256, alignment: 32 })).toBe(
      "heap.size: 256 bytes do not hold 8 bytes of control data and one block of 512 (allowed: 1024 or more)",
    );
  });

  test("header-refused, for segregated fit, all at once", () => {
    expect(
      refusal({
        policy: segregated(),
        boundaryTag: "none",
        links: { place: "slots", form: "single" },
        fields: { prevSize: {}, prevFree: true },
      }).split("\n"),
    ).toEqual([
      'header.boundaryTag: boundary tag "none": a freed block could not find its left neighbour in constant time',
      'header.fields.prevSize: field prevSize: the boundary tag is "none"',
      'header.fields.prevFree: field prevFree: only the boundary tag "footer" reads it',
      "header.links.place: a side table of slots: each size class has its own list, linked through its blocks",
      'header.links.form: links of form "single": coalescing removes blocks from the middle of a class',
    ]);
  });

  test("quick lists only for sizes that a request has", () => {
    const quickOf = (largest: number) => {
      const plan = planOf({ policy: segregated(quick(200, 5)), limits: { largest } });
      return segregatedFit.owns(plan) ? plan.policy.quick : undefined;
    };
    expect(quickOf(1000)).toEqual({ lists: 26, largestBytes: 208, most: 5 });
    expect(quickOf(50)).toEqual({ lists: 7, largestBytes: 56, most: 5 });
  });

  test.each([
    [
      { policy: segregated({ coalesce: "deferred" }), boundaryTag: "prevSize" },
      'header.boundaryTag: boundary tag "prevSize": coalesce "deferred" never looks at neighbours, so nothing would read the tags',
    ],
    [
      { policy: sequential({ coalesce: "deferred" }), boundaryTag: "footer" },
      'header.boundaryTag: boundary tag "footer": coalesce "deferred" never looks at neighbours, so nothing would read the tags',
    ],
    [
      { policy: sequential(), links: { place: "slots" }, boundaryTag: "prevSize" },
      'header.boundaryTag: boundary tag "prevSize": a side table is walked to coalesce, so nothing would read the tags',
    ],
    [
      { policy: sequential(), links: { place: "slots", form: "double" } },
      'header.links.form: links of form "double": slots are singly linked',
    ],
    [
      { policy: sequential(), links: { form: "double" } },
      'header.links.form: links of form "double": without boundary tags nothing reads previous links',
    ],
    [
      { policy: sequential({ order: "lifo" }), links: { form: "single" } },
      'header.links.form: links of form "single": coalescing by boundary tags removes blocks from the middle of the list',
    ],
    [
      { policy: sequential({ order: "in-place", coalesce: "never", wilderness: "none" }) },
      'policy.order: found "in-place", but coalesce "never" does not coalesce freed blocks',
    ],
    [
      { policy: sequential({ order: "in-place", wilderness: "none" }), boundaryTag: "none" },
      'policy.order: found "in-place", but without boundary tags neighbours are found by walking the list',
    ],
    [
      { policy: sequential({ order: "in-place" }) },
      'policy.order: found "in-place", but a block that becomes part of the wilderness has no place in the list',
    ],
    [
      { policy: sequential({ order: "in-place", fit: "next", wilderness: "none" }) },
      'policy.order: found "in-place", but next fit\'s rover would follow each change of the list',
    ],
    [
      {
        policy: segregated({ quickLists: { upTo: bytes(64), most: 8 } }),
        fields: { size: { unit: "bytes" } },
        api: { walk: true },
        alignment: 4,
      },
      'header.fields.size.unit: unit "bytes": the 2 bits below a granule of 4 bytes do not hold 3 flags',
    ],
    [
      { policy: sequential({ order: "lifo", split: "by-neighbour" }) },
      'policy.split: found "by-neighbour", but the wilderness after the last block has no header that holds its size',
    ],
    [
      { policy: sequential({ split: "by-neighbour", wilderness: "none" }) },
      'policy.split: found "by-neighbour", but without boundary tags no header ends the heap',
    ],
    [
      { policy: sequential(), boundaryTag: "footer", fields: { prevSize: {} } },
      'header.fields.prevSize: field prevSize: the boundary tag is "footer"',
    ],
    [
      { policy: sequential(), fields: { prevFree: true } },
      'header.fields.prevFree: field prevFree: only the boundary tag "footer" reads it',
    ],
  ] satisfies [TestConfig, string][])("header-refused, for sequential fit: %o", (config, message) => {
    expect(refusal(config)).toBe(message);
  });
});
