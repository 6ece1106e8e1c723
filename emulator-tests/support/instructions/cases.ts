/** Instructions one or a few at a time, with drawn operands, registers and flags: what engines are held against each other by. */
import { decode, isWide } from "../../../src/machine/arm/decode/decoder.js";
import { encodings32 } from "../../../src/machine/arm/decode/decoder32.js";
import { hasInstruction, LR, SP, type CoreArchitecture } from "../../../src/machine/arm/instruction.js";
import { semanticsOf } from "../../../src/machine/arm/semantics/semantics.js";
import type { Random } from "../../../src/traces/random.js";
import { slotAddress, slots, until, type Places } from "./places.js";

export interface Registers {
  /** R0 to R14. */
  readonly values: readonly number[];
  /** N, Z, C and V in bits 3 to 0. */
  readonly flags: number;
}

/** Instructions as halfwords, and what they begin with. */
export interface Case {
  readonly halfwords: readonly number[];
  readonly before: Registers;
}

/** Values where sums, shifts and comparisons turn. */
const corners = [0, 1, 2, 31, 32, 33, 255, 256, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

function drawWord(random: Random, { data }: Places): number {
  switch (random.below(4)) {
    case 0:
      return corners[random.below(corners.length)] ?? 0;
    case 1:
      return random.below(64);
    case 2: // An address of data, most often aligned.
      return data + 256 + (random.chance(0.8) ? 4 * random.below(512) : random.below(2048));
    default:
      return random.below(2 ** 32);
  }
}

function drawRegisters(random: Random, places: Places, slot: number): Registers {
  const values = Array.from({ length: 15 }, () => drawWord(random, places));
  values[SP] = places.data + 512 + 4 * random.below(256);
  // Where a branch to a register goes that is allowed.
  values[LR] = slotAddress(places, slot) + until + 1;
  const flags = random.below(16);
  return { values, flags: (flags & 12) === 12 ? flags & 7 : flags };
}

/** One in each slot. @param all as halfwords */
export const inSlots = (
  all: readonly (readonly number[])[],
  random: Random,
  places: Places,
): readonly Case[] =>
  all.slice(0, slots).map((halfwords, slot) => ({ halfwords, before: drawRegisters(random, places, slot) }));

/** Whether one instruction is executed here: the core has it, it is described, and goes on to the next one. */
function isTried(architecture: CoreArchitecture, first: number, second: number): boolean {
  const found = decode(0, first, second);
  if (found.kind === "unknown" || found.kind === "it" || found.flow.kind !== "next") return false;
  // Hints may wait for an event that never comes; exclusive accesses are tried in pairs.
  if (found.kind === "nop") return false;
  const { kind } = semanticsOf(found, false);
  return kind !== "other" && kind !== "exclusive" && hasInstruction(architecture, found);
}

export function setsStack(first: number, second: number): boolean {
  const found = decode(0, first, second);
  return found.kind !== "unknown" && (found.writes & (1 << SP)) !== 0;
}

/** Of 16-bit encodings a share, of each row of the 32-bit tables so many. */
export function drawForms(
  random: Random,
  architecture: CoreArchitecture,
  { share, each }: { readonly share: number; readonly each: number },
): readonly (readonly number[])[] {
  const narrow = Array.from({ length: 0xe800 }, (_, encoding) => [encoding]).filter(
    ([first = 0]) => isTried(architecture, first, 0) && random.chance(share),
  );
  const wide = encodings32.flatMap(({ mask, value }) =>
    Array.from({ length: each }, () => {
      const encoding = ((random.below(2 ** 32) & ~mask) | value) >>> 0;
      return [encoding >>> 16, encoding & 0xffff];
    }),
  );
  return [
    ...narrow,
    ...wide.filter(([first = 0, second = 0]) => isWide(first) && isTried(architecture, first, second)),
  ];
}

/** Instructions that tell of each part of a result, and SEL behind them, which reads what they told. */
export function drawSelections(random: Random, count: number): readonly (readonly number[])[] {
  const low = (): number => random.below(13);
  return Array.from({ length: count }, () => {
    const operation = [0, 1, 2, 4, 5, 6][random.below(6)] ?? 0;
    const form = random.chance(0.5) ? 4 : 0;
    const first = 0xfa80 | (operation << 4) | low();
    return [
      first,
      0xf000 | (low() << 8) | (form << 4) | low(),
      0xfaa0 | low(),
      0xf080 | (low() << 8) | low(),
    ];
  });
}

/** Pairs that need a reservation: with one, and with a second store that finds none; and where it is given up. */
export function reservations(architecture: CoreArchitecture): readonly (readonly number[])[] {
  const pairs = [
    [0xe858, 0x1f01, 0xe848, 0x2301], // LDREX r1, [r8, #4]; STREX r3, r2, [r8, #4]
    [0xe8d8, 0x1f4f, 0xe8c8, 0x2f43], // LDREXB, STREXB
    [0xe8d8, 0x1f5f, 0xe8c8, 0x2f53], // LDREXH, STREXH
  ];
  const later = [
    [0xe8d8, 0x1fef, 0xe8c8, 0x2fe3], // LDAEX, STLEX
    [0xe8d8, 0x1fcf, 0xe8c8, 0x2fc3], // LDAEXB, STLEXB
    [0xe8d8, 0x1fdf, 0xe8c8, 0x2fd3], // LDAEXH, STLEXH
  ];
  const all = architecture.startsWith("ARMv8-M") ? [...pairs, ...later] : pairs;
  const clrex = [0xf3bf, 0x8f2f];
  return [
    ...all,
    ...all.map((pair) => [...pair, ...pair.slice(2)]),
    ...all.map((pair) => [...pair.slice(0, 2), ...clrex, ...pair.slice(2)]),
  ];
}

/** What leads elsewhere and comes back to where the run ends. */
export const branches: readonly (readonly number[])[] = [
  ...Array.from({ length: 14 }, (_, condition) => [0xd004 | (condition << 8)]),
  ...Array.from({ length: 14 }, (_, condition) => [0xf000 | (condition << 6), 0x8006]),
  [0xe004], // B
  [0xf000, 0xb806], // B.W
  [0xf000, 0xf806], // BL
  [0xb120], // CBZ r0
  [0xb920], // CBNZ r0
  [0x4770], // BX lr
  [0x47f0], // BLX lr
  [0x4687 | (LR << 3)], // MOV pc, lr
  [0xb500, 0xbd00], // PUSH {lr}; POP {pc}
  [0xb501, 0xbd02], // PUSH {r0, lr}; POP {r1, pc}
  [0xf84d, 0xed04, 0xf85d, 0xfb04], // STR lr, [sp, #-4]!; LDR pc, [sp], #4
  [0x2001, 0xe8df, 0xf000, 0x0402], // MOVS r0, #1; TBB [pc, r0]
  [0x2001, 0xe8df, 0xf010, 0x0002, 0x0004], // MOVS r0, #1; TBH [pc, r0, LSL #1]
  [0xde00], // UDF
];
