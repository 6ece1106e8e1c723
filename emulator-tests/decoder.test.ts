/**
 * The decoder against GNU objdump: length, kind, registers, accesses to memory and branch targets of every 16-bit
 * encoding, of a drawn sample of 32-bit ones, and of newlib and libgcc as built for each core; which architecture has
 * what against GNU as. Whatever objdump has a text for and the decoder does not know is listed with the reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTarget } from "../src/targets/load.js";
import { decode } from "../src/machine/arm/decode/decoder.js";
import { encodings32 } from "../src/machine/arm/decode/decoder32.js";
import { coreArchitecture, hasInstruction } from "../src/machine/arm/instruction.js";
import type { CoreArchitecture } from "../src/machine/arm/instruction.js";
import { seededRandom } from "../src/traces/random.js";
import type { Random } from "../src/traces/random.js";
import { askAssembler, assemblerCores, questionsOf } from "./support/assembler.js";
import type { Question } from "./support/assembler.js";
import { difference } from "./support/decoder-check.js";
import { disassembleThumb, linesOf, run, textOf } from "./support/disassembly.js";
import type { Line } from "./support/disassembly.js";
import { smallHeapImage } from "./support/engine-images.js";
import { armTargets } from "./support/targets.js";
import { reasonToRefuse as reasonOf, refusals } from "./support/refused.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-decoder-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function differences(lines: Iterable<Line>): { readonly count: number; readonly wrong: readonly string[] } {
  let count = 0;
  const wrong = new Set<string>();
  for (const line of lines) {
    count += 1;
    const text = difference(line);
    if (text !== undefined) wrong.add(text);
  }
  return { count, wrong: [...wrong] };
}

const firstWideHalfword = 0xe800;
const nop = 0xbf00;

/** Every 16-bit encoding; after an IT its block is filled up, so that the next encoding stands outside of it. */
function everyNarrow(): readonly Line[] {
  const halfwords: number[] = [];
  const fillers = new Set<number>();
  for (let halfword = 0; halfword < firstWideHalfword; halfword += 1) {
    halfwords.push(halfword);
    if (halfword >>> 8 !== 0xbf || (halfword & 15) === 0) continue;
    for (let count = 0; count < 4; count += 1) {
      fillers.add(2 * halfwords.length);
      halfwords.push(nop);
    }
  }
  return disassembleThumb(folder, halfwords).filter(({ at }) => !fillers.has(at));
}

/** Groups of the 32-bit encodings by their fixed first bits (ARMv7-M ARM, Arm DDI 0403E, A5.3), and finer ones. */
const groups: readonly string[] = [
  "1110100xx0x", // multiple
  "1110100xx1x", // dual, exclusive, table branch
  "1110101", // shifted register
  "11110x0xxxxxxxxx0", // modified immediate
  "11110x1xxxxxxxxx0", // plain immediate
  "11110xxxxxxxxxxx1", // branches and system
  "11110011xxxxxxxx10x0", // system alone
  "11111000xxx0", // single store
  "1111100xxxx1", // single load
  "11111001xxx0", // undefined
  "11111010", // register
  "111110110", // product
  "111110111", // long product, quotient
  "111x11", // coprocessors
  "1110110xxxxxxxxxxxxx101", // floating-point transfers
  "11101110xxxxxxxxxxxx101", // floating-point arithmetic and moves
  "11111110xxxxxxxxxxxx101", // the same of FPv5
];
const sampleOfGroup = 2000;
const sampleOfRow = 80;

/** Fixed bits of an encoding, and their values. */
interface FixedBits {
  readonly mask: number;
  readonly value: number;
}

function fixedBits(group: string): FixedBits {
  const places = group.padEnd(32, "x");
  const mask = parseInt(places.replaceAll("0", "1").replaceAll("x", "0"), 2);
  return { mask, value: parseInt(places.replaceAll("x", "0"), 2) };
}

/** Each nibble is zero, all ones or anything, so that bits that should be one or zero often are; the rest is given. */
function drawn({ mask, value }: FixedBits, random: Random): number {
  let encoding = 0;
  for (let nibble = 0; nibble < 8; nibble += 1) {
    const choice = random.below(4);
    encoding = encoding * 16 + (choice === 0 ? 0 : choice === 1 ? 15 : random.below(16));
  }
  return ((encoding & ~mask) | value) >>> 0;
}

/** Too few to be left to chance: MRS and MSR with every special register and mask, hints and barriers. */
function everySystem(): readonly number[] {
  const bytes = [...Array(256).keys()];
  const starts = [0xf3ef8000, 0xf3808000, 0xf3808400, 0xf3808800, 0xf3808c00, 0xf3af8000, 0xf3bf8f00];
  return starts.flatMap((start) => bytes.map((byte) => start + byte));
}

