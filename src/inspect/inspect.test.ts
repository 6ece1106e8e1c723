import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  seed,
  segregated,
  sequential,
  type TestConfig,
} from "../../emulator-tests/support/configs.js";
import { checkered, dumpOf, planOf, type Dumped } from "../../emulator-tests/support/dumps.js";
import type { Plan } from "../plan/plan.js";
import { inspect } from "./inspect.js";
import type { Damage, Inspection } from "./inspection.js";

function inspected({ plan: of, bytes }: Dumped): Inspection {
  return inspect(of, bytes);
}

const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
const configs: Readonly<Record<string, TestConfig>> = {
  "no flag in the header": { policy: sequential(), size: 1024 },
  footers: { policy: sequential({ order: "lifo" }), size: 1024 },
  "previous sizes": { policy: sequential({ order: "fifo" }), boundaryTag: "prevSize", size: 1024 },
  deferred: { policy: sequential({ fit: "next", coalesce: "deferred" }), size: 1024 },
  slots: { policy: seed, links: { place: "slots", slots: 12 }, size: 1024 },
  classes: { policy: segregated(), size: 1024 },
  "many classes": { policy: segregated({ subdivisions: 8 }), size: 1024 },
  "classes, previous sizes": { policy: segregated(), size: 1024, boundaryTag: "prevSize" },
  "a checksum": { policy: segregated(), size: 1024, fields: { tag: { bits: 4 }, checksum: { bits: 8 } } },
  "quick lists": { policy: segregated(quick(60)), size: 1024 },
  "quick lists, marked": { policy: segregated(quick()), size: 1024, api: { check: true } },
  "classes, deferred": { policy: segregated({ coalesce: "deferred" }), size: 1024 },
  "classes, every field": { policy: segregated(), size: 1024, fields: everyField },
};
/** Their blocks have no header, and all is told twice. */
const bounded: Readonly<Record<string, TestConfig>> = {
  "boundary bits": { policy: segregated(), boundaryTag: "bits", size: 1024 },
  "boundary bits, two levels": {
    policy: segregated({ subdivisions: 8 }),
    boundaryTag: "bits",
    size: 1024,
    alignment: 4,
  },
};
/** Their blocks have no header, and little is told twice. */
const headerless: Readonly<Record<string, TestConfig>> = {
  bits: { policy: bitmap(), size: 1024 },
  buddies: { policy: buddy(), size: 1024 },
  arena: { policy: bump(), size: 1024 },
  "arena, last in first out": { policy: bump("lifo"), size: 1024 },
  pools: { policy: pool([[48, 4], [128]]), size: 1024 },
  "pools, with bits": { policy: pool([[48, 4], [128]]), size: 1024, api: { check: true } },
  "pools, lazy": { policy: pool([[48, 4], [128]], { lazy: true }), size: 1024 },
};
const all = { ...configs, ...bounded, ...headerless };

describe("a sound dump", () => {
  test.each(Object.entries({ ...configs, ...bounded }))(
    "%s: the blocks of the reference, and no damage",
    (_name, config) => {
      const dumped = dumpOf(config, checkered);
      const { blocks, damage, totals, lost } = inspected(dumped);
      // Nobody has a block that waits.
      const expected = [...dumped.reference.blocks()].map((block) => ({
        ...block,
        free: block.free || block.quick,
      }));
      expect(damage).toEqual([]);
      expect(lost).toEqual([]);
      expect(blocks.map(({ offset, size, free }) => ({ start: offset, size, free }))).toEqual(
        expected.map(({ start, size, free }) => ({ start, size, free })),
      );
      const used = expected.filter(({ free }) => !free);
      expect(totals.usedBytes).toBe(used.reduce((sum, { size }) => sum + size, 0));
      expect(totals.usedBlocks).toBe(used.length);
    },
  );

  it("knows what was asked for, the tags, and the links", () => {
    const { blocks, tags, totals, lists } = inspected(
      dumpOf(configs["classes, every field"] as TestConfig, checkered),
    );
    const [first, second, third] = blocks;
    expect(first).toEqual({
      offset: 44,
      payload: 48,
      size: 48,
      free: false,
      labels: { requested: 40, tag: 5 },
    });
    expect(second).toEqual({ offset: 92, payload: 96, size: 56, free: true, list: 3 });
    expect(third).toMatchObject({ labels: { requested: 56, tag: 5 } });
    expect(totals.requestedBytes).toBe(40 + 56 + 72 + 88 + 104 + 120);
    const offsets = blocks.filter(({ free }) => !free).map(({ offset }) => offset);
    expect(tags).toEqual([{ tag: 5, blocks: 6, bytes: totals.usedBytes, offsets: offsets.toReversed() }]);
    expect(lists[0]).toEqual({ list: 3, from: 48, blocks: 1, bytes: 56, whole: true });
  });
});

