/** Which functions the policies without headers refuse, word for word. */
import { describe, expect, test } from "vitest";
import {
  bitmap,
  buddy,
  bump,
  everyFunction,
  pool,
  testConfig,
  type TestConfig,
} from "../../emulator-tests/support/configs.js";
import type { Api } from "../config/config.js";
import { AllocGenError } from "../diagnostics.js";
import { makePlan } from "./make-plan.js";
import { loadTarget } from "../targets/load.js";

const every = everyFunction;

/** What the config is refused with, one diagnostic a line. */
function refusal(test: TestConfig): string {
  const config = testConfig({ api: every, ...test });
  try {
    makePlan(config, loadTarget(config.target));
  } catch (error) {
    if (error instanceof AllocGenError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("pool", () => {
  test("gives every function", () => {
    expect(refusal({ policy: pool([[64]]) })).toBe("accepted");
    expect(refusal({ policy: pool([[24, 9], [64, 8], [128]], { lazy: true, fallback: false }) })).toBe(
      "accepted",
    );
  });

  test("an atomic one cannot be looked at", () => {
    const reason = "an atomic pool has no lock, so its lists may change while they are read";
    expect(refusal({ policy: pool([[64]], { atomic: true }) }).split("\n")).toEqual([
      `api.walk: found true, but ${reason}`,
      `api.check: found true, but ${reason}`,
      `api.stats: found true, but ${reason}`,
      "api.counters: found true, but an atomic pool has no lock, under which calls could be counted",
    ]);
  });

  test("needs a class whose blocks have a larger alignment", () => {
    expect(refusal({ policy: pool([[24, 9], [40]]) })).toBe(
      "api.alignedAlloc: found true, but blocks of 24, 40 bytes are aligned to at most 8, which malloc already guarantees",
    );
    expect(refusal({ policy: pool([[24, 9], [48]]) })).toBe("accepted");
  });

  test("its blocks begin where they are aligned, and the heap with them", () => {
    const api = { ...every, counters: false };
    const config = testConfig({ policy: pool([[24, 9], [64, 8], [128]]), size: 4096, api });
    const { policy, heapAlignment, maximumAlignment } = makePlan(config, loadTarget(config.target));
    expect({ heapAlignment, maximumAlignment }).toEqual({ heapAlignment: 128, maximumAlignment: 128 });
    expect(policy).toMatchObject({
      classes: [
        { blockBytes: 24, start: 56, end: 272 },
        { blockBytes: 64, start: 320, end: 832 },
        { blockBytes: 128, start: 896, end: 4096 },
      ],
      usedBits: { shift: 4, words: 8 },
    });
  });
});

describe("buddy", () => {
  const planOf = (size: number, smallest = 16) => {
    const config = testConfig({ policy: buddy(smallest), size, api: every });
    return makePlan(config, loadTarget(config.target));
  };

  test("gives every function", () => {
    expect(refusal({ policy: buddy() })).toBe("accepted");
  });

  test.each([
    [4096, 128, 384],
    [8192, 512, 512],
    [32768, 2048, 2048],
    [65536, 4096, 4096],
  ])("in %i bytes alignments go to %i, and units begin at %i", (size, alignment, firstBlock) => {
    const { maximumAlignment, heapAlignment, firstBlock: first } = planOf(size);
    expect({ maximumAlignment, heapAlignment, first }).toEqual({
      maximumAlignment: alignment,
      heapAlignment: alignment,
      first: firstBlock,
    });
  });

  test("no more than a part in 32 is lost for them", () => {
    for (let size = 512; size <= 1 << 20; size = 8 * Math.ceil(size / 6)) {
      const { firstBlock, controlBytes } = planOf(size, 32);
      expect(firstBlock - controlBytes).toBeLessThanOrEqual(size / 32 + 32);
    }
  });
});

describe("bitmap", () => {
  test("gives every function", () => {
    expect(refusal({ policy: bitmap() })).toBe("accepted");
  });

  test("where allocations are aligned the heap begins at a granule's multiple", () => {
    const planOf = (api: Partial<Api>) => {
      const config = testConfig({ policy: bitmap(32), size: 4096, api });
      return makePlan(config, loadTarget(config.target));
    };
    expect(planOf({ alignedAlloc: true })).toMatchObject({ heapAlignment: 32, maximumAlignment: 512 });
    expect(planOf({ realloc: true })).toMatchObject({ heapAlignment: 8 });
  });
});

describe("bump", () => {
  test("gives every function where blocks are given back last-in first-out", () => {
    expect(refusal({ policy: bump("lifo") })).toBe("accepted");
  });

  test("what needs to know of blocks is refused where they are given back all at once", () => {
    const reason = 'an arena with release "all" does not store where its blocks begin; one with "lifo" does';
    expect(refusal({ policy: bump() }).split("\n")).toEqual([
      `api.realloc: found true, but ${reason}`,
      `api.usableSize: found true, but ${reason}`,
      `api.walk: found true, but ${reason}`,
    ]);
    expect(
      refusal({ policy: bump(), api: { calloc: true, alignedAlloc: true, check: true, stats: true } }),
    ).toBe("accepted");
  });
});
