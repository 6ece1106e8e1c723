/** Many cases in one run of QEMU, on the board that a target names: `board.S` executes them, with tables for their registers. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findQemu } from "../../../src/emulators/qemu/program.js";
import { pageBytes } from "../../../src/emulators/image-regions.js";
import { machineOf } from "../../../src/machine/registry.js";
import type { Target } from "../../../src/targets/target.js";
import { parseElf } from "../../../src/toolchain/elf.js";
import type { Case, Registers } from "./cases.js";
import type { Outcome } from "./outcome.js";
import { at, behindSlots, initialData, placesOf, until } from "./places.js";

/** What the core noted of the fault that ended a case: CFSR and MMFAR (ARMv7-M ARM, Arm DDI 0403E, B3.2.15, B3.2.18). */
export interface BoardFault {
  readonly kind: "fault";
  readonly status: number;
  readonly address: number;
}
export type BoardOutcome = Extract<Outcome, { readonly kind: "ran" }> | BoardFault;

/** From the start of RAM, as `board.S` has them. */
const offsets = {
  stack: 0x2000,
  initial: 0x4000,
  state: 0x8000,
  settings: 0x9000,
  data: 0xa000,
  starts: 0xc000,
  table: 0x1_0000,
  results: 0x10_0000,
} as const;

const resultWords = 20;
const caseWords = 16;
const mostSeconds = 120;

export interface Board {
  readonly target: Target;
  /** What stands behind the slots. */
  readonly behind: Uint8Array;
  readonly sections: readonly { readonly address: number; readonly data: Uint8Array }[];
}

/** @param count cases that it will run */
export function assembleBoard(target: Target, count: number): Board {
  const places = placesOf(target);
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-cases-"));
  try {
    const symbols = {
      RAM: places.data,
      CODE: places.code,
      BEHIND: behindSlots,
      STATE: places.data + offsets.state,
      SETTINGS: places.data + offsets.settings,
      RESULTS: 4 * resultWords * count,
    };
    const starts = {
      ".vectors": target.memory.flash.origin,
      ".text": target.memory.flash.origin + 0x400,
      ".data": places.data + offsets.data,
      ".behind": places.code + behindSlots,
    };
    execFileSync("arm-none-eabi-gcc", [
      "-mcpu=cortex-m4",
      "-nostdlib",
      ...Object.entries(symbols).map(([name, value]) => `-Wa,--defsym,${name}=${value}`),
      ...Object.entries(starts).map(
        ([name, address]) => `-Wl,--section-start=${name}=0x${address.toString(16)}`,
      ),
      "-Wl,-e,0",
      fileURLToPath(new URL("board.S", import.meta.url)),
      "-o",
      join(folder, "board.elf"),
    ]);
    const { sections } = parseElf(readFileSync(join(folder, "board.elf")));
    const named = Object.entries(starts).map(([name, address]) => {
      const data = sections.find((section) => section.name === name)?.data;
      if (data === undefined) throw new Error(`there is no section ${name}`);
      return { name, address, data };
    });
    return {
      target,
      behind: named.find(({ name }) => name === ".behind")?.data ?? new Uint8Array(0),
      sections: named.filter(({ name }) => name !== ".behind"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A case, or one that is left out: its slot is entered where it ends. */
export type BoardCase = Case & { readonly isLeft: boolean };

/** @param code of all cases, with what the board has behind them */
export function outcomesOnBoard(
  { target, sections }: Board,
  code: Uint8Array,
  cases: readonly BoardCase[],
): readonly BoardOutcome[] {
  const { data, code: codeAddress } = placesOf(target);
  const machine = machineOf(target);
  const qemu = findQemu(machine.qemu);
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-cases-"));
  try {
    const stretches = [
      ...sections,
      { address: codeAddress, data: code },
      { address: data + offsets.initial, data: initialData },
      { address: data + offsets.state, data: bytesOf([-1, cases.length, data + offsets.results]) },
      { address: data + offsets.settings, data: bytesOf(settingsOf(target)) },
      { address: data + offsets.table, data: bytesOf(cases.flatMap(({ before }) => wordsOf(before))) },
      { address: data + offsets.starts, data: Uint8Array.from(cases, ({ isLeft }) => (isLeft ? until : at)) },
    ];
    const loaders = stretches.flatMap(({ address, data: bytes }, index) => {
      writeFileSync(join(folder, `part${index}`), bytes);
      return ["-device", `loader,file=part${index},addr=${address},force-raw=on`];
    });
    const board = ["-M", target.qemu.machine, ...target.qemu.options, "-nodefaults", "-display", "none"];
    const semihosting = ["-semihosting-config", "enable=on,target=native"];
    const { status, stderr } = spawnSync(qemu.path, [...board, ...semihosting, ...loaders], {
      cwd: folder,
      encoding: "utf8",
      timeout: mostSeconds * 1000,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`QEMU ended with ${status}: ${stderr}`);
    const results = readFileSync(join(folder, "results"));
    return cases.map((_, index) => outcomeAt(results, index));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bytesOf = (words: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(words).buffer);

const wordsOf = ({ values, flags }: Registers): readonly number[] => [...values, flags << 28];

function outcomeAt(results: Buffer, index: number): BoardOutcome {
  const word = (number: number): number => results.readUInt32LE(4 * (resultWords * index + number));
  const [memory, status, address] = [word(caseWords), word(caseWords + 1), word(caseWords + 2)];
  if (status !== 0) return { kind: "fault", status, address };
  const registers = Array.from({ length: caseWords - 1 }, (_, number) => word(number));
  return { kind: "ran", registers, flags: word(caseWords - 1) >>> 28, memory };
}

/** Registers of the memory protection, from MPU_RNR on, and what is written there. */
function settingsOf(target: Target): readonly number[] {
  const { code, codeBytes, data } = placesOf(target);
  const [control, number, base, limit] = [0xe000_ed94, 0xe000_ed98, 0xe000_ed9c, 0xe000_eda0];
  const regions = [
    { address: code, bytes: codeBytes, isCode: true },
    { address: data, bytes: pageBytes, isCode: false },
    { address: data + offsets.stack, bytes: pageBytes, isCode: false },
  ];
  const writes = regions.flatMap(({ address, bytes, isCode }, region) =>
    target.architecture.startsWith("ARMv8-M")
      ? [
          [number, region],
          // Read-only, or written and never executed (ARMv8-M ARM, Arm DDI 0553, D1.2.189).
          [base, address | (isCode ? 0b110 : 0b011)],
          [limit, (address + bytes - 32) | 1],
        ]
      : [
          [number, region],
          [base, address],
          [limit, (isCode ? 0x0600_0000 : 0x1300_0000) | (2 * (30 - Math.clz32(bytes))) | 1],
        ],
  );
  return [...writes, [control, 1]].flat();
}
