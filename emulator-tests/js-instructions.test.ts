/**
 * Every form of the instructions, one at a time with drawn operands, registers and flags, in JavaScript, in Unicorn and on
 * QEMU's board: registers, flags, memory and what refuses must be the same. ALLOC_GEN_SEED draws; ALLOC_GEN_SAMPLE=all tries
 * eight times as many.
 */
import { coreArchitecture } from "../src/machine/arm/instruction.js";
import { afterAll, describe, expect, it } from "vitest";
import { Permission, type Processor } from "../src/emulators/core/processor.js";
import { jsProcessor } from "../src/emulators/js/processor.js";
import { pageBytes } from "../src/emulators/image-regions.js";
import { unicornProcessor } from "../src/emulators/unicorn/binding.js";
import { LR, PC } from "../src/machine/arm/instruction.js";
import { machineOf } from "../src/machine/registry.js";
import { loadTarget } from "../src/targets/load.js";
import { seededRandom } from "../src/traces/random.js";
import {
  branches,
  drawForms,
  drawSelections,
  inSlots,
  reservations,
  setsStack,
  type Case,
} from "./support/instructions/cases.js";
import { placesOf, slots } from "./support/instructions/places.js";
import { holdAgainstWitnesses, type Held } from "./support/instructions/witnesses.js";

const times = process.env["ALLOC_GEN_SAMPLE"] === "all" ? 8 : 1;
const seed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);

describe.each([
  ["cortex-m4", 1 / 32, 14],
  ["cortex-m33", 1 / 64, 6],
] as const)(
  "on %s an instruction in JavaScript does what it does elsewhere",
  { timeout: 120_000 * times },
  (name, share, each) => {
    const target = loadTarget(name);
    const places = placesOf(target);
    const random = seededRandom(seed, `instructions of ${name}`);
    const forms = drawForms(random, coreArchitecture(target.architecture), {
      share: times * share,
      each: times * each,
    });
    const total = { tried: 0, onBoard: 0, ran: 0, wrong: 0 };

    afterAll(() => {
      const { tried, ran, onBoard, wrong } = total;
      process.stdout.write(
        `${name}: ${tried} cases in Unicorn, ${onBoard} of them on QEMU's board, ${wrong} differences; ${ran} ran to their end\n`,
      );
    });

    /** In as many runs as the slots ask for. @returns how many ran to their end */
    function hold(all: readonly (readonly number[])[], changed: (one: Case) => Case = (one) => one): number {
      let ran = 0;
      for (let from = 0; from < all.length; from += slots) {
        const cases = inSlots(all.slice(from, from + slots), random, places).map(changed);
        const held: Held = holdAgainstWitnesses(target, cases);
        total.wrong += held.wrong.length;
        expect(held.wrong).toEqual([]);
        ran += held.ran;
        total.tried += cases.length;
        total.onBoard += held.onBoard;
        total.ran += held.ran;
      }
      return ran;
    }

    it("alone", () => {
      // What SEL reads is not of the case alone.
      expect(hold(forms.filter(([first = 0, second = 0]) => !isSelection(first, second)))).toBeGreaterThan(
        400 * times,
      );
    });

    it("in an IT block, where it may be skipped and leaves the flags alone", () => {
      const covered = forms
        .filter(([first = 0, second = 0]) => random.chance(0.3) && !isSelection(first, second))
        .map((halfwords) => [0xbf08 | (random.below(14) << 4), ...halfwords])
        .filter(isKnown);
      expect(hold(covered)).toBeGreaterThan(100 * times);
    });

    it("in a block with others, whose flags it may keep or not", () => {
      // What reads SP behind them would see the bits that Unicorn keeps.
      const others = forms.filter(
        ([first = 0, second = 0]) => !setsStack(first, second) && !isSelection(first, second),
      );
      const blocks = others.map((halfwords, index) => [
        ...halfwords,
        ...(others[(index * 7919) % others.length] ?? []),
        ...(others[(index * 104729) % others.length] ?? []),
      ]);
      expect(hold(blocks)).toBeGreaterThan(100 * times);
    });

    it("that tells of each part of its result, and SEL behind it", () => {
      const selections = drawSelections(random, 100 * times);
      expect(hold(selections)).toBe(selections.length);
    });

    it("that needs a reservation, with one and without", () => {
      const pairs = reservations(coreArchitecture(target.architecture));
      const all = Array.from({ length: 10 }, () => pairs).flat();
      const ran = hold(all, ({ halfwords, before }) => ({
        halfwords,
        before: { ...before, values: before.values.with(8, places.data + 4 * random.below(256)) },
      }));
      expect(ran).toBe(all.length);
    });

    it("that branches", () => {
      hold(Array.from({ length: 12 }, () => branches).flat());
    });
  },
);

