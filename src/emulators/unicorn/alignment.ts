/** Accesses that must be aligned on every core, and that Unicorn makes unaligned without a word. */
import type { Code } from "../../machine/code.js";
import { LR, PC, SP } from "../../machine/arm/instruction.js";
import { UnicornRegister } from "./binding.js";
import type { UnicornProcessor } from "./binding.js";
import type { Place } from "./faults.js";

/** An access that the core would not make. */
export interface UnalignedAccess {
  readonly place: Place;
  readonly address: number;
  /** What it goes against: the end of a sentence. */
  readonly rule: string;
}

/**
 * Tell, and stop, before LDRD, STRD, LDM, STM or an exclusive access uses an unaligned address. Their offsets are
 * multiples of the alignment, so the base register says it all; SP and PC are aligned by the core. Costs time at these
 * instructions alone.
 */
export function watchAlignment(
  processor: UnicornProcessor,
  code: Code,
  tell: (found: UnalignedAccess) => void,
): void {
  for (const { instruction } of code.instructions()) {
    const { at, memory } = instruction;
    if (memory === undefined || memory.alignment === 1 || memory.base === SP || memory.base === PC) continue;
    const { alignment, base } = memory;
    const register = base === LR ? UnicornRegister.lr : UnicornRegister.r0 + base;
    processor.onInstruction({ begin: at, end: at }, () => {
      const address = processor.readRegister(register);
      if (address % alignment === 0) return;
      const rule = `the address must be a multiple of ${alignment}`;
      tell({ place: { pc: at, exact: true }, address, rule });
      processor.stop();
    });
  }
}
