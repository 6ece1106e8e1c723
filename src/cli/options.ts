/** Options that several commands have. */
import { coreEngineNames, engineChoices, timingEngineNames } from "../emulators/engine.js";
import type { OptionTable } from "./option.js";

export const configArgument = {
  config: { kind: "argument", isFile: true, describe: "Config file, or a folder with alloc-gen.json" },
} as const satisfies OptionTable;

/** What of a config is meant. */
export const projectOptions = {
  target: {
    kind: "text",
    describe: 'Core to generate for; overrides the config ("alloc-gen targets" lists them)',
  },
  chip: {
    kind: "text",
    describe: 'Chip to generate for, such as STM32F407VG: stands for its core ("alloc-gen chips" searches)',
  },
  set: { kind: "list", describe: "Override one value of the config: --set heap.size=24KiB (repeatable)" },
  heap: { kind: "text", describe: "Name of one heap of a config with several" },
} as const satisfies OptionTable;

export const engineOption = {
  engine: {
    kind: "choice",
    words: engineChoices,
    describe:
      "Emulator: witnessed (default: js, and Unicorn on a share), unicorn, js or qemu; or several, joined by +, compared with each other",
  },
} as const satisfies OptionTable;

/** For any program: what executes most where nobody chooses. */
export const timingEngineOption = {
  engine: {
    kind: "choice",
    words: timingEngineNames,
    describe: "Emulator: unicorn, js, or auto (default: unicorn where its library is there, else js)",
  },
} as const satisfies OptionTable;

/** For commands that open an engine for each of many programs. */
export const coreEngineOption = {
  engine: { kind: "choice", words: coreEngineNames, describe: "Emulator: js (default) or unicorn" },
} as const satisfies OptionTable;

/** Memory that is slower than the core. */
export const memoryOptions = {
  "wait-states": {
    kind: "text",
    describe: "Wait states of the flash, 0 to 15: cycles are estimated for it, and for 0 to 5 beside it",
  },
  "flash-line": { kind: "text", describe: "Bytes that the flash gives at once: 4 (default), 8 or 16" },
  "flash-prefetch": { kind: "flag", describe: "The flash reads the next line ahead" },
  "ram-wait-states": { kind: "text", describe: "Wait states of each word of the RAM, 0 to 15" },
} as const satisfies OptionTable;

export const strictOption = {
  strict: { kind: "flag", describe: "Fail when cycles were predicted wrongly, which else is a warning" },
} as const satisfies OptionTable;

export const traceOption = {
  trace: {
    kind: "list",
    isFile: true,
    describe: "Trace to replay (repeatable; default: those of the config)",
  },
} as const satisfies OptionTable;

/** How a heap is sized that other runs keep to. */
export const perturbOptions = {
  perturb: {
    kind: "text",
    describe: "Also size for so many perturbed copies of each trace, 1 to 1000: what other runs may need",
  },
  confidence: {
    kind: "text",
    describe: "Share of the copies whose fragmentation the size covers (default: 0.95)",
  },
  "check-copies": {
    kind: "text",
    describe: "Try the size on so many other copies, 1 to 1000 (default: as many as --perturb)",
  },
  seed: { kind: "text", describe: "Seed of the first copy, 0 to 4294967295 (default: 1)" },
} as const satisfies OptionTable;

export const traceArgument = {
  file: { kind: "argument", isFile: true, describe: "Trace: text, plain or packed with gzip" },
} as const satisfies OptionTable;

/** Where a trace goes. */
export const traceOutput = {
  out: {
    kind: "text",
    describe: "File for the trace, packed if its name ends in .gz (default: standard output)",
  },
  force: { kind: "flag", describe: "Overwrite a file that is no trace" },
} as const satisfies OptionTable;

export const writeOptions = {
  out: {
    kind: "text",
    describe: "Folder for the generated files (default: generated/ next to the config)",
  },
  force: { kind: "flag", describe: "Overwrite files that alloc-gen did not generate" },
} as const satisfies OptionTable;

export const quietOption = {
  quiet: { kind: "flag", describe: "No progress, and no messages except errors" },
} as const satisfies OptionTable;

export const baselineOptions = {
  baseline: {
    kind: "text",
    isFile: true,
    describe: "File of the figures to compare with (default: alloc-gen.baseline.json next to the config)",
  },
  "fail-on-regression": {
    kind: "text",
    describe: "Fail when a figure is more than this many percent above the baseline",
  },
} as const satisfies OptionTable;

/** How a report is printed: of every command that has formats, whose names are `names`. */
export const formatOptions = (names: readonly string[]) =>
  ({
    format: {
      kind: "list",
      describe: `Print as ${names.join(", ")}; NAME=FILE writes to a file (repeatable)`,
    },
    json: { kind: "flag", describe: "--format json" },
  }) as const satisfies OptionTable;
