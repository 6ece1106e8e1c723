/** Fields of 32-bit encodings, and what the manual forbids in them. */
import { field, row } from "./encoding.js";
import type { EncodingRow } from "./encoding.js";
import { PC, SP } from "../instruction.js";
import type { Architecture, RegisterSet } from "../instruction.js";
import { set } from "./effects.js";

export const r32 = (
  pattern: string,
  effects: EncodingRow["effects"],
  since: Architecture = "ARMv7-M",
): EncodingRow => row(32, pattern, since, effects);

/** Where the register fields begin. */
export const at = { n: 16, t: 12, d: 8, m: 0 } as const;
export type RegisterField = keyof typeof at;

export const number = (encoding: number, which: RegisterField): number => field(encoding, at[which], 4);

/** The register of a field as a set; PC is none. */
export const one = (encoding: number, which: RegisterField): RegisterSet => set(number(encoding, which));

export const bit = (encoding: number, position: number): boolean => ((encoding >>> position) & 1) === 1;

/** Whether the fields hold neither SP nor PC: what most encodings ask, UNPREDICTABLE otherwise. */
export function general(encoding: number, fields: string): boolean {
  for (const which of fields) {
    const register = number(encoding, which as RegisterField);
    if (register === SP || register === PC) return false;
  }
  return true;
}

/** What an encoding means where it is one the manual defines. */
export const when = <Value>(defined: boolean, value: () => Value): Value | undefined =>
  defined ? value() : undefined;
