/** 32-bit loads and stores (ARMv7-M ARM, Arm DDI 0403E, A5.3.5 to A5.3.10; ARMv8-M ARM, Arm DDI 0553, C2.3.3, C2.3.7). */
import { countRegisters, field, onBaseline } from "./encoding.js";
import type { EncodingRow, Effects } from "./encoding.js";
import { bit, general, number, one, r32, when } from "./fields32.js";
import { LR, PC, SP, registers } from "../instruction.js";
import type { RegisterSet } from "../instruction.js";
import { alu, load, loadMultiple, set, store, storeMultiple } from "./effects.js";
import type { Addressing, Width } from "./effects.js";

/** The W bit of multiple and dual transfers. */
const writesBack = (encoding: number): boolean => bit(encoding, 21);

/** At least two registers, no SP, and a base that is not written twice. */
function multiple(encoding: number, isLoad: boolean): Effects | undefined {
  const base = number(encoding, "n");
  const list = field(encoding, 0, 16);
  const clash = writesBack(encoding) && (list & (1 << base)) !== 0;
  const leavesTwice = (list & registers(LR, PC)) === registers(LR, PC);
  if (base === PC || countRegisters(list) < 2 || clash || leavesTwice) return undefined;
  return (isLoad ? loadMultiple : storeMultiple)(base, list, writesBack(encoding));
}

const multiples: readonly EncodingRow[] = [
  r32("1110100 01 0 w 1 nnnn rr0r rrrrrrrrrrrr", (e) => multiple(e, true)),
  r32("1110100 10 0 w 1 nnnn rr0r rrrrrrrrrrrr", (e) => multiple(e, true)),
  r32("1110100 01 0 w 0 nnnn 0r0r rrrrrrrrrrrr", (e) => multiple(e, false)),
  r32("1110100 10 0 w 0 nnnn 0r0r rrrrrrrrrrrr", (e) => multiple(e, false)),
];

/** LDREX and LDA and their like; `address` is Rn, alone or with an offset. */
function ordered(
  elementBytes: Width,
  direction: "read" | "write",
  encoding: number,
  status: RegisterSet,
): Effects {
  const base = number(encoding, "n");
  const data = one(encoding, "t");
  return {
    kind: "exclusive",
    reads: one(encoding, "n") | (direction === "write" ? data : 0),
    writes: direction === "write" ? status : data,
    memory: { direction, elementBytes, elements: 1, base, alignment: elementBytes },
  };
}

const ordinaryBase = (encoding: number): boolean => number(encoding, "n") !== PC;

const orderedLoad = (elementBytes: Width, encoding: number): Effects | undefined =>
  when(ordinaryBase(encoding) && general(encoding, "t"), () => ordered(elementBytes, "read", encoding, 0));

/** STL and its like, which give no status. */
const orderedStore = (elementBytes: Width, encoding: number): Effects | undefined =>
  when(ordinaryBase(encoding) && general(encoding, "t"), () => ordered(elementBytes, "write", encoding, 0));

/** The register of the status, in field d or m, is neither the address nor the data. */
function exclusiveStore(elementBytes: Width, encoding: number, status: "d" | "m"): Effects | undefined {
  const result = number(encoding, status);
  const apart = result !== number(encoding, "n") && result !== number(encoding, "t");
  return when(ordinaryBase(encoding) && general(encoding, `t${status}`) && apart, () =>
    ordered(elementBytes, "write", encoding, one(encoding, status)),
  );
}

function tableBranch(encoding: number, elementBytes: 1 | 2): Effects | undefined {
  const base = number(encoding, "n");
  return when(base !== SP && general(encoding, "m"), () => ({
    kind: "tableBranch",
    reads: one(encoding, "n") | one(encoding, "m"),
    memory: { direction: "read", elementBytes, elements: 1, base, alignment: 1 },
  }));
}

/** TT, TTT, TTA and TTAT ask the memory protection about an address and touch no memory. */
const testTarget = (encoding: number): Effects | undefined =>
  when(ordinaryBase(encoding) && general(encoding, "d"), () => alu(one(encoding, "n"), one(encoding, "d")));

const exclusives: readonly EncodingRow[] = [
  onBaseline(r32("1110100101111111 1110100101111111", () => ({ kind: "system" }), "ARMv8-M")),
  onBaseline(r32("111010000100 nnnn 1111 dddd xx000000", testTarget, "ARMv8-M")),
  onBaseline(r32("111010000100 nnnn tttt dddd iiiiiiii", (e) => exclusiveStore(4, e, "d"))),
  onBaseline(r32("111010000101 nnnn tttt 1111 iiiiiiii", (e) => orderedLoad(4, e))),
  r32("111010001101 nnnn 11110000 0000 mmmm", (e) => tableBranch(e, 1)),
  r32("111010001101 nnnn 11110000 0001 mmmm", (e) => tableBranch(e, 2)),
  onBaseline(r32("111010001100 nnnn tttt 1111 0100 dddd", (e) => exclusiveStore(1, e, "m"))),
  onBaseline(r32("111010001100 nnnn tttt 1111 0101 dddd", (e) => exclusiveStore(2, e, "m"))),
  onBaseline(r32("111010001101 nnnn tttt 1111 0100 1111", (e) => orderedLoad(1, e))),
  onBaseline(r32("111010001101 nnnn tttt 1111 0101 1111", (e) => orderedLoad(2, e))),
  onBaseline(r32("111010001100 nnnn tttt 1111 1000 1111", (e) => orderedStore(1, e), "ARMv8-M")),
  onBaseline(r32("111010001100 nnnn tttt 1111 1001 1111", (e) => orderedStore(2, e), "ARMv8-M")),
  onBaseline(r32("111010001100 nnnn tttt 1111 1010 1111", (e) => orderedStore(4, e), "ARMv8-M")),
  onBaseline(r32("111010001100 nnnn tttt 1111 1100 dddd", (e) => exclusiveStore(1, e, "m"), "ARMv8-M")),
  onBaseline(r32("111010001100 nnnn tttt 1111 1101 dddd", (e) => exclusiveStore(2, e, "m"), "ARMv8-M")),
  onBaseline(r32("111010001100 nnnn tttt 1111 1110 dddd", (e) => exclusiveStore(4, e, "m"), "ARMv8-M")),
  onBaseline(r32("111010001101 nnnn tttt 1111 1x00 1111", (e) => orderedLoad(1, e), "ARMv8-M")),
  onBaseline(r32("111010001101 nnnn tttt 1111 1x01 1111", (e) => orderedLoad(2, e), "ARMv8-M")),
  onBaseline(r32("111010001101 nnnn tttt 1111 1x10 1111", (e) => orderedLoad(4, e), "ARMv8-M")),
];

