/** 16-bit Thumb encodings (ARMv8-M ARM, Arm DDI 0553, C2.3; the same in ARMv6-M and ARMv7-M but for CBZ and IT). */
import { countRegisters, field, row, signed } from "./encoding.js";
import type { EncodingRow, Meaning } from "./encoding.js";
import { LR, PC, SP, registers } from "./instruction.js";
import type { Architecture, Condition } from "./instruction.js";

const alu = (reads: number, writes: number, shifted = false): Meaning => ({
  kind: "alu",
  shifted,
  reads,
  writes,
});

const low = (encoding: number, at: number): number => 1 << field(encoding, at, 3);

const r16 = (
  pattern: string,
  meaning: EncodingRow["meaning"],
  since: Architecture = "ARMv6-M",
): EncodingRow => row(16, pattern, since, meaning);

/** Fields of the register forms: Rd or Rdn at bit 0, Rn or Rm at bit 3, a second Rm at bit 6. */
const shiftsAndImmediates: readonly EncodingRow[] = [
  r16("00011 0x mmmnnnddd", (e) => alu(low(e, 3) | low(e, 6), low(e, 0))),
  r16("00011 1x iiinnnddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("000xx iiiii mmm ddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("00100 ddd iiiiiiii", (e) => alu(0, low(e, 8))),
  r16("00101 nnn iiiiiiii", (e) => alu(low(e, 8), 0)),
  r16("0011x ddd iiiiiiii", (e) => alu(low(e, 8), low(e, 8))),
];

const dataProcessing: readonly EncodingRow[] = [
  r16("010000 1000 mmmnnn", (e) => alu(low(e, 0) | low(e, 3), 0)),
  r16("010000 1001 nnnddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("010000 101x mmmnnn", (e) => alu(low(e, 0) | low(e, 3), 0)),
  r16("010000 1101 nnnddd", (e) => ({
    kind: "multiply",
    accumulate: false,
    reads: low(e, 0) | low(e, 3),
    writes: low(e, 0),
  })),
  r16("010000 1111 mmmddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("010000 xxxx mmmddd", (e) => alu(low(e, 0) | low(e, 3), low(e, 0))),
];

/** ADD, CMP and MOV with high registers, and branches to a register. */
const highRegisters: readonly EncodingRow[] = [
  r16("010001 01 n mmmm nnn", (e) => alu((1 << high(e)) | (1 << field(e, 3, 4)), 0)),
  r16("010001 x0 d mmmm ddd", (e) => {
    const destination = high(e);
    const source = field(e, 3, 4);
    const reads = (1 << source) | (e & 0x200 ? 0 : 1 << destination);
    if (destination === PC) return { kind: "branchExchange", register: source, link: false, reads };
    return alu(reads, 1 << destination);
  }),
  r16("010001 11 0 mmmm xxx", (e) => exchange(e, false)),
  r16("010001 11 1 mmmm xxx", (e) => exchange(e, true)),
];

const high = (encoding: number): number => field(encoding, 0, 3) | (field(encoding, 7, 1) << 3);

function exchange(encoding: number, link: boolean): Meaning | undefined {
  const register = field(encoding, 3, 4);
  // The low bits are 100 for BXNS and BLXNS, of the Security Extension.
  const option = field(encoding, 0, 3);
  if (option !== 0 && option !== 4) return undefined;
  return {
    kind: "branchExchange",
    register,
    link,
    reads: 1 << register,
    writes: link ? registers(LR) : 0,
    since: option === 4 ? "ARMv8-M" : "ARMv6-M",
  };
}

function load(address: number, target: number, registerOffset: boolean): Meaning {
  return { kind: "load", loadsPc: false, address, registerOffset, reads: address, writes: target };
}

function store(address: number, source: number, registerOffset: boolean): Meaning {
  return { kind: "store", address, registerOffset, reads: address | source };
}

const loadsAndStores: readonly EncodingRow[] = [
  r16("01001 ttt iiiiiiii", (e) => load(0, low(e, 8), false)),
  r16("0101 000 mmmnnnttt", (e) => store(low(e, 3) | low(e, 6), low(e, 0), true)),
  r16("0101 001 mmmnnnttt", (e) => store(low(e, 3) | low(e, 6), low(e, 0), true)),
  r16("0101 010 mmmnnnttt", (e) => store(low(e, 3) | low(e, 6), low(e, 0), true)),
  r16("0101 xxx mmmnnnttt", (e) => load(low(e, 3) | low(e, 6), low(e, 0), true)),
  r16("011x 0 iiiiinnnttt", (e) => store(low(e, 3), low(e, 0), false)),
  r16("011x 1 iiiiinnnttt", (e) => load(low(e, 3), low(e, 0), false)),
  r16("1000 0 iiiiinnnttt", (e) => store(low(e, 3), low(e, 0), false)),
  r16("1000 1 iiiiinnnttt", (e) => load(low(e, 3), low(e, 0), false)),
  r16("1001 0 ttt iiiiiiii", (e) => store(registers(SP), low(e, 8), false)),
  r16("1001 1 ttt iiiiiiii", (e) => load(registers(SP), low(e, 8), false)),
];

const addresses: readonly EncodingRow[] = [
  r16("10100 ddd iiiiiiii", (e) => alu(0, low(e, 8))),
  r16("10101 ddd iiiiiiii", (e) => alu(registers(SP), low(e, 8))),
];

const miscellaneous: readonly EncodingRow[] = [
  r16("1011 0000 x iiiiiii", () => alu(registers(SP), registers(SP))),
  r16(
    "1011 x0i1 iiiiinnn",
    (e, address) => ({
      kind: "compareBranch",
      target: address + 4 + (field(e, 3, 5) << 1) + (field(e, 9, 1) << 6),
      reads: low(e, 0),
    }),
    "ARMv7-M",
  ),
  r16("1011 0010 xx mmmddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("1011 010 m rrrrrrrr", (e) => {
    const list = (e & 0xff) | (e & 0x100 ? registers(LR) : 0);
    if (list === 0) return undefined;
    return storeMultiple(SP, list, true);
  }),
  r16("1011 110 p rrrrrrrr", (e) => {
    const list = (e & 0xff) | (e & 0x100 ? registers(PC) : 0);
    if (list === 0) return undefined;
    return loadMultiple(SP, list, true);
  }),
  r16("1011 0110 011 x 00xx", () => ({ kind: "system" })),
  r16("1011 1010 10 xxxxxx", () => undefined),
  r16("1011 1010 xx mmmddd", (e) => alu(low(e, 3), low(e, 0))),
  r16("1011 1110 iiiiiiii", () => ({ kind: "trap" })),
  r16("1011 1111 xxxx 0000", (e) => (field(e, 4, 4) <= 4 ? { kind: "nop" } : undefined)),
  r16("1011 1111 cccc mmmm", (e) => ifThen(field(e, 4, 4), field(e, 0, 4)), "ARMv7-M"),
];

export function loadMultiple(base: number, list: number, writeBack: boolean): Meaning {
  const writes = list | (writeBack ? 1 << base : 0);
  const loadsPc = (list & registers(PC)) !== 0;
  return { kind: "loadMultiple", count: countRegisters(list), loadsPc, base, reads: 1 << base, writes };
}

export function storeMultiple(base: number, list: number, writeBack: boolean): Meaning {
  const reads = list | (1 << base);
  return {
    kind: "storeMultiple",
    count: countRegisters(list),
    base,
    reads,
    writes: writeBack ? 1 << base : 0,
  };
}

/** The lowest set bit of the mask ends the block; each bit above it replaces the low bit of the condition. */
function ifThen(first: Condition, mask: number): Meaning | undefined {
  if (first === 15) return undefined;
  const conditions: Condition[] = [first];
  for (let rest = mask; (rest & 7) !== 0; rest = (rest << 1) & 15) {
    conditions.push((first & 14) | ((rest >> 3) & 1));
  }
  return { kind: "it", conditions };
}

const multiplesAndBranches: readonly EncodingRow[] = [
  r16("1100 0 nnn rrrrrrrr", (e) =>
    (e & 0xff) === 0 ? undefined : storeMultiple(field(e, 8, 3), e & 0xff, true),
  ),
  r16("1100 1 nnn rrrrrrrr", (e) => {
    const base = field(e, 8, 3);
    if ((e & 0xff) === 0) return undefined;
    return loadMultiple(base, e & 0xff, (e & (1 << base)) === 0);
  }),
  r16("1101 111x iiiiiiii", () => ({ kind: "trap" })),
  r16("1101 cccc iiiiiiii", (e, address) => ({
    kind: "branchConditional",
    condition: field(e, 8, 4),
    target: (address + 4 + signed(field(e, 0, 8) << 1, 9)) >>> 0,
  })),
  r16("11100 iiiiiiiiiii", (e, address) => ({
    kind: "branch",
    target: (address + 4 + signed(field(e, 0, 11) << 1, 12)) >>> 0,
  })),
];

export const encodings16: readonly EncodingRow[] = [
  ...shiftsAndImmediates,
  ...dataProcessing,
  ...highRegisters,
  ...loadsAndStores,
  ...addresses,
  ...miscellaneous,
  ...multiplesAndBranches,
];
