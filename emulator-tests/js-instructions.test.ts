/**
 * Every form of the instructions, one at a time with drawn operands, registers and flags, in JavaScript and in Unicorn:
 * registers, flags, memory and what refuses must be the same. ALLOC_GEN_SEED draws; ALLOC_GEN_SAMPLE=all tries eight times
 * as many.
 */
import { describe, expect, it } from "vitest";
import { Permission, type Processor } from "../src/emulators/core/processor.js";
import { jsProcessor } from "../src/emulators/js/processor.js";
import { pageBytes } from "../src/emulators/image-regions.js";
import { unicornProcessor } from "../src/emulators/unicorn/binding.js";
import { decode, isWide } from "../src/machine/arm/decode/decoder.js";
import { encodings32 } from "../src/machine/arm/decode/decoder32.js";
import { LR, PC, SP } from "../src/machine/arm/instruction.js";
import { semanticsOf } from "../src/machine/arm/semantics/semantics.js";
import { machineOf } from "../src/machine/registry.js";
import { loadTarget } from "../src/targets/load.js";
import { seededRandom, type Random } from "../src/traces/random.js";

const target = loadTarget("cortex-m4");
const machine = machineOf(target);
const times = process.env["ALLOC_GEN_SAMPLE"] === "all" ? 8 : 1;

const nop = 0xbf00;
const bxLr = 0x4770;
const data = { address: 0x2000_0000, bytes: pageBytes } as const;
const code = { address: 0x1_0000, slotBytes: 64, slots: 64 * 1024 } as const;
/** Where an instruction stands in its slot, and where the run ends. */
const place = { at: 16, until: 56 } as const;

interface Registers {
  readonly values: readonly number[];
  readonly flags: number;
}

/** An instruction or an IT block, as halfwords, and what it begins with. */
interface Case {
  readonly halfwords: readonly number[];
  readonly before: Registers;
}

