/** The core's own cycle counter, for code that measures itself: what the cycle model has counted in the call so far. */
import type { CycleCounterFacts } from "../../machine/machine.js";
import { pageBytes } from "../image-regions.js";
import { Permission, type Processor } from "./processor.js";

const counterBytes = 4;
const everyAddress = { begin: 0, end: 0xffff_ffff };

/**
 * Maps the pages that the counter and the registers that start it are in.
 * @param countedBefore cycles of the call up to the instruction at an address
 */
export function mapCycleCounter(
  processor: Processor,
  { address, pages }: CycleCounterFacts,
  countedBefore: (pc: number) => number,
): void {
  let counter: DataView = new DataView(new ArrayBuffer(counterBytes));
  for (const page of pages) {
    const bytes = processor.map(page, pageBytes, Permission.read | Permission.write);
    const isHolder = address >= page && address < page + pageBytes;
    if (isHolder) counter = new DataView(bytes.buffer, bytes.byteOffset + address - page, counterBytes);
  }
  let reached = 0;
  if (!processor.isExact) processor.onInstruction(everyAddress, (at) => (reached = at));
  const now = (): number => countedBefore(processor.isExact ? processor.pc : reached);
  /** Cycles at which the counter was 0; of a write its value is seen at the next read. */
  let zero = 0;
  let written: number | undefined;
  processor.onAccess({ begin: address, end: address + counterBytes - 1 }, (_at, _bytes, direction) => {
    if (direction === "write") {
      written = now();
      return;
    }
    if (written !== undefined) zero = written - counter.getUint32(0, true);
    written = undefined;
    counter.setUint32(0, now() - zero, true);
  });
}
