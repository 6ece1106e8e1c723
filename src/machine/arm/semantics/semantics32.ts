/** Semantics of 32-bit instructions; the tables are those of ARMv7-M ARM (Arm DDI 0403E), A5.3. */
import { field } from "../decode/encoding.js";
import { PC } from "../instruction.js";
import { halfParts, packed, saturatedParts } from "./lanes.js";
import { registerSemantics } from "./semantics-register.js";
import {
  binary,
  carry,
  constant,
  difference,
  inverted,
  register,
  signExtended,
  sum,
  type CarryEffect,
  type Expression,
  type FlagEffect,
  type Semantics,
  type Shift,
} from "../../semantics.js";

const other: Semantics = { kind: "other" };

export function wideSemantics(encoding: number, at: number): Semantics {
  const high = encoding >>> 25;
  if (high === 0b1110100) return multipleOrDual(encoding, at);
  if (high === 0b1110101) {
    const operand = shifted(encoding);
    return dataProcessing(encoding, operand);
  }
  if (encoding >>> 27 === 0b11110 && (encoding & 0x8000) === 0) {
    if ((encoding & (1 << 25)) === 0) {
      return dataProcessing(encoding, modifiedImmediate(encoding));
    }
    return plainImmediate(encoding, at);
  }
  if (high === 0b1111100) return single(encoding, at);
  if (high === 0b1111101) return registerSemantics(encoding);
  return other;
}

const target = (encoding: number): number => field(encoding, 8, 4);
const base = (encoding: number): number => field(encoding, 16, 4);
const second = (encoding: number): number => field(encoding, 0, 4);

/** The second operand of a data-processing instruction, and the carry that the shifter gives; absent: as before. */
interface Operand {
  readonly value: Expression;
  readonly carry?: CarryEffect;
}

/** Through the shifter. */
function shifted(encoding: number): Operand {
  const amount = (field(encoding, 12, 3) << 2) | field(encoding, 6, 2);
  const of = register(second(encoding));
  const by = (kind: Shift, places: number): Operand => ({
    value: binary(kind, of, constant(places)),
    carry: { kind: "shift", by: kind, of, amount: constant(places) },
  });
  switch (field(encoding, 4, 2)) {
    case 0:
      return amount === 0 ? { value: of } : by("shl", amount);
    case 1:
      return by("shr", amount === 0 ? 32 : amount);
    case 2:
      return by("sar", amount === 0 ? 32 : amount);
    default:
      return amount === 0
        ? // RRX
          {
            value: binary("or", binary("shl", carry, constant(31)), binary("shr", of, constant(1))),
            carry: { kind: "shift", by: "shr", of, amount: constant(1) },
          }
        : by("rotate", amount);
  }
}

/** ThumbExpandImm_C (A5.3.2): what is rotated gives its highest bit as the carry. */
function modifiedImmediate(encoding: number): Operand {
  const value = constant(expanded(encoding));
  const isRotated = field(encoding, 26, 1) === 1 || field(encoding, 14, 1) === 1;
  if (!isRotated) return { value };
  return { value, carry: { kind: "constant", value: expanded(encoding) >>> 31 === 1 ? 1 : 0 } };
}

function expanded(encoding: number): number {
  const value = field(encoding, 0, 8);
  const control = (field(encoding, 26, 1) << 4) | (field(encoding, 12, 3) << 1) | field(encoding, 7, 1);
  switch (control >>> 1) {
    case 0:
      return value;
    case 1:
      return (value << 16) | value;
    case 2:
      return (value << 24) | (value << 8);
    case 3:
      return (value << 24) | (value << 16) | (value << 8) | value;
    default: {
      const unrotated = value | 0x80;
      return (unrotated >>> control) | (unrotated << (32 - control));
    }
  }
}

