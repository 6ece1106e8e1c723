/**
 * What objdump has a text for and the decoder must not know, each with its reason: other profiles, later versions of
 * the architecture, and what the manuals call UNPREDICTABLE or UNDEFINED while objdump does not.
 */
import { bareMnemonic } from "./mnemonics.js";
import { any, bits, high, like, named, parse, register } from "./parsed-line.js";
import type { Parsed, Refusal } from "./parsed-line.js";
import { floats, memory, system } from "./refused-transfers.js";
import type { Line } from "./disassembly.js";

const otherArchitectures: readonly Refusal[] = [
  {
    reason: "Advanced SIMD: none of the M profile",
    example: 0xf940000f,
    applies: any(like("111.1111 ........ ........ ........"), like("11111001 ...0.... ........ ........")),
  },
  {
    reason: "a coprocessor other than the floating-point unit: no core of ours has one",
    example: 0xecffa1ff,
    applies: (line) => like("111.11..")(line) && bits(line, 9, 3) !== 0b101,
  },
  {
    reason: "the second space of coprocessors, beside the floating-point instructions of FPv5",
    example: 0xfcdffb2c,
    applies: (line) => like("111111..")(line) && !/^v(sel|maxnm|minnm|rint|cvt)/.test(line.mnemonic),
  },
  {
    reason: "a coprocessor instruction on the numbers of the floating-point unit",
    example: 0xec557b53,
    applies: named("mcrr?2?|mrrc?2?|mrc2?|cdp2?|ldc2?l?|stc2?l?"),
  },
  {
    reason: "Advanced SIMD's moves and copies of bytes, halfwords and whole registers",
    example: 0xee000b30,
    applies: named("vdup|vmov.(s|u)?(8|16)"),
  },
  {
    reason:
      "ARMv8.1-M: loops, branch futures, conditional selection, pointer authentication, clearing of registers",
    example: 0xe89f000c,
    applies: named(
      "bf|bfl|bfx|bflx|bfcsel|le|letp|lctp|wls|wlstp|dls|dlstp|clrm|vscclrm|csel|cs(inc|inv|neg)|csetm?|c(inc|inv|neg)|autg|pacg|bxaut",
    ),
  },
  {
    reason: "A and R profiles: other states, exceptions, security, checksums, 64-bit exclusives",
    example: 0xb610,
    applies: named(
      "setend|setpan|hlt|hvc|smc|bxj|eret|rfe(db|ia)|srs(db|ia)|crc32c?[bhw]|(ld|st)(r|a|l)?exd|sb|tsb|dcps[0-3]",
    ),
  },
  {
    reason: "BLX to a label leaves Thumb state",
    example: 0xf710c0e0,
    applies: like("11110... ........ 11.0.... ........"),
  },
  {
    reason: "a 32-bit CPS is of the A and R profiles",
    example: 0xf3af8100,
    applies: (line) => line.wide && /^cps/.test(line.mnemonic),
  },
  {
    reason: "A and R profiles: SUBS PC, LR, a return from an exception",
    example: 0xf3de8f04,
    applies: like("11110011 1101.... 10.0.... ........"),
  },
];

const narrow: readonly Refusal[] = [
  { reason: "ADD PC, PC", example: 0x44ff, applies: ({ encoding }) => encoding === 0x44ff },
  {
    reason: "CMP of two low registers has another encoding; PC is not compared",
    example: 0x4500,
    applies: (line) =>
      like("01000101 ........")(line) && (bits(line, 6, 2) === 0 || /\bpc\b/.test(line.operands)),
  },
  {
    reason: "BX and BLX: low bits that should be zero, PC, and for another security state SP",
    example: 0x4701,
    applies: (line) =>
      like("01000111 ........")(line) &&
      (bits(line, 0, 2) !== 0 ||
        bits(line, 3, 4) === 15 ||
        (bits(line, 2, 1) === 1 && bits(line, 3, 4) === 13)),
  },
  {
    reason: "an empty list of registers",
    example: 0xb400,
    applies: ({ operands, wide }) => !wide && /\{\}/.test(operands),
  },
  {
    reason: "CPS of no mask, or of asynchronous aborts, which the M profile has not",
    example: 0xb660,
    applies: (line) => like("10110110 011.....")(line) && (bits(line, 2, 2) !== 0 || bits(line, 0, 2) === 0),
  },
  {
    reason: "an IT block of ALWAYS with an else",
    example: 0xbfe3,
    applies: ({ mnemonic, operands }) => /^itt*e/.test(mnemonic) && operands === "al",
  },
];