/** Offsets (P = 1), with write-back (W = 1) or after the access (P = 0, W = 1). */
const duals: readonly EncodingRow[] = [
  r32("1110100 0 x11 l nnnn tttt dddd iiiiiiii", (e) => pair(e)),
  r32("1110100 1 x1w l nnnn tttt dddd iiiiiiii", (e) => pair(e)),
];

function pair(encoding: number): Effects | undefined {
  const isLoad = bit(encoding, 20);
  const base = number(encoding, "n");
  const data = one(encoding, "t") | one(encoding, "d");
  const same = number(encoding, "t") === number(encoding, "d");
  const clash = writesBack(encoding) && (base === PC || (data & (1 << base)) !== 0);
  if (!general(encoding, "td") || clash || (isLoad ? same : base === PC)) return undefined;
  const address = one(encoding, "n");
  const writeBack = writesBack(encoding) ? address : 0;
  const memory = { elementBytes: 4, elements: 2, base, alignment: 4 } as const;
  return isLoad
    ? {
        kind: "loadPair",
        address,
        reads: address,
        writes: data | writeBack,
        memory: { direction: "read", ...memory },
      }
    : {
        kind: "storePair",
        address,
        reads: address | data,
        writes: writeBack,
        memory: { direction: "write", ...memory },
      };
}

/** How a single transfer addresses; undefined where the second halfword is none of the forms. */
interface Form {
  readonly addressing: Addressing;
  /** LDRT, STRT and their like. */
  readonly unprivileged: boolean;
}

/** Offsets: 12 bits; or 8 bits with P, U and W; or a register shifted by 0 to 3. */
function formOf(encoding: number): Form | undefined {
  const base = number(encoding, "n");
  if (base === PC || bit(encoding, 23)) return { addressing: { base }, unprivileged: false };
  if (field(encoding, 6, 6) === 0) {
    const index = number(encoding, "m");
    return when(general(encoding, "m"), () => ({ addressing: { base, index }, unprivileged: false }));
  }
  // Neither an offset nor an update; and the 8-bit forms alone have bit 11.
  if (!bit(encoding, 11) || (!bit(encoding, 10) && !bit(encoding, 8))) return undefined;
  const writeBack = bit(encoding, 8);
  if (writeBack && base === number(encoding, "t")) return undefined;
  return { addressing: { base, writeBack }, unprivileged: field(encoding, 8, 3) === 6 };
}

const widths: readonly Width[] = [1, 2, 4];
const widthOf = (encoding: number): Width | undefined => widths[field(encoding, 21, 2)];

/** Whether Rt may be this: SP for words, PC for words that are loaded; neither without privilege. */
function definesData(encoding: number, width: Width, unprivileged: boolean): boolean {
  if (general(encoding, "t")) return true;
  // A branch through a literal that is not aligned.
  if (number(encoding, "t") === PC && number(encoding, "n") === PC && (encoding & 3) !== 0) return false;
  const isStore = !bit(encoding, 20);
  return width === 4 && !unprivileged && !(isStore && number(encoding, "t") === PC);
}

function single(encoding: number): Effects | undefined {
  const width = widthOf(encoding);
  const form = formOf(encoding);
  if (width === undefined || form === undefined) return undefined;
  const isLoad = bit(encoding, 20);
  // Sign extension is for loads of less than a word; a store has no literal.
  if (bit(encoding, 24) && (!isLoad || width === 4)) return undefined;
  if (!isLoad && form.addressing.base === PC) return undefined;
  if (isLoad && width < 4 && number(encoding, "t") === PC) return hint(form);
  if (!definesData(encoding, width, form.unprivileged)) return undefined;
  return (isLoad ? load : store)(width, number(encoding, "t"), form.addressing);
}

/** PLD, PLI and the places kept for more of them: a byte or halfword "loaded" into PC. */
function hint({ addressing, unprivileged }: Form): Effects | undefined {
  if (addressing.writeBack === true || unprivileged) return undefined;
  return {
    kind: "nop",
    reads: set(addressing.base) | (addressing.index === undefined ? 0 : set(addressing.index)),
  };
}

const singles: readonly EncodingRow[] = [r32("1111100 s u xx l nnnn tttt xxxxxxxxxxxx", single)];

export const memoryEncodings: readonly EncodingRow[] = [...multiples, ...exclusives, ...duals, ...singles];