/** `operand` is the modified immediate or the shifted register. */
function dataProcessing(encoding: number, { value: operand, carry: shifterCarry }: Operand): Semantics {
  const left = register(base(encoding));
  const setsFlags = (encoding & (1 << 20)) !== 0;
  const isCompare = target(encoding) === PC && setsFlags;
  const noLeft = base(encoding) === PC;
  const give = (value: Expression, flags: FlagEffect): Semantics => {
    if (isCompare) return { kind: "compare", flags };
    return { kind: "set", register: target(encoding), value, ...(setsFlags ? { flags } : {}) };
  };
  const result = (value: Expression): Semantics =>
    give(value, { result: value, ...(shifterCarry === undefined ? {} : { carry: shifterCarry }) });
  const arithmetic = (flags: FlagEffect): Semantics => give(flags.result, flags);
  switch (field(encoding, 21, 4)) {
    case 0:
      return result(binary("and", left, operand));
    case 1:
      return result(binary("and", left, inverted(operand)));
    case 2:
      return result(noLeft ? operand : binary("or", left, operand));
    case 3:
      return result(noLeft ? inverted(operand) : binary("or", left, inverted(operand)));
    case 4:
      return result(binary("xor", left, operand));
    case 8:
      return arithmetic(sum(left, operand));
    case 10:
      return arithmetic(sum(left, operand, true));
    case 11:
      return arithmetic(sum(left, inverted(operand), true));
    case 13:
      return arithmetic(difference(left, operand));
    case 14:
      return arithmetic(difference(operand, left));
    case 6: // PKHBT, and PKHTB, whose shift is to the right
      return result(field(encoding, 5, 1) === 0 ? packed(left, operand) : packed(operand, left));
    default:
      return other;
  }
}

/** ADDW, SUBW, MOVW, MOVT, SSAT, USAT, SSAT16, USAT16, SBFX, UBFX, BFI and BFC. */
function plainImmediate(encoding: number, at: number): Semantics {
  const twelve = (field(encoding, 26, 1) << 11) | (field(encoding, 12, 3) << 8) | field(encoding, 0, 8);
  const left = base(encoding) === PC ? constant((at + 4) & ~3) : register(base(encoding));
  const set = (value: Expression): Semantics => ({ kind: "set", register: target(encoding), value });
  const own = register(target(encoding));
  const lowBit = (field(encoding, 12, 3) << 2) | field(encoding, 6, 2);
  const mask = (bits: number): number => (bits >= 32 ? 0xffffffff : 2 ** bits - 1);
  switch (field(encoding, 20, 5)) {
    case 0:
      return set(binary("add", left, constant(twelve)));
    case 10:
      return set(binary("sub", left, constant(twelve)));
    case 4:
      return set(constant((base(encoding) << 12) | twelve));
    case 12: {
      const upper = constant(((base(encoding) << 12) | twelve) << 16);
      return set(binary("or", binary("and", own, constant(0xffff)), upper));
    }
    case 16:
    case 18:
    case 24:
    case 26: {
      const isSigned = (encoding & (1 << 23)) === 0;
      const bits = field(encoding, 0, 5) + (isSigned ? 1 : 0);
      const isRight = (encoding & (1 << 21)) !== 0;
      if (isRight && lowBit === 0) return set(saturatedParts(halfParts(left), bits, isSigned));
      const of = binary(isRight ? "sar" : "shl", left, constant(lowBit));
      return set({ kind: "saturated", of, bits, isSigned });
    }
    case 20: {
      const bits = field(encoding, 0, 5) + 1;
      return set(signExtended(binary("shr", left, constant(lowBit)), bits));
    }
    case 28: {
      const bits = field(encoding, 0, 5) + 1;
      return set(binary("and", binary("shr", left, constant(lowBit)), constant(mask(bits))));
    }
    case 22: {
      const bits = field(encoding, 0, 5) - lowBit + 1;
      if (bits <= 0) return other;
      const place = constant(mask(bits) << lowBit);
      const kept = binary("and", own, inverted(place));
      if (base(encoding) === PC) return set(kept);
      return set(binary("or", kept, binary("and", binary("shl", left, constant(lowBit)), place)));
    }
    default:
      return other;
  }
}

