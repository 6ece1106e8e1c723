/** Accesses that must be aligned on every core, and that Unicorn makes unaligned without a word. */
import type { Code } from "../../machine/code.js";
import type { Processor } from "./processor.js";
import type { RefusedAccess } from "./refused-access.js";

/**
 * Tell, and stop, before an access that must be aligned on every core (of a pair, of several words, exclusive) uses an
 * unaligned address. The offsets of such are multiples of the alignment, so the base register says it all. Costs time at
 * these instructions alone.
 */
export function watchAlignment(processor: Processor, code: Code, tell: (found: RefusedAccess) => void): void {
  for (const { instruction } of code.instructions()) {
    const { at, memory } = instruction;
    if (memory === undefined || memory.alignment === 1) continue;
    const { alignment, base } = memory;
    if ((code.machine.registers.aligned & (1 << base)) !== 0) continue;
    processor.onInstruction({ begin: at, end: at }, () => {
      const address = processor.readRegister(base);
      if (address % alignment === 0) return;
      const rule = `the address must be a multiple of ${alignment}`;
      tell({ cause: "unaligned-access", point: { pc: at, exact: true }, address, rule });
      processor.stop();
    });
  }
}
