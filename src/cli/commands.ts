/** The commands: names, options and where each one lives. A command's code is loaded when it runs. */
import type { Arguments, OptionName } from "./options.js";
import type { ExitCode, Surroundings } from "./surroundings.js";

export type RunCommand = (given: Arguments, surroundings: Surroundings) => Promise<ExitCode>;

export interface Command {
  /** As yargs writes it: "$0" is the command one gets by naming none. */
  readonly usage: string;
  readonly description: string;
  /** What the file is that the command is about, for those that have one. */
  readonly file?: string;
  readonly options: readonly OptionName[];
  readonly load: () => Promise<RunCommand>;
}

const project = ["target", "set", "heap"] as const;
const comparison = ["baseline", "fail-on-regression"] as const;

export const commands = {
  main: {
    usage: "$0 [config]",
    description: "Generate, build, emulate, compare, report",
    options: [...project, "engine", "out", "json", "force", "quiet", ...comparison],
    load: async () => (await import("./commands/main-job.js")).mainJob,
  },
  generate: {
    usage: "generate [config]",
    description: "Write the C and nothing else",
    options: [...project, "out", "force", "quiet"],
    load: async () => (await import("./commands/generate.js")).generate,
  },
  verify: {
    usage: "verify [config]",
    description: "Build, emulate, compare, report; write no C",
    options: [...project, "engine", "json", "quiet", ...comparison, "write-baseline"],
    load: async () => (await import("./commands/verify.js")).verify,
  },
  compare: {
    usage: "compare [config]",
    description:
      "Measure the generated allocator beside others, on the same traces and under the same checks",
    options: [...project, "peer", "trace", "optimize", "no-least-heap", "engine", "json", "quiet"],
    load: async () => (await import("./commands/compare.js")).compare,
  },
  size: {
    usage: "size [config]",
    description: "Find the least heap that serves a trace",
    options: [...project, "trace", "engine", "json", "quiet"],
    load: async () => (await import("./commands/size.js")).size,
  },
  explain: {
    usage: "explain [config]",
    description: "Draw the memory map and the header, and say what each choice costs",
    options: [...project, "json"],
    load: async () => (await import("./commands/explain.js")).explain,
  },
  inspect: {
    usage: "inspect [file]",
    description: "Draw the heap of a memory dump, list its blocks and say what is damaged",
    file: "Dump: the raw bytes of the heap, or of a memory that holds it",
    options: ["config", ...project, "offset", "base", "address", "elf", "json"],
    load: async () => (await import("./commands/inspect.js")).inspect,
  },
  time: {
    usage: "time [file]",
    description: "Call a function of an ELF file and print its modelled cycles",
    file: "ELF file: a program or an object file",
    options: ["call", "arg", "target", "repeat", "with-call", "annotate", "json"],
    load: async () => (await import("./commands/time.js")).time,
  },
  targets: {
    usage: "targets",
    description: "List the targets",
    options: ["json"],
    load: async () => (await import("./commands/targets.js")).targets,
  },
  init: {
    usage: "init",
    description: "Write a commented alloc-gen.json",
    options: ["yes", "force", "quiet"],
    load: async () => (await import("./commands/init.js")).init,
  },
  doctor: {
    usage: "doctor",
    description: "List the tools alloc-gen needs, and how to get those that are missing",
    options: ["development", "json"],
    load: async () => (await import("./commands/doctor.js")).doctor,
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];
