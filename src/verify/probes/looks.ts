/** The functions that look at a heap: what each must say follows from the reference's blocks. */
import { tagBits } from "../../header/facts.js";
import type { Block } from "../../reference/block.js";
import { checkDamage } from "./damage.js";
import { describeBool } from "./guest-heap.js";
import type { Look, Observation } from "./probe.js";
import { usableBytes, type ProbedHeap } from "./probed-heap.js";

/** Neither a block of the caller's nor one that waits for it. */
const isFree = ({ free, quick }: Block): boolean => free || quick;

const totalBytes = (blocks: readonly Block[]): number => blocks.reduce((sum, { size }) => sum + size, 0);

/** A tag as the header keeps it; 0 for a free block. */
const keptTag = ({ plan }: ProbedHeap, block: Block): number =>
  isFree(block) ? 0 : block.tag % 2 ** tagBits(plan.header);

const looks = (look: Look["look"]): Look => ({ kind: "looks", look });

const check: Look = { ...looks(checkSound), lookAtDamage: checkDamage };

function* checkSound(heap: ProbedHeap): Iterable<Observation> {
  const { guest } = heap;
  const where = guest.out(1);
  const told = guest.tell(guest.call("check", where.address), describeBool);
  yield { call: "check(&where)", expected: "true", found: told };
  yield { call: "*where", expected: "NULL", found: guest.describeAddress(where.read()[0] ?? 1) };
  yield { call: "check(NULL)", expected: "true", found: guest.tell(guest.call("check", 0), describeBool) };
}

/** Members of the structure, in its order. */
function statsOf(heap: ProbedHeap): readonly (readonly [string, number])[] {
  const { plan, reference } = heap;
  const blocks = heap.blocks();
  const free = blocks.filter(isFree);
  const used = blocks.filter((block) => !isFree(block));
  const untouched = plan.endOfBlocks - reference.wildernessStart();
  const largest = Math.max(untouched, ...free.map(({ size }) => size));
  const control = reference.control();
  const kept = (name: string): number => control.get(name)?.[0] ?? NaN;
  return [
    ["used_bytes", totalBytes(used)],
    ["used_blocks", used.length],
    ["free_blocks", free.length],
    ["peak_bytes", kept("peak_bytes")],
    ["failures", kept("failures")],
    ["largest_free", Math.max(0, largest - plan.header.bytes)],
  ];
}

const stats = looks(function* (heap): Iterable<Observation> {
  const { guest } = heap;
  const expected = statsOf(heap);
  const out = guest.out(expected.length + 1);
  const told = guest.tell(guest.call("stats", out.address), () => "returns");
  yield { call: "stats(&stats)", expected: "returns", found: told };
  const words = out.read();
  for (const [index, [name, value]] of expected.entries()) {
    yield { call: `stats.${name}`, expected: String(value), found: String(words[index]) };
  }
});

/** Members of the structure, in its order. */
function countersOf(heap: ProbedHeap): readonly (readonly [string, number])[] {
  const { plan, reference } = heap;
  const { usage } = reference;
  if (usage === undefined) throw new Error("the policy's reference counts nothing");
  const untouched = plan.endOfBlocks - reference.wildernessStart();
  return [
    ["free_bytes", totalBytes(heap.blocks().filter(isFree)) + untouched],
    ["least_free_bytes", plan.emptyBytes - usage.peak],
    ["allocations", usage.allocations],
    ["frees", usage.frees],
    ["failures", usage.failures],
  ];
}

const counters = looks(function* (heap): Iterable<Observation> {
  const { guest } = heap;
  const expected = countersOf(heap);
  const out = guest.out(expected.length + 1);
  const told = guest.tell(guest.call("counters", out.address), () => "returns");
  yield { call: "counters(&counters)", expected: "returns", found: told };
  const words = out.read();
  for (const [index, [name, value]] of expected.entries()) {
    yield { call: `counters.${name}`, expected: String(value), found: String(words[index]) };
  }
});

const taggedBytes = looks(function* (heap): Iterable<Observation> {
  const { guest, plan } = heap;
  const used = heap.blocks().filter((block) => !isFree(block));
  const limit = 2 ** tagBits(plan.header);
  const kept = new Set(used.map((block) => keptTag(heap, block)));
  for (const tag of new Set([0, 1, limit - 1, limit, ...[...kept].slice(0, 4)])) {
    const bytes = totalBytes(used.filter((block) => keptTag(heap, block) === tag));
    const found = guest.tell(guest.call("tagged_bytes", tag), String);
    // A tag that no header can hold is no block's.
    yield { call: `tagged_bytes(${tag})`, expected: String(bytes), found };
  }
});

