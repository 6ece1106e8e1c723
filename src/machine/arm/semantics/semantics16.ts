/** Semantics of 16-bit instructions; the tables are those of ARMv7-M ARM (Arm DDI 0403E), A5.2. */
import { field } from "../decode/encoding.js";
import { LR, PC, SP } from "../instruction.js";
import {
  binary,
  constant,
  difference,
  register,
  shifted,
  signExtended,
  sum,
  type BinaryOperation,
  type Expression,
  type FlagEffect,
  type Reversal,
  type Semantics,
  type Shift,
} from "../../semantics.js";

const other: Semantics = { kind: "other" };

export function narrowSemantics(encoding: number, at: number, covered: boolean): Semantics {
  const set = (target: number, value: Expression, flags?: FlagEffect): Semantics => ({
    kind: "set",
    register: target,
    value,
    ...(covered ? {} : { flags: flags ?? { result: value } }),
  });
  const low = (position: number): number => field(encoding, position, 3);
  if (encoding < 0x2000) return shiftOrAdd(encoding, set);
  if (encoding < 0x4000) {
    const target = low(8);
    const immediate = constant(encoding & 0xff);
    switch (field(encoding, 11, 2)) {
      case 0:
        return set(target, immediate);
      case 1:
        return { kind: "compare", flags: difference(register(target), immediate) };
      case 2:
        return withFlags(set, target, sum(register(target), immediate));
      default:
        return withFlags(set, target, difference(register(target), immediate));
    }
  }
  if (encoding < 0x4400) return dataProcessing(encoding, set);
  if (encoding < 0x4800) return highRegister(encoding, at);
  if (encoding < 0x5000) {
    const address = constant(((at + 4) & ~3) + 4 * (encoding & 0xff));
    return { kind: "load", register: low(8), address, bytes: 4 };
  }
  if (encoding < 0xa000) return loadOrStore(encoding);
  if (encoding < 0xa800) {
    return plain(low(8), constant(((at + 4) & ~3) + 4 * (encoding & 0xff)));
  }
  if (encoding < 0xb000) return plain(low(8), binary("add", register(SP), constant(4 * (encoding & 0xff))));
  if (encoding < 0xc000) return miscellaneous(encoding);
  if (encoding < 0xd000) return multiple(encoding);
  return other;
}

const plain = (target: number, value: Expression): Semantics => ({ kind: "set", register: target, value });

type Set = (target: number, value: Expression, flags?: FlagEffect) => Semantics;

const withFlags = (set: Set, target: number, flags: FlagEffect): Semantics =>
  set(target, flags.result, flags);

function shiftOrAdd(encoding: number, set: Set): Semantics {
  const target = field(encoding, 0, 3);
  const source = register(field(encoding, 3, 3));
  const amount = field(encoding, 6, 5);
  const shift = (by: Shift, least: number): Semantics =>
    withFlags(set, target, shifted(by, source, constant(amount === 0 ? least : amount)));
  switch (field(encoding, 11, 2)) {
    case 0:
      return shift("shl", 0);
    case 1:
      return shift("shr", 32);
    case 2:
      return shift("sar", 32);
    default: {
      const number = field(encoding, 6, 3);
      const right = encoding & 0x400 ? constant(number) : register(number);
      return withFlags(set, target, (encoding & 0x200 ? difference : sum)(source, right));
    }
  }
}

function dataProcessing(encoding: number, set: Set): Semantics {
  const target = field(encoding, 0, 3);
  const left = register(target);
  const right = register(field(encoding, 3, 3));
  const simple = (operation: BinaryOperation): Semantics => set(target, binary(operation, left, right));
  const shift = (by: Shift): Semantics => withFlags(set, target, shifted(by, left, right));
  const inverted = binary("xor", right, constant(0xffffffff));
  switch (field(encoding, 6, 4)) {
    case 0:
      return simple("and");
    case 1:
      return simple("xor");
    case 2:
      return shift("shl");
    case 3:
      return shift("shr");
    case 4:
      return shift("sar");
    case 5:
      return withFlags(set, target, sum(left, right, true));
    case 6:
      return withFlags(set, target, sum(left, inverted, true));
    case 7:
      return shift("rotate");
    case 8:
      return { kind: "compare", flags: { result: binary("and", left, right) } };
    case 9:
      return withFlags(set, target, difference(constant(0), right));
    case 10:
      return { kind: "compare", flags: difference(left, right) };
    case 11:
      return { kind: "compare", flags: sum(left, right) };
    case 12:
      return simple("or");
    case 13:
      return simple("mul");
    case 14:
      return set(target, binary("and", left, inverted));
    default:
      return set(target, inverted);
  }
}