/** Changes a 16-bit number of the dump. */
function poke({ bytes }: Dumped, offset: number, change: (value: number) => number): void {
  const view = new DataView(bytes.buffer);
  view.setUint16(offset, change(view.getUint16(offset, true)), true);
}

const brief = ({ kind, offset, what, found, expected }: Damage): string =>
  `${kind} at ${offset}: ${what}: found ${found}, expected ${expected}`;

describe("each fault is named with its place, what was found and what was expected", () => {
  interface Fault {
    readonly config: keyof typeof all;
    readonly break: (dumped: Dumped) => void;
    readonly damage: readonly string[];
  }
  /** Offsets are those that `checkered` leaves; a header has its size in granules from bit 3, prevFree, used. */
  const faults: Readonly<Record<string, Fault>> = {
    "a size that no block can have": {
      config: "classes",
      break: (dumped) => poke(dumped, 46, () => 0xffff),
      damage: ["size at 46: size of the block at 0x2e: found 1016, expected 8 to 976, a multiple of 8"],
    },
    "a free block's size": {
      config: "classes",
      break: (dumped) => poke(dumped, 94, () => 0),
      damage: [
        "link at 22: first of free list 5: found 96: 0x5e, where no block begins, expected a free block, or 0",
        "size at 94: size of the block at 0x5e, after the one in use at 0x2e: found 0, expected 8 to 928, a multiple of 8",
      ],
    },
    "a size that takes in the next block": {
      config: "classes",
      break: (dumped) => poke(dumped, 46, (value) => value + 56),
      damage: [
        "size at 46: size of the block at 0x2e: found 104, expected 48 at most: a block begins at 0x5e",
      ],
    },
    "a payload that ran over": {
      config: "classes",
      break: ({ bytes }) => bytes.fill(0x41, 54, 102),
      damage: [
        "link at 22: first of free list 5: found 96: 0x5e, where no block begins, expected a free block, or 0",
        "size at 94: size of the block at 0x5e, after the one in use at 0x2e: found 320, expected 120 at most: a block begins at 0xd6",
      ],
    },
    "a footer": {
      config: "classes",
      break: (dumped) => poke(dumped, 148, () => 0),
      damage: [
        "footer at 148: footer of the free block at 0x5e: found 0x0, expected 0x38: its size of 56, as in the header",
      ],
    },
    "what a header says of a free left neighbour": {
      config: "classes",
      break: (dumped) => poke(dumped, 150, (value) => value ^ 2),
      damage: [
        "prev-free at 150: prevFree of the header at 0x96: found 0, expected 1: the left neighbour is free",
      ],
    },
    "the size of the left neighbour": {
      config: "previous sizes",
      break: ({ bytes }) => bytes.fill(9, 63, 64),
      damage: [
        "prev-size at 63: prevSize of the header at 0x3e: found 72, expected 48, the left neighbour's size",
      ],
    },
    "a free block marked in use": {
      config: "classes",
      break: (dumped) => poke(dumped, 94, (value) => value ^ 1),
      damage: [
        "node-in-use at 22: first of free list 5: found the block at 0x5e, in use, expected a free block, or 0",
        "prev-free at 150: prevFree of the header at 0x96: found 1, expected 0: the left neighbour is in use",
      ],
    },
    "a quick list that leads nowhere": {
      config: "quick lists, marked",
      break: (dumped) => poke(dumped, 40, () => 120),
      damage: [
        "link at 40: first of quick list 0: found 120: 0x76, where no block begins, expected a block in a quick list, or 0",
      ],
    },
    "a quick list that leads to no place of a block": {
      config: "quick lists, marked",
      break: (dumped) => poke(dumped, 40, () => 3),
      damage: [
        "link at 40: first of quick list 0: found 3: not the offset of a block, expected a block in a quick list, or 0",
      ],
    },
    "a free block in a quick list": {
      config: "quick lists, marked",
      break: (dumped) => poke(dumped, 40, () => 384),
      damage: [
        "link at 40: first of quick list 0: found the block at 0x17e, free, expected a block in a quick list, or 0",
      ],
    },
    "a waiting block that does not say so": {
      config: "quick lists, marked",
      break: (dumped) => poke(dumped, 110, (value) => value ^ 4),
      damage: [
        "node-in-use at 52: first of quick list 6: found the block at 0x6e, in use, expected a block in a quick list, or 0",
      ],
    },
    "a quick list that comes back to itself": {
      config: "quick lists, marked",
      break: (dumped) => poke(dumped, 112, () => 112),
      damage: [
        "loop at 112: next of the quick-list block at 0x6e: found the block at 0x6e, visited before, expected a block in a quick list, or 0",
      ],
    },
    "a quick list that is lost": {
      config: "quick lists, marked",
      break: (dumped) => poke(dumped, 52, () => 0),
      damage: [
        "control at 58: quick_room of the control data: found 4, expected 5: 1 of 6 wait",
        "unlisted at 110: quick-list block at 0x6e: found in no quick list, expected in the quick list of its size",
      ],
    },
    "a block in the quick list of another size": {
      config: "quick lists, marked",
      break: (dumped) => {
        poke(dumped, 52, () => 0);
        poke(dumped, 40, () => 112);
      },
      damage: ["class at 110: block at 0x6e in quick list 0: found size 56, expected size 8"],
    },
    "a block marked free": {
      config: "classes, previous sizes",
      break: ({ bytes }) => void (bytes[46] = (bytes[46] ?? 0) ^ 1),
      damage: [
        "unlisted at 46: free block at 0x2e: found in no list, expected in list 5",
        "unmerged at 94: block at 0x5e: found free, like its left neighbour at 0x2e, expected one block: free neighbours are coalesced",
      ],
    },
    "a link that leads out of the heap": {
      config: "footers",
      break: (dumped) => poke(dumped, 64, () => 0x7777),
      damage: [
        "link at 64: next of the free block at 0x3e: found 30583: not the offset of a block, expected a free block, or 0",
      ],
    },
    "a list that comes back to itself": {
      config: "footers",
      break: (dumped) => poke(dumped, 64, () => 64),
      damage: [
        "loop at 64: next of the free block at 0x3e: found the block at 0x3e, visited before, expected a block that no list has yet, or 0",
      ],
    },
    "a link back": {
      config: "footers",
      break: (dumped) => poke(dumped, 66, () => 0),
      damage: [
        "back-link at 66: previous of the free block at 0x3e: found 0, expected 184: the block at 0xb6",
      ],
    },
    "a list out of its order": {
      config: "no flag in the header",
      break: (dumped) => {
        poke(dumped, 4, () => 184);
        poke(dumped, 184, () => 64);
        poke(dumped, 64, () => 336);
      },
      damage: [
        "order at 184: next in the list: found 0x3e, expected a block after 0xb6: the list is in address order",
      ],
    },
    "a bit of the summary": {
      config: "many classes",
      break: ({ bytes }) => void (bytes[7] = (bytes[7] ?? 0) ^ 0x80),
      damage: ["bitmap at 4: bit 0 of the summary: found 0, expected 1: word 0 of the bitmap is not 0"],
    },
    "a bit of the only word": {
      config: "classes",
      break: ({ bytes }) => void (bytes[4] = 0x01),
      damage: ["bitmap at 4: bit 31 of the non-empty lists: found 1, expected 0: there is no such list"],
    },
    "a bit of the bitmap": {
      config: "many classes",
      break: ({ bytes }) => void (bytes[12] = 0x01),
      damage: [
        "bitmap at 4: bit 1 of the summary: found 0, expected 1: word 1 of the bitmap is not 0",
        "bitmap at 12: bit 63 of the bitmap: found 1, expected 0: there is no such list",
      ],
    },
    "the start of the wilderness": {
      config: "footers",
      break: (dumped) => poke(dumped, 0, () => 1),
      damage: [
        "control at 0: start of the wilderness: found 1, expected 14 to 1022, in steps of 8",
        "size at 982: size of the block at 0x3d6, after the one in use at 0x356: found 856, expected 8 to 40, a multiple of 8",
      ],
    },
    "the list's last": {
      config: "previous sizes",
      break: (dumped) => poke(dumped, 6, () => 8),
      damage: ["control at 6: last of the control data: found 8, expected 736, the list's last node"],
    },
    "where next fit goes on": {
      config: "deferred",
      break: (dumped) => poke(dumped, 6, () => 3),
      damage: ["control at 6: rover of the control data: found 3, expected a node of the list, or 0"],
    },
    "a slot's size": {
      config: "slots",
      break: (dumped) => poke(dumped, 14, () => 1),
      damage: ["control at 14: granules of slot 1: found 1, expected 7, the size of the block at 0x87"],
    },
    "the stack of unused slots": {
      config: "slots",
      break: (dumped) => poke(dumped, 10, () => 1),
      damage: [
        "control at 10: stack of spare slots of the control data: found 1, expected a slot that is not in the list",
      ],
    },
    "a magic": {
      config: "classes, every field",
      break: ({ bytes }) => void (bytes[46] = (bytes[46] ?? 0) ^ 0x10),
      damage: ["magic at 44: magic of the block at 0x2c: found 0xa4, expected 0xa5"],
    },
    "more asked for than there is": {
      config: "classes, every field",
      break: ({ bytes }) => void (bytes[46] = (bytes[46] ?? 0) | 8),
      damage: [
        "requested at 44: requested of the block at 0x2c: found 552, expected 0 to 44, what the block holds",
      ],
    },
    "what is left of an arena": {
      config: "arena",
      break: (dumped) => poke(dumped, 0, (value) => value + 1),
      damage: ["control at 0: bytes left: found 9, expected 0 to 1016, a multiple of 8"],
    },
    "what was left before a block": {
      config: "arena, last in first out",
      break: (dumped) => poke(dumped, dumped.plan.endOfBlocks - 48, () => 0),
      damage: [
        "link at 974: bytes left before the block at 0x3ce: found 0, expected 976 to 1016, a multiple of 8",
      ],
    },
    "a block's last granule": {
      config: "bits",
      break: ({ bytes, plan: { control } }) => {
        const at = control.find(({ name }) => name === "last")?.offset ?? 0;
        bytes[at] = (bytes[at] ?? 0) & ~0x10;
      },
      damage: ["bitmap at 20: bit 4 of last: found 0, expected 1: the block at 0x28 ends there"],
    },
    "where the search of the bits begins": {
      config: "bits",
      break: ({ bytes, plan: { control } }) =>
        void (bytes[control.find(({ name }) => name === "searched")?.offset ?? 0] = 3),
      damage: [
        "control at 0: searched of the control data: found 3, expected 4 to 4: the words before them are all in use",
      ],
    },
    "the state of a buddy": {
      config: "buddies",
      break: ({ bytes, plan: { control } }) =>
        void (bytes[control.find(({ name }) => name === "state")?.offset ?? 0] = 0x7f),
      damage: [
        "size at 16: state of the block at 0x50: found 0x7f, expected an order below 6 whose blocks can begin there, with 0x80 when it is free",
        "link at 336: next of the free block at 0x150: found unit 0, expected a free block of its order, not visited before, or none",
      ],
    },
    "the bits of the buddies' lists": {
      config: "buddies",
      break: ({ bytes, plan: { control } }) => {
        const at = control.find(({ name }) => name === "filled")?.offset ?? 0;
        bytes[at + 3] = 0x80;
      },
      damage: ["bitmap at 0: bit 31 of nonempty: found 1, expected 0: there is no such list"],
    },
    "the list of a pool": {
      config: "pools",
      break: (dumped) => poke(dumped, 0, () => 3),
      damage: [
        "link at 0: first of free list 0: found 3: not a block of its class, expected a block of its class that was allocated before, or 0",
      ],
    },
    "a bit of a pool's block, and one of no block": {
      config: "pools, with bits",
      break: ({ bytes, plan: { control } }) => {
        const at = control.find(({ name }) => name === "used")?.offset ?? 0;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        bytes[at + 3] = (bytes[at + 3] ?? 0) | 0x80;
      },
      damage: [
        "bitmap at 0: bit of the block at 0x8: found 0: free, expected 1: the block is in no list",
        "bitmap at 0: bit 31 of used: found 1, expected 0: there is no such block",
      ],
    },
    "a list of a pool in a circle": {
      config: "pools",
      break: (dumped) => poke(dumped, 56, () => 7),
      damage: [
        "loop at 56: next of the free block at 0x38: found the block at 0x38, visited before, expected a block of its class that was allocated before, or 0",
      ],
    },
    "a list of a pool that leads to untouched blocks": {
      config: "pools, lazy",
      break: (dumped) => poke(dumped, 4, () => 1),
      damage: [
        "link at 0: first of free list 0: found the block at 0x38, never allocated, expected a block of its class that was allocated before, or 0",
      ],
    },
    "where the untouched blocks of a pool begin": {
      config: "pools, lazy",
      break: (dumped) => poke(dumped, 4, () => 2),
      damage: [
        "control at 4: first unused block of class 0: found 0x10, expected 0x8 to 0xc8, in steps of 48",
      ],
    },
    "the header after the last block": {
      config: "classes",
      break: (dumped) => poke(dumped, 1022, () => 8),
      damage: [
        "prev-free at 1022: prevFree of the header at 0x3fe: found 0, expected 1: the left neighbour is free",
        "end at 1022: header after the last block: found size 8, free, expected size 0, in use",
      ],
    },
  };
  test.each(Object.entries(faults))("%s", (_name, { config, break: damageIt, damage }) => {
    const dumped = dumpOf(all[config] as TestConfig, checkered);
    damageIt(dumped);
    expect(inspected(dumped).damage.map(brief)).toEqual(damage);
  });
});