const usableSize = looks(function* (heap): Iterable<Observation> {
  const { guest } = heap;
  const headerBytes = heap.plan.header.bytes;
  const usable = new Map(
    heap.blocks().map((block) => [block.start + headerBytes, usableBytes(heap.plan, block)]),
  );
  for (const { payload } of heap.live.values()) {
    const found = guest.tell(guest.call("usable_size", guest.address + payload), String);
    const expected = String(usable.get(payload));
    yield { call: `usable_size(offset ${payload})`, expected, found };
  }
  yield {
    call: "usable_size(NULL)",
    expected: "0",
    found: guest.tell(guest.call("usable_size", 0), String),
  };
});

/** Bytes of the structure that a visitor is given, its tag aside. */
const visitedBytes = 12;

const walk = looks(function* (heap): Iterable<Observation> {
  const { guest, plan } = heap;
  const hasTag = tagBits(plan.header) > 0;
  const headerBytes = plan.header.bytes;
  const expected = heap.blocks().map((block) => {
    const tag = hasTag ? `, tag ${keptTag(heap, block)}` : "";
    const use = isFree(block) ? "free" : "used";
    return `offset ${block.start + headerBytes}: ${block.size - headerBytes} bytes ${use}${tag}`;
  });
  const context = guest.caller.scratch.address + 64;
  let seen: string[] = [];
  let most = Infinity;
  const visit = guest.callback("walk", (block = 0, handed = 0) => {
    const view = guest.caller.memory(block, visitedBytes + (hasTag ? 4 : 0));
    const words = new Uint32Array(view.slice().buffer);
    const use = view[8] === 0 ? "free" : "used";
    const tag = hasTag ? `, tag ${words[3]}` : "";
    const other = handed === context ? "" : `, context 0x${handed.toString(16)}`;
    seen.push(`${guest.describeAddress(words[0] ?? 0)}: ${words[1]} bytes ${use}${tag}${other}`);
    return seen.length < most ? 1 : 0;
  });
  for (const stopAfter of [Infinity, 1, Math.ceil(expected.length / 2)]) {
    [seen, most] = [[], stopAfter];
    const call = most === Infinity ? "walk(visit)" : `walk(visit), ended by the visitor at block ${most}`;
    const wanted = expected.slice(0, most);
    const told = guest.tell(guest.call("walk", visit, context), () => "returns");
    yield { call, expected: "returns", found: told };
    yield { call, expected: `${wanted.length} blocks`, found: `${seen.length} blocks` };
    for (const [index, block] of wanted.entries()) {
      yield { call: `${call}, block ${index}`, expected: block, found: seen[index] ?? "nothing" };
    }
  }
});

const owns = looks(function* (heap): Iterable<Observation> {
  const { guest, plan } = heap;
  // Where init finds out how much there is, what is less than a granule at the end is nobody's.
  const size = plan.upTo === undefined ? plan.heapBytes : plan.endOfBlocks + plan.header.bytes;
  const end = guest.address + size;
  const places: readonly (readonly [string, number, boolean])[] = [
    ["NULL", 0, false],
    ["in front of the heap", guest.address - 1, false],
    ["its first byte", guest.address, true],
    ["in the middle", guest.address + Math.floor(size / 2), true],
    ["its last byte", end - 1, true],
    ["behind it", end, false],
    ["far below", 4, false],
    ["far above", 0xffff_fffc, false],
  ];
  for (const [what, address, is] of places) {
    yield {
      call: `owns(${what})`,
      expected: String(is),
      found: guest.tell(guest.call("owns", address), describeBool),
    };
  }
});

/** The largest request is served, and one byte more is not. */
const largestRequest: Look = {
  ...looks(function* (heap): Iterable<Observation> {
    const { guest, reference } = heap;
    const most = reference.largestRequest?.();
    if (most === undefined) throw new Error("the policy's reference knows no largest request");
    const found = guest.tell(guest.call("largest_request"), String);
    yield { call: "largest_request()", expected: String(most), found };
    const before = guest.caller.save();
    const told = (bytes: number): string =>
      guest.tell(guest.call("malloc", bytes), (payload) => (payload === 0 ? "NULL" : "a block"));
    if (most > 0) {
      yield { call: `malloc(${most}), the largest request`, expected: "a block", found: told(most) };
      guest.caller.restore(before);
    }
    const more = most + 1;
    yield { call: `malloc(${more}), more than the largest request`, expected: "NULL", found: told(more) };
    guest.caller.restore(before);
  }),
  mayMerge: (plan) => plan.rules.largestRequestMerges?.(plan) === true,
};

/** By their names in C, without the heap's. */
export const lookProbes = {
  check,
  stats,
  counters,
  tagged_bytes: taggedBytes,
  usable_size: usableSize,
  walk,
  owns,
  // It may merge blocks that the others should see unmerged: it is the last.
  largest_request: largestRequest,
} as const satisfies Readonly<Record<string, Look>>;