/** Instructions of results and operands alone. */
const isData = ({ kind, wide, operands }: Parsed): boolean =>
  wide &&
  (kind === "alu" ||
    kind === "multiply" ||
    kind === "multiplyLong" ||
    kind === "divide" ||
    (kind === "branchExchange" && /^pc,/.test(operands)));

/** The places where SP and PC are good: the stack pointer plus or minus something, MOV, CMP, ADR, TT. */
function allowsHigh({ mnemonic, parts }: Parsed): boolean {
  const [d = -1, n = -1, m = -1] = parts.map(register);
  const name = bareMnemonic(mnemonic);
  if (/^(addw?|subw?|adds|subs)$/.test(name)) {
    if (n === 13) return d !== 15 && !high(m);
    return n === 15 && !high(d) && /^(addw|subw)$/.test(name);
  }
  if (/^(cmp|cmn)$/.test(name)) return d === 13 && !high(n);
  if (/^tta?t?$/.test(name)) return !high(d) && n === 13;
  return name === "mov" && parts.length === 2 && n >= 0 && d !== 15 && n !== 15 && d !== n;
}

const data: readonly Refusal[] = [
  {
    reason: "SP or PC in data processing",
    example: 0xeb00000f,
    applies: (line) => isData(line) && line.parts.some((part) => high(register(part))) && !allowsHigh(line),
  },
  {
    reason: "SP plus or minus a register, to SP, shifts by 0 to 3 to the left alone",
    example: 0xeb0d1d00,
    applies: ({ mnemonic, operands }) =>
      /^(add|sub)s?\.w/.test(mnemonic) && /^sp, sp, \w+, (?!lsl #[123]$)/.test(operands),
  },
  {
    reason: "a byte of zero, repeated, as a constant",
    example: 0xf01b1000,
    applies: (line) => like("1111000. ........ 00...... 00000000")(line) && bits(line, 12, 2) !== 0,
  },
  {
    reason: "a bit field beyond bit 31 or that ends before it begins",
    example: 0xf36f6000,
    applies: ({ mnemonic, parts }) => {
      if (!/^([su]bfx|bf[ic])/.test(mnemonic)) return false;
      const [lowest = 0, width = 0] = parts.slice(-2).map((part) => parseInt(part.slice(1), 10));
      return width < 1 || width > 32 - lowest;
    },
  },
  {
    reason: "CLZ, RBIT and the reversals name their operand twice",
    example: 0xfab1f082,
    applies: (line) =>
      like("11111010 10.1.... 1111.... 10......")(line) && bits(line, 16, 4) !== bits(line, 0, 4),
  },
  {
    reason: "one register for both halves of a product",
    example: 0xfb800002,
    applies: ({ kind, parts: [low, up] }) => kind === "multiplyLong" && low === up,
  },
  {
    reason: "saturations and bit fields: bits that should be zero",
    example: 0xf3a4031f,
    applies: (line) =>
      /^([su]sat(16)?|[su]bfx|bf[ic])$/.test(line.mnemonic) &&
      (bits(line, 26, 1) === 1 ||
        bits(line, 5, 1) === 1 ||
        (/16$/.test(line.mnemonic) && bits(line, 4, 1) === 1)),
  },
];

export const refusals: readonly Refusal[] = [
  ...otherArchitectures,
  ...narrow,
  ...data,
  ...memory,
  ...system,
  ...floats,
];

/** Why the decoder must not know what stands in the line; undefined where it must. */
export function reasonToRefuse(line: Line): string | undefined {
  // objdump says so itself, in one of its ways.
  if (/undef|unpredictable|<und>|illegal|invalid|\?\?/i.test(line.mnemonic + line.operands + line.comment)) {
    return "objdump knows no such instruction";
  }
  const parsed = parse(line);
  return refusals.find(({ applies }) => applies(parsed))?.reason;
}
