/** Counters that no run makes large: set to what they hold after very many calls, they must count on. */
import type { Observation } from "./probe.js";
import type { ProbedHeap } from "./probed-heap.js";

/** Where each byte of a counter carries into the next, and the last word of all. */
const carrying = [0xff, 0xffff, 0xff_ffff, 0x7fff_ffff] as const;
/** More than any heap serves. */
const refused = 0xffff_ffff;

/** A counter of the control data. */
interface Counter {
  /** The value, and where it is set. */
  readonly word: DataView;
  /** As the calls so far left it. */
  restore(): void;
}

function counterIn({ guest, plan }: ProbedHeap, name: string): Counter | undefined {
  const field = plan.control.find((each) => each.name === name);
  if (field?.bytes !== 4 || !guest.has("malloc")) return undefined;
  const bytes = guest.bytes.subarray(field.offset, field.offset + field.bytes);
  const kept = bytes.slice();
  const word = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { word, restore: () => bytes.set(kept) };
}

const valueOf = ({ word }: Counter): number => word.getUint32(0, true);

/** "1 allocation and 0 frees", as counters of a word hold them. */
const counted = (allocations: number, frees: number): string =>
  `${allocations % 2 ** 32} allocations and ${frees % 2 ** 32} frees`;

/** One failed request more: the number of failures is as kept, plus 1. The heap is as before. */
export function* carriedFailure(heap: ProbedHeap): Iterable<Observation> {
  const { guest } = heap;
  const failures = counterIn(heap, "failures");
  if (failures === undefined) return;
  const { word } = failures;
  for (const before of carrying) {
    word.setUint32(0, before, true);
    const call = `malloc(${refused}) after ${before} failures`;
    yield { call, expected: "NULL", found: guest.tell(guest.call("malloc", refused), guest.describeAddress) };
    yield { call, expected: `${before + 1} failures`, found: `${word.getUint32(0, true)} failures` };
  }
  failures.restore();
}

/** One block more, given back at once, on both sides: what is counted of it goes on from any number. */
export function* carriedCounts(heap: ProbedHeap): Iterable<Observation> {
  const { guest, reference } = heap;
  const { usage } = reference;
  const [allocations, frees] = [counterIn(heap, "allocations"), counterIn(heap, "frees")];
  if (allocations === undefined || frees === undefined || usage === undefined) return;
  for (const before of [...carrying, 0xffff_ffff]) {
    const had = { allocations: usage.allocations, frees: usage.frees };
    allocations.word.setUint32(0, before, true);
    frees.word.setUint32(0, before, true);
    const call = `malloc(1) and free of it after ${before} of each`;
    const { payload } = reference.malloc(1, 0);
    const told = guest.call("malloc", 1);
    const expected = payload < 0 ? "NULL" : `offset ${payload}`;
    yield { call, expected, found: guest.tell(told, guest.describeAddress) };
    if (told.kind !== "returned") return;
    reference.free(payload);
    const freed = guest.call("free", told.result);
    yield { call, expected: "returns", found: guest.tell(freed, () => "returns") };
    const more = [usage.allocations - had.allocations, usage.frees - had.frees] as const;
    yield {
      call,
      expected: counted(before + more[0], before + more[1]),
      found: counted(valueOf(allocations), valueOf(frees)),
    };
  }
  allocations.word.setUint32(0, usage.allocations, true);
  frees.word.setUint32(0, usage.frees, true);
}