/** Whether the manuals say what all of it does, where it stands. */
function isKnown(halfwords: readonly number[]): boolean {
  const range = { start: 0, end: 2 * halfwords.length };
  const all = machine.placed(range, (at) => halfwords[at / 2] ?? 0);
  return Array.from(all).every(([, placed]) => "instruction" in placed);
}

/** SEL. */
const isSelection = (first: number, second: number): boolean =>
  (first & 0xfff0) === 0xfaa0 && (second & 0xf0f0) === 0xf080;

const target = loadTarget("cortex-m4");
const machine = machineOf(target);
const codeAddress = 0x1_0000;
const nop = 0xbf00;
const bxLr = 0x4770;

/** In each engine, what a few halfwords lead to. */
function runsOf(halfwords: readonly number[]) {
  return [jsProcessor, unicornProcessor].map((make) => {
    const processor: Processor = make(machine, target);
    const page = processor.map(codeAddress, pageBytes, Permission.read | Permission.execute);
    new Uint16Array(page.buffer, page.byteOffset).set(halfwords);
    processor.writeRegister(LR, codeAddress + 65);
    let exception: number | undefined;
    processor.onException((number) => {
      exception = number;
      processor.stop();
    });
    const error = processor.run(codeAddress, codeAddress + 64);
    const end = { error, exception, r0: processor.readRegister(0), pc: processor.pc };
    processor.close();
    return end;
  });
}

it.each([
  ["SVC", 0xdf00],
  ["BKPT", 0xbe00],
  ["UDF", 0xde00],
])("%s ends a run by the same exception", (_name, encoding) => {
  // Of SVC Unicorn says where it would return to.
  const [js, unicorn] = runsOf([0x2001, encoding, 0x2002, bxLr]).map(({ error, exception, r0 }) => ({
    error,
    exception,
    r0,
  }));
  expect(js).toEqual(unicorn);
  expect(js).not.toMatchObject({ error: 0, exception: undefined });
});

it("what is not described is refused with its address and encoding, not guessed", () => {
  const processor = jsProcessor(machine, target);
  const page = processor.map(codeAddress, pageBytes, Permission.read | Permission.execute);
  new Uint16Array(page.buffer).set([nop, 0xfb90, 0xf0f1, 0xfba0, 0x0101, 0xee30, 0x0a20]);
  const error = processor.run(codeAddress, codeAddress + 64);
  expect(processor.errorText(error)).toBe(
    "this engine does not describe floating point: the instruction 0xee300a20; --engine unicorn executes it",
  );
  expect(processor.readRegister(PC)).toBe(codeAddress + 10);
});

it("an encoding that no core defines ends a run, counted or not", () => {
  // MOVS r0, #1; none of the encodings; MOVS r0, #2; BX lr
  for (const { error, exception, r0, pc } of runsOf([0x2001, 0xf7ff, 0x0000, 0x2002, bxLr])) {
    expect({ isEnded: error !== 0 || exception !== undefined, r0, pc }).toEqual({
      isEnded: true,
      r0: 1,
      pc: codeAddress + 2,
    });
  }
});