/** Blocks, lost stretches, control data and untouched space tile the heap, whatever is in it. */
function expectTiled(of: Plan, { blocks, lost, untouched, damage }: Inspection): void {
  const pieces = [...blocks, ...lost, ...untouched].toSorted((left, right) => left.offset - right.offset);
  let at: number = of.firstBlock;
  for (const { offset, size } of pieces) {
    expect(offset).toBe(at);
    expect(size).toBeGreaterThan(0);
    at += size;
  }
  expect(at).toBe(of.endOfBlocks);
  for (const { offset, found, expected } of damage) {
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThan(of.heapBytes);
    expect(found).not.toBe(expected);
  }
}

describe.each(Object.entries(all))("any memory, %s", (_name, config) => {
  it("is inspected without a throw when it is random", () => {
    const planned = planOf(config);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: planned.heapBytes, maxLength: planned.heapBytes }), (bytes) => {
        expectTiled(planned, inspect(planned, bytes));
      }),
      { numRuns: 60 },
    );
  });

  it("is inspected without a throw when a heap was overwritten in places", () => {
    const dumped = dumpOf(config, checkered);
    const write = fc.tuple(fc.nat(dumped.plan.heapBytes - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }));
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 6 }), (writes) => {
        const bytes = dumped.bytes.slice();
        for (const [offset, data] of writes) bytes.set(data.subarray(0, bytes.length - offset), offset);
        expectTiled(dumped.plan, inspected({ ...dumped, bytes }));
      }),
      { numRuns: 60 },
    );
  });
});

