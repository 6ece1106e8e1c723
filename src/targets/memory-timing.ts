/** A target whose memory is slower than the core, as the user says it is. */
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { FlashTiming, RamTiming } from "../machine/cycle-model.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "./target.js";

export const mostWaitStates = 15;

export interface MemoryTiming {
  readonly flash: FlashTiming;
  readonly ram: RamTiming;
}

/**
 * The target with that memory. Its cycles are an estimate then: what a vendor's buffers and caches do, no core's manual says.
 * @throws AllocGenError, exit code 2: the model of the target's core has no wait states
 */
export function withMemoryTiming(target: Target, timing: MemoryTiming): Target {
  const { cycleModel } = target;
  const words = timingWords(timing);
  if (words === undefined) return target;
  const machine = machineOf(target);
  if (!machine.waitStateRules.includes(cycleModel.rules)) {
    const reason = `the cycle model of ${target.name} has none (those of ${machine.waitStateRules.join(", ") || "no core of its kind"} have)`;
    throw new AllocGenError(2, [diagnose("conflict", { found: words, reason }, { file: "--wait-states" })]);
  }
  // The error that was found on silicon is that of memory without wait states.
  const name = `${cycleModel.name.replace(/ \(.*\)$/, "")}, ${words}`;
  return { ...target, cycleModel: { ...cycleModel, ...timing, name, estimate: true } };
}

/** "flash with 2 wait states on lines of 16 B, prefetched"; undefined where nothing waits. */
function timingWords({ flash, ram }: MemoryTiming): string | undefined {
  const states = (count: number): string => `${count} wait ${count === 1 ? "state" : "states"}`;
  const slow = [
    ...(flash.waitStates === 0
      ? []
      : [
          `flash with ${states(flash.waitStates)} on lines of ${flash.lineBytes} B${flash.prefetch ? ", prefetched" : ""}`,
        ]),
    ...(ram.waitStates === 0 ? [] : [`RAM with ${states(ram.waitStates)}`]),
  ];
  return slow.length === 0 ? undefined : slow.join(", ");
}
