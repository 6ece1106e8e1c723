/** Conditions by their numbers (ARMv7-M ARM, Arm DDI 0403E, table A7-1), as questions to the flags. */
import type { Condition as FlagCondition } from "../semantics.js";
import type { Condition } from "./instruction.js";

const tests = [
  ["zero", true], // EQ, NE
  ["below", false], // CS, CC
  ["negative", true], // MI, PL
  ["overflow", true], // VS, VC
  ["above", true], // HI, LS
  ["belowSigned", false], // GE, LT
  ["aboveSigned", true], // GT, LE
] as const satisfies readonly (readonly [FlagCondition["test"], boolean])[];

/** The question that a condition asks; undefined for the one that always holds. @param condition 0 (EQ) to 14 (always) */
export function flagCondition(condition: Condition): FlagCondition | undefined {
  const [test, holds] = tests[condition >> 1] ?? [];
  return test === undefined ? undefined : { test, holds: holds !== ((condition & 1) === 1) };
}

/** Whether a condition holds with the flags that xPSR has. @param condition 0 (EQ) to 14 (always) */
export function holds(condition: Condition, xpsr: number): boolean {
  const negative = (xpsr >>> 31) & 1;
  const zero = (xpsr >>> 30) & 1;
  const carry = (xpsr >>> 29) & 1;
  const overflow = (xpsr >>> 28) & 1;
  const base = [
    zero === 1,
    carry === 1,
    negative === 1,
    overflow === 1,
    carry === 1 && zero === 0,
    negative === overflow,
    negative === overflow && zero === 0,
    true,
  ][condition >>> 1];
  return (condition & 1) === 0 || condition === 15 ? base === true : base !== true;
}

/** Whether the instruction at hand executes, by the IT state in xPSR (Armv7-M ARM, B1.4.2) and its flags. */
export const executesUnderIt = (xpsr: number): boolean => holds((xpsr >>> 12) & 15, xpsr);