test.each(Object.entries(configs))(
  "%s: blocks are found again behind one whose size is lost",
  (name, config) => {
    // A block whose list only the lost one leads to is told by what stands around it alone.
    const most = name.includes("classes") ? 1 : 0;
    const dumped = dumpOf(config, checkered);
    const sound = inspected(dumped).blocks.map(({ offset }) => offset);
    const size = dumped.plan.header.units.flatMap(({ offset, fields }) =>
      fields.filter(({ field }) => field.name === "size").map(() => offset),
    );
    for (const block of sound) {
      const bytes = dumped.bytes.slice();
      bytes.fill(0, block + (size[0] ?? 0), block + (size[0] ?? 0) + 2);
      const { blocks, damage } = inspected({ ...dumped, bytes });
      expect(damage).not.toEqual([]);
      const found = new Set(blocks.map(({ offset }) => offset));
      const lost = sound.filter((offset) => offset !== block && !found.has(offset));
      expect(lost.length).toBeLessThanOrEqual(most);
    }
  },
);

test("a bit that says otherwise than its block's list", () => {
  const dumped = dumpOf(headerless["pools, with bits"] as TestConfig, (heap) => {
    for (let left = 3; left > 0; left--) heap.malloc(40, 0);
  });
  const { control, firstBlock } = dumped.plan;
  const used = control.find(({ name }) => name === "used") ?? expect.fail("there are no bits");
  expect(inspected(dumped).damage).toEqual([]);
  // Blocks of 48 bytes begin 32 bytes apart or more: the second has bit 1, the fourth bit 4.
  dumped.bytes[used.offset] = (dumped.bytes[used.offset] ?? 0) ^ 0b10010;
  expect(inspected(dumped).damage).toEqual([
    {
      kind: "bitmap",
      offset: used.offset,
      what: `bit of the block at 0x${(firstBlock + 48).toString(16)}`,
      found: "0: free",
      expected: "1: the block is in no list",
      near: [firstBlock + 48],
    },
    {
      kind: "bitmap",
      offset: used.offset,
      what: `bit of the block at 0x${(firstBlock + 144).toString(16)}`,
      found: "1: in use",
      expected: "0: the block is free",
      near: [firstBlock + 144],
    },
  ]);
});
