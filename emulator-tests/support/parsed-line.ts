/** Questions to a line of objdump's, for lists of exceptions. */
import type { Line } from "./disassembly.js";
import { expectedKind } from "./mnemonics.js";
import { coreRegisters, split } from "./operands.js";

export interface Parsed extends Line {
  readonly kind: ReturnType<typeof expectedKind>;
  readonly parts: readonly string[];
  /** Both halfwords, the first one high; one halfword alone for 16 bits. */
  readonly encoding: number;
  readonly wide: boolean;
}

export type Condition = (line: Parsed) => boolean;

/** Lines that objdump has a text for and the decoder must not know. */
export interface Refusal {
  readonly reason: string;
  /** An encoding that it is about. */
  readonly example: number;
  readonly applies: Condition;
}

export function parse(line: Line): Parsed {
  const [first = 0, second] = line.halfwords;
  const encoding = second === undefined ? first : ((first << 16) | second) >>> 0;
  return {
    ...line,
    kind: expectedKind(line),
    parts: split(line.operands),
    encoding,
    wide: second !== undefined,
  };
}

/**
 * Whether the encoding begins with a pattern in the manual's notation: 0 and 1 are fixed, blanks group. A pattern is of
 * a 32-bit encoding where it begins as only those do.
 */
export function like(pattern: string): Condition {
  const known = likes.get(pattern) ?? compile(pattern);
  likes.set(pattern, known);
  return known;
}

const likes = new Map<string, Condition>();

function compile(pattern: string): Condition {
  const places = pattern.replaceAll(" ", "");
  const isWide = /^111(01|1|\.1)/.test(places);
  const width = isWide ? 32 : 16;
  const shift = 2 ** (width - places.length);
  const mask = parseInt(places.replaceAll("0", "1").replaceAll(/[^1]/g, "0"), 2) * shift;
  const value = parseInt(places.replaceAll(/[^1]/g, "0"), 2) * shift;
  return ({ encoding, wide }) => wide === isWide && (encoding & mask) >>> 0 === value;
}

/** Whether the mnemonic is one of these, whatever type or width follows after a dot. */
export function named(names: string): Condition {
  const pattern = new RegExp(`^(${names})(\\.|$)`);
  return ({ mnemonic }) => pattern.test(mnemonic);
}

export const any =
  (...conditions: readonly Condition[]): Condition =>
  (line) =>
    conditions.some((condition) => condition(line));

/** Bits [low, low + count) of the encoding. */
export const bits = ({ encoding }: Parsed, low: number, count: number): number =>
  (encoding >>> low) & (2 ** count - 1);

/** The core register that an operand is or begins with, 15 for PC; -1 where it is none. */
export function register(operand: string): number {
  const name = /^\w+/.exec(operand)?.[0] ?? "";
  if (name === "pc") return 15;
  return /^(r\d+|s[bpl]|fp|ip|lr)$/.test(name) ? 31 - Math.clz32(coreRegisters(name)) : -1;
}

/** Whether it is SP or PC. */
export const high = (number: number): boolean => number === 13 || number === 15;