/** Values where sums, shifts and comparisons turn. */
const corners = [0, 1, 2, 31, 32, 33, 255, 256, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

function drawWord(random: Random): number {
  switch (random.below(4)) {
    case 0:
      return corners[random.below(corners.length)] ?? 0;
    case 1:
      return random.below(64);
    case 2: // An address of data, most often aligned.
      return data.address + 256 + (random.chance(0.8) ? 4 * random.below(512) : random.below(2048));
    default:
      return random.below(2 ** 32);
  }
}

function drawRegisters(random: Random, slot: number): Registers {
  const values = Array.from({ length: 15 }, () => drawWord(random));
  values[SP] = data.address + 512 + 4 * random.below(256);
  // Where a branch to a register goes that is allowed.
  values[LR] = code.address + slot * code.slotBytes + place.until + 1;
  const flags = random.below(16);
  return { values, flags: (flags & 12) === 12 ? flags & 7 : flags };
}

/** What a core is after a case; or why the run ended. */
function outcomeOf(processor: Processor, live: Uint8Array, slot: number, before: Registers) {
  let refused: number | undefined;
  let exception: number | undefined;
  told.set(processor, {
    access: (address) => (refused ??= address),
    exception: (number) => {
      exception ??= number;
      processor.stop();
    },
  });
  for (const [number, value] of before.values.entries()) processor.writeRegister(number, value);
  processor.flags = before.flags;
  const at = code.address + slot * code.slotBytes;
  const error = processor.run(at + place.at, at + place.until);
  const ended = error !== 0 || exception !== undefined;
  return {
    error,
    exception,
    refused,
    // What an access did before it was refused is nobody's business.
    registers: ended ? [] : before.values.map((_, number) => valueOf(processor, number)),
    flags: ended ? 0 : processor.flags,
    pc: ended ? 0 : processor.pc,
    memory: ended ? 0 : hashOf(live),
  };
}

/** Unicorn keeps what is written to the lowest bits of SP, which are 0 in a core (ARMv7-M ARM, Arm DDI 0403E, B1.4.7). */
const valueOf = (processor: Processor, number: number): number =>
  number === SP ? (processor.readRegister(SP) & ~3) >>> 0 : processor.readRegister(number);

interface Told {
  readonly access: (address: number) => void;
  readonly exception: (number: number) => void;
}
const told = new WeakMap<Processor, Told>();

/** FNV-1a of the words. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))
    hash = Math.imul(hash ^ word, 0x01000193);
  return hash >>> 0;
}

const initial = Uint8Array.from(
  { length: data.bytes },
  (_, at) => (Math.imul(at + 1, 0x9e3779b1) >>> 24) & 0xff,
);

/** The cases on which the engines differ, in words, and how many ran to their end. */
function differences(cases: readonly Case[]): { readonly wrong: readonly string[]; readonly ended: number } {
  const memory = new Uint8Array(code.slotBytes * Math.min(cases.length, code.slots));
  const halves = new Uint16Array(memory.buffer).fill(nop);
  for (const [slot, { halfwords }] of cases.entries()) {
    halves.set(halfwords, (slot * code.slotBytes + place.at) / 2);
    // Where a function returns any flag may be read again: none is left out.
    halves[(slot * code.slotBytes + place.until) / 2] = bxLr;
  }
  const bytes = Math.ceil(memory.length / pageBytes) * pageBytes;
  const processors = [jsProcessor, unicornProcessor].map((make) => {
    const processor = make(machine, target);
    processor.map(code.address, bytes, Permission.read | Permission.execute).set(memory);
    const live = processor.map(data.address, data.bytes, Permission.read | Permission.write);
    processor.onInvalidAccess((address) => told.get(processor)?.access(address));
    processor.onException((number) => told.get(processor)?.exception(number));
    return { processor, live };
  });
  const wrong: string[] = [];
  let ended = 0;
  for (const [slot, { halfwords, before }] of cases.entries()) {
    const [js, unicorn] = processors.map(({ processor, live }) => {
      live.set(initial);
      return outcomeOf(processor, live, slot, before);
    });
    if (JSON.stringify(js) !== JSON.stringify(unicorn)) {
      const text = halfwords.map((each) => each.toString(16).padStart(4, "0")).join(" ");
      wrong.push(`${text}: ${JSON.stringify({ before, js, unicorn })}`);
    }
    if (js?.error === 0) ended += 1;
  }
  for (const { processor } of processors) processor.close();
  return { wrong, ended };
}

/** Whether one instruction is executed here: it is described, and goes on to the next one. */
function isTried(first: number, second: number): boolean {
  const found = decode(code.address, first, second);
  if (found.kind === "unknown" || found.kind === "it" || found.flow.kind !== "next") return false;
  // Hints may wait for an event that never comes; exclusive accesses are tried in pairs.
  if (found.kind === "nop" || found.kind === "exclusive") return false;
  return semanticsOf(found, false).kind !== "other";
}

function setsStack(first: number, second: number): boolean {
  const found = decode(code.address, first, second);
  return found.kind !== "unknown" && (found.writes & (1 << SP)) !== 0;
}

const encodingsOf = (random: Random, count: number): readonly (readonly number[])[] => {
  const narrow = Array.from({ length: 0xe800 }, (_, encoding) => [encoding]).filter(
    ([first = 0]) => isTried(first, 0) && random.chance(times / 16),
  );
  const wide = encodings32.flatMap(({ mask, value }) =>
    Array.from({ length: count * times }, () => {
      const encoding = ((random.below(2 ** 32) & ~mask) | value) >>> 0;
      return [encoding >>> 16, encoding & 0xffff];
    }),
  );
  return [...narrow, ...wide.filter(([first = 0, second = 0]) => isWide(first) && isTried(first, second))];
};

const random = seededRandom(Number(process.env["ALLOC_GEN_SEED"] ?? 1), "instructions");
const forms = encodingsOf(random, 25);
const inSlots = (all: readonly (readonly number[])[]): readonly Case[] =>
  all.slice(0, code.slots).map((halfwords, slot) => ({ halfwords, before: drawRegisters(random, slot) }));

describe("an instruction in JavaScript does what it does in Unicorn", () => {
  it("alone", () => {
    const { wrong, ended } = differences(inSlots(forms));
    expect(wrong).toEqual([]);
    expect(ended).toBeGreaterThan(2000 * times);
  });

  it("in an IT block, where it may be skipped and leaves the flags alone", () => {
    const covered = forms
      .filter(() => random.chance(0.3))
      .map((halfwords) => [0xbf08 | (random.below(14) << 4), ...halfwords]);
    const { wrong, ended } = differences(inSlots(covered));
    expect(wrong).toEqual([]);
    expect(ended).toBeGreaterThan(500 * times);
  });

  it("in a block with others, whose flags it may keep or not", () => {
    // What reads SP behind them would see the bits that Unicorn keeps.
    const others = forms.filter(([first = 0, second = 0]) => !setsStack(first, second));
    const blocks = others.map((halfwords, index) => [
      ...halfwords,
      ...(others[(index * 7919) % others.length] ?? []),
      ...(others[(index * 104729) % others.length] ?? []),
    ]);
    const { wrong, ended } = differences(inSlots(blocks));
    expect(wrong).toEqual([]);
    expect(ended).toBeGreaterThan(500 * times);
  });

  it("that needs a reservation, with one and without", () => {
    const pairs = [
      [0xe858, 0x1f01, 0xe848, 0x2301], // LDREX r1, [r8, #4]; STREX r3, r2, [r8, #4]
      [0xe8d8, 0x1f4f, 0xe8c8, 0x2f43], // LDREXB, STREXB
      [0xe8d8, 0x1f5f, 0xe8c8, 0x2f53], // LDREXH, STREXH
    ];
    // A second store finds no reservation.
    const twice = pairs.map((pair) => [...pair, ...pair.slice(2)]);
    const cases = inSlots(Array.from({ length: 10 }, () => [...pairs, ...twice]).flat());
    for (const { before } of cases) (before.values as number[])[8] = data.address + 4 * random.below(256);
    const { wrong, ended } = differences(cases);
    expect(wrong).toEqual([]);
    expect(ended).toBe(cases.length);
  });

  it("that branches", () => {
    const conditions = Array.from({ length: 14 }, (_, condition) => [0xd004 | (condition << 8)]);
    const wideConditions = Array.from({ length: 14 }, (_, condition) => [0xf000 | (condition << 6), 0x8006]);
    const others = [
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
      [0xdf00], // SVC
      [0xbe00], // BKPT
      [0xde00], // UDF
    ];
    const all = [...conditions, ...wideConditions, ...others];
    const { wrong } = differences(inSlots(Array.from({ length: 12 }, () => all).flat()));
    expect(wrong).toEqual([]);
  });
});

it("what is not described is refused with its address and encoding, not guessed", () => {
  const processor = jsProcessor(machine, target);
  const page = processor.map(code.address, pageBytes, Permission.read | Permission.execute);
  new Uint16Array(page.buffer).set([nop, 0xfb90, 0xf0f1, 0xfba0, 0x0101, 0xee30, 0x0a20]);
  const error = processor.run(code.address, code.address + 64);
  expect(processor.errorText(error)).toBe("this engine does not describe floating point: the instruction 0xee300a20");
  expect(processor.readRegister(PC)).toBe(code.address + 10);
});

it("an encoding that no core defines ends a run, counted or not", () => {
  const stops = [jsProcessor, unicornProcessor].map((make) => {
    const processor = make(machine, target);
    const page = processor.map(code.address, pageBytes, Permission.read | Permission.execute);
    // MOVS r0, #1; none of the encodings; MOVS r0, #2; BX lr
    new Uint16Array(page.buffer, page.byteOffset).set([0x2001, 0xf7ff, 0x0000, 0x2002, bxLr]);
    processor.writeRegister(LR, code.address + 65);
    let exception: number | undefined;
    processor.onException((number) => {
      exception = number;
      processor.stop();
    });
    const error = processor.run(code.address, code.address + 64);
    const stop = {
      isEnded: error !== 0 || exception !== undefined,
      r0: processor.readRegister(0),
      pc: processor.pc,
    };
    processor.close();
    return stop;
  });
  const expected = { isEnded: true, r0: 1, pc: code.address + 2 };
  expect(stops).toEqual([expected, expected]);
});
