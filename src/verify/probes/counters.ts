/** Counters that no run makes large: set to what they hold after very many calls, they must count on. */
import type { Observation } from "./probe.js";
import type { ProbedHeap } from "./probed-heap.js";

/** Where each byte of a counter carries into the next, and the last word of all. */
const carrying = [0xff, 0xffff, 0xff_ffff, 0x7fff_ffff] as const;
/** More than any heap serves. */
const refused = 0xffff_ffff;

/** One failed request more: the number of failures is as kept, plus 1. The heap is as before. */
export function* carriedFailure({ guest, plan }: ProbedHeap): Iterable<Observation> {
  const field = plan.control.find(({ name }) => name === "failures");
  if (field === undefined || !guest.has("malloc")) return;
  const { offset, bytes } = field;
  const word = guest.bytes.subarray(offset, offset + bytes);
  const view = new DataView(word.buffer, word.byteOffset, bytes);
  const kept = word.slice();
  for (const before of carrying) {
    if (bytes !== 4) break;
    view.setUint32(0, before, true);
    const call = `malloc(${refused}) after ${before} failures`;
    yield { call, expected: "NULL", found: guest.tell(guest.call("malloc", refused), guest.describeAddress) };
    yield { call, expected: `${before + 1} failures`, found: `${view.getUint32(0, true)} failures` };
  }
  word.set(kept);
}
