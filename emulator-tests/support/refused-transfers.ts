/** What the decoder must not know, continued: loads and stores, system instructions, floating point. */
import { any, bits, high, like, named, register } from "./parsed-line.js";
import type { Parsed, Refusal } from "./parsed-line.js";

const isMultiple = ({ kind, wide }: Parsed): boolean =>
  wide && (kind === "loadMultiple" || kind === "storeMultiple");

export const memory: readonly Refusal[] = [
  {
    reason:
      "LDM and STM: fewer than two registers, SP, LR with PC, PC stored, PC as the base, a base written twice",
    example: 0xe8900001,
    applies: (line) => {
      if (!isMultiple(line)) return false;
      const list = bits(line, 0, 16);
      const base = bits(line, 16, 4);
      const writeBack = bits(line, 21, 1) === 1;
      return (
        (list & (list - 1)) === 0 ||
        (list & (1 << 13)) !== 0 ||
        (list & 0xc000) === 0xc000 ||
        (line.kind === "storeMultiple" && list >= 0x8000) ||
        base === 15 ||
        (writeBack && ((list >>> base) & 1) === 1)
      );
    },
  },
  {
    reason: "LDRD and STRD: SP or PC, one register twice, a base written twice, a store near PC",
    example: 0xe9d10000,
    applies: (line) => {
      const { kind, parts } = line;
      if (kind !== "loadPair" && kind !== "storePair") return false;
      const [first = -1, second = -1] = parts.map(register);
      const base = bits(line, 16, 4);
      const writeBack = bits(line, 21, 1) === 1;
      return (
        high(first) ||
        high(second) ||
        (kind === "loadPair" && first === second) ||
        (kind === "storePair" && base === 15) ||
        (writeBack && (base === 15 || base === first || base === second))
      );
    },
  },
  {
    reason:
      "exclusive and ordered accesses: SP or PC as data, PC as the base, a status that is also data or base",
    example: 0xe8407f48,
    applies: (line) => {
      if (line.kind !== "exclusive") return false;
      const registers = line.parts.filter((part) => !part.startsWith("[")).map(register);
      const base = bits(line, 16, 4);
      const isStatus = /^st(r|l)ex/.test(line.mnemonic);
      return (
        registers.some(high) ||
        base === 15 ||
        (isStatus && (registers[0] === base || registers[0] === registers[1]))
      );
    },
  },
  {
    reason: "table branches: SP as the base, SP or PC as the index",
    example: 0xe8d4f00f,
    applies: ({ kind, operands }) => kind === "tableBranch" && /^\[sp|, (sp|pc)\b/.test(operands),
  },
  {
    reason:
      "single accesses: SP or PC as data, but words in their place; as an index; a base that is also loaded",
    example: 0xf8c0fff0,
    applies: singleRefused,
  },
  {
    reason: "a register offset: the bits between it and the second opcode are zero",
    example: 0xf80040f0,
    applies: (line) =>
      like("1111100. 0....... ....0... ........")(line) && bits(line, 16, 4) !== 15 && bits(line, 6, 5) !== 0,
  },
  {
    reason: "a branch through a literal that is not aligned",
    example: 0xf8dff001,
    applies: (line) => like("1111100. .1011111 1111")(line) && bits(line, 0, 2) !== 0,
  },
  {
    reason: "stores near PC",
    example: 0xf80f0f08,
    applies: ({ kind, operands, wide }) => wide && kind === "store" && /\[pc/.test(operands),
  },
];

function singleRefused(line: Parsed): boolean {
  const { kind, wide, mnemonic, operands, parts } = line;
  const isHint = kind === "nop" && /\[/.test(operands);
  if (!wide || (kind !== "load" && kind !== "store" && !isHint)) return false;
  if (/\[\w+, (sp|pc)\b/.test(operands)) return true;
  const base = bits(line, 16, 4);
  const updates = /\](!|, #)/.test(operands);
  // With PC as the base there is neither an update nor a lack of privilege: objdump's T is an offset's bit.
  const unprivileged =
    base !== 15 &&
    (/t$/.test(mnemonic) || (isHint && bits(line, 23, 1) === 0 && bits(line, 8, 4) === 0b1110));
  if (isHint) return updates || unprivileged;
  const data = register(parts[0] ?? "");
  const isWord = /^(ldr|str)(\.|t|$)/.test(mnemonic);
  const allowed = isWord && !unprivileged && !(kind === "store" && data === 15);
  return (high(data) && !allowed) || (updates && base === data);
}

const specials = new Set([
  ...[0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20],
  ...[0x88, 0x89, 0x8a, 0x8b, 0x90, 0x91, 0x93, 0x94, 0x98],
]);

export const system: readonly Refusal[] = [
  {
    reason:
      "MRS and MSR: a special register that is none, SP or PC, a mask without its use, bits that should be zero",
    example: 0xf3808100,
    applies: (line) => {
      if (!/^m(rs|sr)$/.test(line.mnemonic)) return false;
      const isRead = line.mnemonic === "mrs";
      const mask = bits(line, 10, 2);
      const special = bits(line, 0, 8);
      return (
        !specials.has(special) ||
        high(bits(line, isRead ? 8 : 16, 4)) ||
        (!isRead && (mask === 0 || (mask !== 2 && special > 3))) ||
        !any(like("11110011 11101111 1000.... ........"), like("11110011 1000.... 1000..00 ........"))(line)
      );
    },
  },
];

const isFloat = ({ mnemonic, wide }: Parsed): boolean => wide && mnemonic.startsWith("v");

export const floats: readonly Refusal[] = [
  {
    reason: "D16 to D31: the M profile has half as many registers",
    example: 0xed504bfd,
    applies: (line) => isFloat(line) && /\bd(1[6-9]|[23]\d)\b/.test(line.operands),
  },
  {
    reason: "FLDMX and FSTMX: deprecated, of a format that no core has",
    example: 0xed25fb07,
    applies: named("f(ld|st)m(ia|db)x"),
  },
  {
    reason: "a list of floating-point registers that is empty or goes beyond the last",
    example: 0xecfa8a50,
    applies: (line) => {
      if (!/^v(ldm|stm|push|pop)/.test(line.mnemonic)) return false;
      const words = bits(line, 0, 8);
      const first =
        bits(line, 8, 1) === 1
          ? 2 * (bits(line, 12, 4) | (bits(line, 22, 1) << 4))
          : 2 * bits(line, 12, 4) + bits(line, 22, 1);
      return words === 0 || first + words > 32;
    },
  },
  {
    reason: "PC as the base of floating-point transfers other than VLDR",
    example: 0xed0ffb96,
    applies: (line) => /^v(ldm|stm|str)|^vl(st|ld)m/.test(line.mnemonic) && bits(line, 16, 4) === 15,
  },
  {
    reason:
      "VMOV, VMRS and VMSR: SP or PC, one register twice, S31 with the next, another register than FPSCR, bits that should be zero",
    example: 0xee1f6b13,
    applies: moveRefused,
  },
  {
    reason: "fixed point with more bits of fraction than bits",
    example: 0xeebf5a6f,
    applies: ({ mnemonic, operands }) => /^vcvt/.test(mnemonic) && /#-/.test(operands),
  },
  {
    reason: "VCMP with zero: bits that should be zero",
    example: 0xeeb50a41,
    applies: (line) => /^vcmpe?\./.test(line.mnemonic) && /#0/.test(line.operands) && bits(line, 0, 4) !== 0,
  },
];

function moveRefused(line: Parsed): boolean {
  const { mnemonic, operands, parts } = line;
  if (!/^(vmov|vmrs|vmsr)/.test(mnemonic)) return false;
  const registers = parts.map(register).filter((number) => number >= 0);
  const toFlags = /^APSR_nzcv/.test(operands);
  if (registers.length === 0 && !toFlags) return false;
  if (registers.some(high)) return true;
  if (parts.length > 2) {
    const toCore = bits(line, 20, 1) === 1;
    const isDouble = bits(line, 8, 1) === 1;
    return (
      (toCore && registers[0] === registers[1]) ||
      (!isDouble && bits(line, 0, 4) === 15 && bits(line, 5, 1) === 1)
    );
  }
  if (/^vm(rs|sr)/.test(mnemonic) && bits(line, 16, 4) !== 1) return true;
  return (
    bits(line, 0, 4) !== 0 ||
    bits(line, 5, 2) !== 0 ||
    (/^vm(rs|sr)/.test(mnemonic) && bits(line, 7, 1) !== 0) ||
    (bits(line, 23, 1) === 1 && !/^vm(rs|sr)/.test(mnemonic))
  );
}