function highRegister(encoding: number, at: number): Semantics {
  const target = field(encoding, 0, 3) | (field(encoding, 7, 1) << 3);
  const source = field(encoding, 3, 4);
  const value = source === PC ? constant(at + 4) : register(source);
  switch (field(encoding, 8, 2)) {
    case 0:
      return plain(target, binary("add", register(target), value));
    case 1:
      return { kind: "compare", flags: difference(register(target), value) };
    default:
      return plain(target, value);
  }
}

function loadOrStore(encoding: number): Semantics {
  const target = field(encoding, 0, 3);
  const base = register(field(encoding, 3, 3));
  const immediate = field(encoding, 6, 5);
  const access = (kind: "load" | "store", bytes: 1 | 2 | 4, offset: Expression, from = base, data = target) =>
    ({ kind, register: data, address: binary("add", from, offset), bytes }) as const;
  const isLoad = (encoding & 0x800) !== 0 ? "load" : "store";
  switch (encoding >>> 12) {
    case 5: {
      const offset = register(field(encoding, 6, 3));
      const forms = [
        ["store", 4],
        ["store", 2],
        ["store", 1],
        ["load", 1],
        ["load", 4],
        ["load", 2],
        ["load", 1],
        ["load", 2],
      ] as const;
      const number = field(encoding, 9, 3);
      const form = forms[number];
      if (form === undefined) return other;
      const plain = access(form[0], form[1], offset);
      return number === 3 || number === 7 ? { ...plain, isSigned: true } : plain;
    }
    case 6:
      return access(isLoad, 4, constant(4 * immediate));
    case 7:
      return access(isLoad, 1, constant(immediate));
    case 8:
      return access(isLoad, 2, constant(2 * immediate));
    default:
      return access(isLoad, 4, constant(4 * (encoding & 0xff)), register(SP), field(encoding, 8, 3));
  }
}

/** SXTH, SXTB, UXTH, UXTB. */
function extended(encoding: number): Expression {
  const source = register(field(encoding, 3, 3));
  const bits = (encoding & 0x40) !== 0 ? 8 : 16;
  return (encoding & 0x80) !== 0
    ? binary("and", source, constant(2 ** bits - 1))
    : signExtended(source, bits);
}

const reversals: readonly (Reversal | undefined)[] = ["bytes", "halves", undefined, "lowHalf"];

function miscellaneous(encoding: number): Semantics {
  const registersOf = (top: number): number[] => [
    ...[0, 1, 2, 3, 4, 5, 6, 7].filter((number) => (encoding & (1 << number)) !== 0),
    ...(encoding & 0x100 ? [top] : []),
  ];
  if (encoding >>> 8 === 0xb0) {
    const amount = constant(4 * (encoding & 0x7f));
    return plain(SP, binary(encoding & 0x80 ? "sub" : "add", register(SP), amount));
  }
  if (encoding >>> 8 === 0xb2) {
    return plain(field(encoding, 0, 3), extended(encoding));
  }
  if (encoding >>> 8 === 0xba) {
    const order = reversals[field(encoding, 6, 2)];
    if (order === undefined) return other;
    return plain(field(encoding, 0, 3), { kind: "reversed", order, of: register(field(encoding, 3, 3)) });
  }
  if (encoding >>> 9 === 0x5a) {
    const registers = registersOf(LR);
    const bytes = 4 * registers.length;
    return { kind: "storeMultiple", base: SP, registers, offset: -bytes, advance: -bytes };
  }
  if (encoding >>> 9 === 0x5e) {
    const registers = registersOf(PC);
    return { kind: "loadMultiple", base: SP, registers, offset: 0, advance: 4 * registers.length };
  }
  return other;
}

function multiple(encoding: number): Semantics {
  const base = field(encoding, 8, 3);
  const registers = [0, 1, 2, 3, 4, 5, 6, 7].filter((number) => (encoding & (1 << number)) !== 0);
  const isLoad = (encoding & 0x800) !== 0;
  const keepsBase = isLoad && registers.includes(base);
  const advance = keepsBase ? 0 : 4 * registers.length;
  return { kind: isLoad ? "loadMultiple" : "storeMultiple", base, registers, offset: 0, advance };
}
