/** The commands: what each does, its options, stated here and nowhere else, and the formats of its report. */
import { noFormats, type Formats } from "../report/format.js";
import {
  certificateFormats,
  chipsFormats,
  comparisonFormats,
  inspectionFormats,
  mutationFormats,
  planFormats,
  runFormats,
  targetsFormats,
  timeFormats,
} from "../report/formats.js";
import { heapChoices } from "../config/vocabulary.js";
import type { OptionTable, Values } from "./option.js";
import {
  baselineOptions,
  configArgument,
  coreEngineOption,
  engineOption,
  memoryOptions,
  timingEngineOption,
  projectOptions,
  quietOption,
  strictOption,
  traceOption,
  writeOptions,
} from "./options.js";
import type { ReportOutput } from "./output.js";
import { requirementsFormats } from "./requirements-report.js";
import { sizingCommands } from "./sizing-commands.js";
import { traceCommands } from "./trace-commands.js";
import { watchCommands } from "./watch/watch-commands.js";
import type { ExitCode, CliContext } from "./context.js";

interface Command {
  readonly description: string;
  readonly options: OptionTable;
  /** Of what it prints: a command that has some has --format and --json too. Each is of its own kind of report. */
  readonly formats: Formats<never>;
}

/** "main" is the command one gets by naming none. */
const table = {
  main: {
    description: "Generate, build, emulate, compare, report",
    options: {
      ...configArgument,
      ...projectOptions,
      ...engineOption,
      ...strictOption,
      ...writeOptions,
      ...quietOption,
      ...baselineOptions,
    },
    formats: runFormats,
  },
  generate: {
    description: "Write the C, without proof",
    options: {
      ...configArgument,
      ...projectOptions,
      ...writeOptions,
      list: { kind: "flag", describe: "Print the path of each generated file, changed or not, one a line" },
      depfile: {
        kind: "text",
        describe:
          "Write what the files are made from to this file, for make and ninja; its time tells of the last run",
      },
      ...quietOption,
    },
    formats: noFormats,
  },
  verify: {
    description: "Build, emulate, compare, report, without writing the C",
    options: {
      ...configArgument,
      ...projectOptions,
      source: {
        kind: "text",
        isFile: true,
        describe: "C file to prove in place of the generated one: with the same names and layout",
      },
      ...engineOption,
      ...memoryOptions,
      ...strictOption,
      ...quietOption,
      ...baselineOptions,
      "write-baseline": { kind: "flag", describe: "Store this run's figures as the baseline" },
    },
    formats: runFormats,
  },
  compare: {
    description: "Measure the generated allocator and others, on the same traces with the same checks",
    options: {
      ...configArgument,
      ...projectOptions,
      peer: {
        kind: "list",
        isFile: true,
        describe: "Allocator to compare with: a peer.json, newlib, newlib-nano or picolibc (repeatable)",
      },
      ...traceOption,
      optimize: { kind: "text", describe: "-Os, -O2, -O3, or all (default: the config's)" },
      compiler: {
        kind: "list",
        describe: "gcc, clang, the name or path of one, or all (repeatable; default: the config's)",
      },
      "no-least-heap": {
        kind: "flag",
        describe: "Skip the search for the least heaps, which takes longest",
      },
      ...engineOption,
      ...quietOption,
    },
    formats: comparisonFormats,
  },
  ...watchCommands,
  ...sizingCommands,
  certify: {
    description: "Say how large the heap must be for any program within limits, and what refutes less",
    options: {
      ...configArgument,
      ...projectOptions,
      live: { kind: "text", describe: "Most bytes asked for and not yet freed, such as 8KiB" },
      blocks: { kind: "text", describe: "Most live blocks (default: as many as --live allows)" },
      smallest: { kind: "text", describe: "Smallest request (default: limits.smallest, or 1)" },
      largest: { kind: "text", describe: "Largest request (default: limits.largest)" },
      ...engineOption,
      ...quietOption,
    },
    formats: certificateFormats,
  },
  explain: {
    description: "Draw the memory map and the header, and list the cost of each choice",
    options: { ...configArgument, ...projectOptions },
    formats: planFormats,
  },
  inspect: {
    description: "Draw the heap in a memory dump, list its blocks, and report damage",
    options: {
      file: {
        kind: "argument",
        isFile: true,
        describe:
          "Dump of the heap, or of memory that contains it: raw bytes, Intel HEX, S-records, ELF core",
      },
      config: {
        kind: "text",
        isFile: true,
        describe: "Config of the heap (default: alloc-gen.json in the working directory)",
      },
      ...projectOptions,
      from: {
        kind: "text",
        describe: "Format of the dump: raw, ihex, srec or elf (default: told by its content)",
      },
      offset: { kind: "text", describe: "Where in a raw file the heap begins, in bytes" },
      base: { kind: "text", describe: "Address on the target of a raw file's first byte" },
      address: { kind: "text", describe: "Address of the heap on the target" },
      elf: {
        kind: "text",
        isFile: true,
        describe: "Linked firmware, whose symbol table has the heap's address",
      },
    },
    formats: inspectionFormats,
  },
  time: {
    description: "Call a function of an ELF file and print its modelled cycles",
    options: {
      file: { kind: "argument", isFile: true, describe: "ELF file: a program or an object file" },
      call: { kind: "text", describe: "Function to call" },
      arg: {
        kind: "list",
        isFile: true,
        describe:
          "Next argument (repeatable): a number, or the address of a file's bytes (@FILE), of zeros (buffer:BYTES, buffer:BYTES+OFFSET) or of words ([1,buffer:8]); or what the call before returned (returned)",
      },
      before: {
        kind: "list",
        isFile: true,
        describe:
          "Function to call before, uncounted (repeatable): NAME or NAME:ARG,... where =1 is the first argument of the call",
      },
      target: projectOptions.target,
      chip: projectOptions.chip,
      repeat: { kind: "text", describe: "Number of consecutive calls (default: 1)" },
      limit: { kind: "text", describe: "Most instructions of a call (default: 100000000)" },
      place: {
        kind: "text",
        describe: "Bytes from the start of flash to the code of an object file (default: 0)",
      },
      libc: { kind: "flag", describe: "Link an object file with the C library too" },
      "with-call": { kind: "flag", describe: "Count the caller's call instruction too" },
      annotate: { kind: "flag", describe: "Show each instruction with its count and cycles" },
      ...memoryOptions,
      ...timingEngineOption,
      ...quietOption,
    },
    formats: timeFormats,
  },
  mutate: {
    description: "Change the C in many small ways, verify each, and list what went unnoticed",
    options: {
      ...configArgument,
      ...projectOptions,
      count: { kind: "text", describe: "Mutants to verify (default: 100)" },
      seed: { kind: "text", describe: "Seed of the draw (default: 1)" },
      operator: { kind: "list", describe: "Only mutants of this operator (repeatable)" },
      function: { kind: "list", describe: "Only mutants of this function or constant (repeatable)" },
      minimum: {
        kind: "text",
        describe: "Fail when fewer percent of the verified are killed (default: 100)",
      },
      processes: { kind: "text", describe: "Mutants verified at a time (default: one a processor)" },
      ...coreEngineOption,
      ...quietOption,
    },
    formats: mutationFormats,
  },
  ...traceCommands,
  targets: {
    description: "List the targets",
    options: {},
    formats: targetsFormats,
  },
  chips: {
    description: "Search the chips: core, target and RAM",
    options: {
      name: {
        kind: "argument",
        describe: "Chip, as it is ordered, or the beginning of its name (default: a summary of all)",
      },
    },
    formats: chipsFormats,
  },
  init: {
    description: "Write a commented alloc-gen.json",
    options: {
      chip: {
        kind: "text",
        describe: 'Chip to write it for, such as STM32F407VG ("alloc-gen chips" searches)',
      },
      heaps: {
        kind: "choice",
        words: heapChoices,
        describe: "one heap (default), or one in each memory of the chip (regions)",
      },
      yes: { kind: "flag", describe: "Use the defaults, ask nothing" },
      force: writeOptions.force,
      ...quietOption,
    },
    formats: noFormats,
  },
  doctor: {
    description: "List the tools alloc-gen needs, and how to install those that are missing",
    options: {
      development: { kind: "flag", describe: "Also require what alloc-gen's own tests need" },
    },
    formats: requirementsFormats,
  },
} as const satisfies Readonly<Record<string, Command>>;

type Table = typeof table;
export type CommandName = keyof Table;
export const commandNames = Object.keys(table) as CommandName[];

/** The first words of commands of two words, and what such commands are for. */
export const commandGroups: Readonly<Record<string, string>> = {
  trace: "Import, describe and change traces",
};

/** What a command is given: the values of its options. */
export type Given<Name extends CommandName> = Values<Table[Name]["options"]>;

/** What a command prints. */
export type ReportOf<Name extends CommandName> =
  Table[Name]["formats"] extends Formats<infer Report> ? Report : never;

/** The commands; formats may be more than those that are here. */
export type CommandTable = {
  readonly [Name in CommandName]: {
    readonly description: string;
    readonly options: Table[Name]["options"];
    readonly formats: Formats<ReportOf<Name>>;
  };
};

export const commands: CommandTable = table;

/** A command's code. */
export type Run<Name extends CommandName> = (
  given: Given<Name>,
  context: CliContext,
  output: ReportOutput<ReportOf<Name>>,
) => Promise<ExitCode>;
