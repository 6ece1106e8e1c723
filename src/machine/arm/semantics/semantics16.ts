/** Semantics of 16-bit instructions; the tables are those of ARMv7-M ARM (Arm DDI 0403E), A5.2. */
import { field } from "../decode/encoding.js";
import { LR, PC, SP } from "../instruction.js";
import {
  binary,
  constant,
  difference,
  register,
  type BinaryOperation,
  type Expression,
  type FlagEffect,
  type Semantics,
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
        return set(target, binary("add", register(target), immediate));
      default:
        return set(
          target,
          binary("sub", register(target), immediate),
          difference(register(target), immediate),
        );
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

function shiftOrAdd(encoding: number, set: Set): Semantics {
  const target = field(encoding, 0, 3);
  const source = register(field(encoding, 3, 3));
  const amount = field(encoding, 6, 5);
  switch (field(encoding, 11, 2)) {
    case 0:
      return set(target, binary("shl", source, constant(amount)));
    case 1:
      return set(target, binary("shr", source, constant(amount === 0 ? 32 : amount)));
    case 2:
      return set(target, binary("sar", source, constant(amount === 0 ? 32 : amount)));
    default: {
      const number = field(encoding, 6, 3);
      const right = encoding & 0x400 ? constant(number) : register(number);
      return encoding & 0x200
        ? set(target, binary("sub", source, right), difference(source, right))
        : set(target, binary("add", source, right));
    }
  }
}

function dataProcessing(encoding: number, set: Set): Semantics {
  const target = field(encoding, 0, 3);
  const left = register(target);
  const right = register(field(encoding, 3, 3));
  const simple = (operation: BinaryOperation): Semantics => set(target, binary(operation, left, right));
  const inverted = binary("xor", right, constant(0xffffffff));
  switch (field(encoding, 6, 4)) {
    case 0:
      return simple("and");
    case 1:
      return simple("xor");
    case 2:
      return simple("shl");
    case 3:
      return simple("shr");
    case 4:
      return simple("sar");
    case 8:
      return { kind: "compare", flags: { result: binary("and", left, right) } };
    case 9:
      return set(target, binary("sub", constant(0), right), difference(constant(0), right));
    case 10:
      return { kind: "compare", flags: difference(left, right) };
    case 11:
      return { kind: "compare", flags: { result: binary("add", left, right) } };
    case 12:
      return simple("or");
    case 13:
      return simple("mul");
    case 14:
      return set(target, binary("and", left, inverted));
    case 15:
      return set(target, inverted);
    default: // ADC, SBC, ROR
      return other;
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
      // Sign-extending loads are not described.
      const forms = [
        ["store", 4],
        ["store", 2],
        ["store", 1],
        undefined,
        ["load", 4],
        ["load", 2],
        ["load", 1],
        undefined,
      ] as const;
      const form = forms[field(encoding, 9, 3)];
      return form === undefined ? other : access(form[0], form[1], offset);
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

const extendMask = [undefined, undefined, 0xffff, 0xff] as const;

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
    const mask = extendMask[field(encoding, 6, 2)];
    if (mask === undefined) return other;
    return plain(field(encoding, 0, 3), binary("and", register(field(encoding, 3, 3)), constant(mask)));
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
