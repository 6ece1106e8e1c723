/** Interrupts of the M profile (ARMv7-M ARM, Arm DDI 0403E, B1.4.3 and B1.5.4). */
import type { CallerState, InterruptFacts } from "../interrupts.js";
import { armInstruction } from "./instruction.js";

/** UC_ARM_REG_PRIMASK and UC_ARM_REG_BASEPRI of arm.h. */
const registers = [
  { name: "PRIMASK", unicornId: 123 },
  { name: "BASEPRI", unicornId: 124 },
] as const;

const open: CallerState = { name: "with interrupts let in", masks: [0, 0] };
const closed: CallerState = { name: "with PRIMASK set", masks: [1, 0] };

/** Any priority, for a lock that has none: what a lock by PRIMASK must leave alone. */
const someBasepri = 0x40;

const basepriState = (value: number): CallerState => ({
  name: `with BASEPRI at 0x${value.toString(16)}`,
  masks: [0, value],
});

export const interrupts: InterruptFacts = {
  registers,
  takes: ([primask = 0, basepri = 0], priority) => primask === 0 && (basepri === 0 || priority < basepri),
  callerStates: (architecture, priority) => {
    if (architecture === "ARMv6-M" || architecture === "ARMv8-M Baseline") return [open, closed];
    // Less urgent than the lock's, the same, more urgent.
    const values =
      priority === undefined ? [someBasepri] : [Math.min(priority + 0x10, 0xff), priority, priority >>> 1];
    const sections = [...new Set(values)].filter((value) => value > 0).map(basepriState);
    return [open, closed, ...sections];
  },
  exclusive: (instruction) => {
    const { kind, memory, writes } = armInstruction(instruction);
    if (kind !== "exclusive" || memory === undefined) return undefined;
    if (memory.direction === "read") return { kind: "load" };
    // A store-release gives no status.
    return writes === 0 ? undefined : { kind: "store", status: 31 - Math.clz32(writes) };
  },
};