/** Groups as the manual has them, and rows as the decoder has them, so that none of the rare ones is missed. */
function drawnEncodings(): readonly number[] {
  const random = seededRandom(Number(process.env["ALLOC_GEN_SEED"] ?? 1), "32-bit encodings");
  const several = (count: number, bits: FixedBits): readonly number[] =>
    Array.from({ length: count }, () => drawn(bits, random));
  return [
    ...groups.flatMap((group) => several(sampleOfGroup, fixedBits(group))),
    ...encodings32.flatMap((row) => several(sampleOfRow, row)),
  ];
}

const sampleOfWide = (): readonly Line[] =>
  disassembleThumb(folder, halves([...drawnEncodings(), ...everySystem()]));

const halves = (encodings: readonly number[]): readonly number[] =>
  encodings.flatMap((encoding) => [encoding >>> 16, encoding & 0xffff]);

const isKnown = ({ at, halfwords: [first = 0, second = 0] }: Line): boolean =>
  decode(at, first, second).kind !== "unknown";

describe("the decoder against objdump", () => {
  let narrow: readonly Line[] = [];
  let wide: readonly Line[] = [];
  let questions: readonly Question[] = [];
  beforeAll(() => {
    narrow = everyNarrow();
    wide = sampleOfWide();
    questions = questionsOf([...narrow, ...wide].filter(isKnown));
  });

  it("every 16-bit encoding", () => {
    const { count, wrong } = differences(narrow);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(count).toBe(firstWideHalfword);
  });

  it("a sample of 32-bit encodings of every group", () => {
    const { count, wrong } = differences(wide);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(count).toBe(drawnEncodings().length + everySystem().length);
    expect(wide.filter(isKnown).length).toBeGreaterThan(count / 10);
  });

  it("refuses nothing without a reason that an example shows", () => {
    for (const { example, reason } of refusals) {
      const isNarrow = example < 0x10000;
      const [line] = disassembleThumb(folder, isNarrow ? [example] : halves([example]));
      if (line === undefined) throw new Error(`no text of ${example.toString(16)}`);
      expect.soft(isKnown(line), reason).toBe(false);
      expect.soft(reasonOf(line), line.mnemonic).toBe(reason);
    }
  });

  it.each(assemblerCores)("what %s has, against as", (core: CoreArchitecture) => {
    const answers = askAssembler(core, folder, questions);
    const wrong = answers.flatMap(({ line, text, error }) => {
      const { at, halfwords } = line;
      const found = decode(at, halfwords[0] ?? 0, halfwords[1] ?? 0);
      if (found.kind === "unknown" || hasInstruction(core, found) === (error === undefined)) return [];
      return [`${text}: ${error ?? "accepted"}`];
    });
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(answers.length).toBeGreaterThan(3000);
  });
});

describe.each(armTargets)("the decoder against objdump, %s", (name) => {
  const target = loadTarget(name);

  it.each(["libgcc.a", "libc_nano.a"])("%s", (library) => {
    const path = run("arm-none-eabi-gcc", ...target.compilerFlags, `-print-file-name=${library}`).trim();
    const lines = [...codeOf(run("arm-none-eabi-objdump", "-d", path))];
    const { count, wrong } = differences(lines);
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(count).toBeGreaterThan(3000);
    expect(wrongConditions(lines).slice(0, 20)).toEqual([]);
  });

  it("the small allocator, with nothing that the core lacks", async () => {
    for (const optimize of ["-Os", "-O2", "-O3"]) {
      const image = await smallHeapImage(name, optimize);
      const file = join(folder, `${name}${optimize}.elf`);
      writeFileSync(file, image.elf);
      const lines = [...codeOf(run("arm-none-eabi-objdump", "-d", "-j", ".allocator_code", file))];
      const { count, wrong } = differences(lines);
      expect(wrong).toEqual([]);
      expect(count).toBeGreaterThan(100);
      for (const { at, halfwords } of lines) {
        const found = decode(at, halfwords[0] ?? 0, halfwords[1] ?? 0);
        if (found.kind === "unknown") expect.fail(`not known at ${at.toString(16)}`);
        expect(hasInstruction(coreArchitecture(target.architecture), found)).toBe(true);
      }
    }
  });
});

const conditionNames = "eq ne cs cc mi pl vs vc hi ls ge lt gt le".split(" ");

/** Lines under IT whose mnemonic ends in another condition than IT's. */
function wrongConditions(lines: readonly Line[]): readonly string[] {
  return lines.flatMap((line, index) => {
    const found = decode(line.at, line.halfwords[0] ?? 0, 0);
    if (found.kind !== "it") return [];
    return found.conditions.flatMap((condition, place) => {
      const covered = lines[index + 1 + place];
      const [, name = ""] = /^([^.]*)/.exec(covered?.mnemonic ?? "") ?? [];
      return name.endsWith(conditionNames[condition] ?? "?") ? [] : [`${textOf(line)}: ${name}`];
    });
  });
}

/** Data between code is none of the decoder's business. */
function* codeOf(disassembly: string): Generator<Line> {
  for (const line of linesOf(disassembly)) {
    if (!/^\.(word|short|byte)/.test(line.mnemonic)) yield line;
  }
}