function single(encoding: number, at: number): Semantics {
  const bytes = ([1, 2, 4] as const)[field(encoding, 21, 2)];
  const kind = (encoding & (1 << 20)) !== 0 ? "load" : "store";
  const isSigned = (encoding & (1 << 24)) !== 0;
  const data = field(encoding, 12, 4);
  if (bytes === undefined || (data === PC && bytes !== 4)) return other;
  const from = base(encoding);
  const sign = isSigned ? { isSigned } : {};
  if (from === PC) {
    const offset = field(encoding, 0, 12);
    const address = constant(((at + 4) & ~3) + (encoding & (1 << 23) ? offset : -offset));
    return kind === "load" ? { kind, register: data, address, bytes, ...sign } : other;
  }
  const plain = (offset: Expression): Semantics => ({
    kind,
    register: data,
    address: binary("add", register(from), offset),
    bytes,
    ...sign,
  });
  if (encoding & (1 << 23)) return plain(constant(field(encoding, 0, 12)));
  if ((encoding & 0x800) === 0) {
    return plain(binary("shl", register(second(encoding)), constant(field(encoding, 4, 2))));
  }
  const offset = constant((encoding & 0x200 ? 1 : -1) * field(encoding, 0, 8));
  const moved = binary("add", register(from), offset);
  const address = encoding & 0x400 ? moved : register(from);
  const writeBack = encoding & 0x100 ? { writeBack: { register: from, value: moved } } : {};
  return { kind, register: data, address, bytes, ...sign, ...writeBack };
}

/** LDM, STM and LDRD, STRD without or with write-back. */
function multipleOrDual(encoding: number, at: number): Semantics {
  const isLoad = (encoding & (1 << 20)) !== 0;
  const kind = isLoad ? "loadMultiple" : "storeMultiple";
  const writesBack = (encoding & (1 << 21)) !== 0;
  const from = base(encoding);
  if ((encoding & (1 << 22)) === 0) {
    const registers = Array.from({ length: 16 }, (_, number) => number).filter(
      (number) => (encoding & (1 << number)) !== 0,
    );
    const bytes = 4 * registers.length;
    const descends = field(encoding, 23, 2) === 2;
    const advance = writesBack ? (descends ? -bytes : bytes) : 0;
    return { kind, base: from, registers, offset: descends ? -bytes : 0, advance };
  }
  const isDual = (encoding & ((1 << 24) | (1 << 21))) !== 0;
  if (!isDual) return exclusiveOrTable(encoding, at);
  const distance = 4 * field(encoding, 0, 8) * (encoding & (1 << 23) ? 1 : -1);
  const registers = [field(encoding, 12, 4), field(encoding, 8, 4)];
  const offset = encoding & (1 << 24) ? distance : 0;
  const fixed = from === PC ? { fixed: (at + 4) & ~3 } : {};
  return { kind, base: from, ...fixed, registers, offset, advance: writesBack ? distance : 0 };
}

/** LDREX, STREX, LDA, STL, LDAEX and STLEX with their forms for bytes and halfwords; TBB and TBH. */
function exclusiveOrTable(encoding: number, at: number): Semantics {
  const from = register(base(encoding));
  const data = field(encoding, 12, 4);
  // TT and its like have the place of a store of PC.
  if (data === PC && !isLoad(encoding)) return other;
  if ((encoding & (1 << 23)) === 0) {
    const address = binary("add", from, constant(4 * field(encoding, 0, 8)));
    const access = { kind: "exclusive", register: data, address, bytes: 4 } as const;
    return isLoad(encoding) ? access : { ...access, status: target(encoding) };
  }
  const form = field(encoding, 4, 4);
  if (isLoad(encoding) && form < 2) return table(encoding, at);
  const bytes = ([1, 2, 4] as const)[form & 3];
  if (bytes === undefined || (form < 8 && bytes === 4)) return other;
  if (form >= 8 && form < 12)
    return { kind: isLoad(encoding) ? "load" : "store", register: data, address: from, bytes };
  const access = { kind: "exclusive", register: data, address: from, bytes } as const;
  return isLoad(encoding) ? access : { ...access, status: second(encoding) };
}

const isLoad = (encoding: number): boolean => (encoding & (1 << 20)) !== 0;

function table(encoding: number, at: number): Semantics {
  const from = base(encoding) === PC ? constant(at + 4) : register(base(encoding));
  const index = register(second(encoding));
  const isHalf = (encoding & 0x10) !== 0;
  return {
    kind: "table",
    address: binary("add", from, isHalf ? binary("shl", index, constant(1)) : index),
    bytes: isHalf ? 2 : 1,
  };
}
