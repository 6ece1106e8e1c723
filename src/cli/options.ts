/** Every option of every command, described once. */
import type { Options } from "yargs";
import type { EngineChoice } from "../emulators/engine.js";

export const options = {
  target: {
    type: "string",
    requiresArg: true,
    describe: 'Core to generate for; wins over the config ("alloc-gen targets" lists them)',
  },
  set: {
    type: "string",
    array: true,
    requiresArg: true,
    describe: "Set one value of the config: --set heap.size=24KiB (repeatable)",
  },
  heap: {
    type: "string",
    requiresArg: true,
    describe: "The heap that is meant, of a config of several",
  },
  out: {
    type: "string",
    requiresArg: true,
    describe: "Folder for the generated files (default: generated/ beside the config)",
  },
  engine: {
    type: "string",
    requiresArg: true,
    describe: "Emulator: unicorn (default), qemu, or both against each other",
  },
  json: { type: "boolean", describe: "Print JSON" },
  force: { type: "boolean", describe: "Overwrite files that alloc-gen did not generate" },
  quiet: { type: "boolean", describe: "No progress and no messages but errors" },
  baseline: {
    type: "string",
    requiresArg: true,
    describe: "File of the figures to compare with (default: alloc-gen.baseline.json beside the config)",
  },
  "write-baseline": { type: "boolean", describe: "Store this run's figures as the baseline" },
  "fail-on-regression": {
    type: "string",
    requiresArg: true,
    describe: "Fail where a figure is more than this many percent above the baseline",
  },
  peer: {
    type: "string",
    array: true,
    requiresArg: true,
    describe: "Allocator to compare with: a peer.json, or newlib, newlib-nano or picolibc (repeatable)",
  },
  trace: {
    type: "string",
    array: true,
    requiresArg: true,
    describe: "Trace to replay (repeatable; default: those of the config)",
  },
  optimize: {
    type: "string",
    requiresArg: true,
    describe: "-Os, -O2, -O3, or all (default: the config's)",
  },
  "no-least-heap": {
    type: "boolean",
    describe: "Leave out the search for the least heaps, which takes longest",
  },
  call: { type: "string", requiresArg: true, describe: "Function to call" },
  arg: {
    type: "string",
    array: true,
    requiresArg: true,
    describe: "Its next argument (repeatable): a number, @FILE or buffer:BYTES for the address of such bytes",
  },
  repeat: { type: "string", requiresArg: true, describe: "Calls, one behind the other (default: 1)" },
  "with-call": { type: "boolean", describe: "Count the caller's BL too" },
  annotate: { type: "boolean", describe: "Show each instruction with its count and cycles" },
  config: {
    type: "string",
    requiresArg: true,
    describe: "Config of the heap (default: alloc-gen.json in the working directory)",
  },
  offset: { type: "string", requiresArg: true, describe: "Where in the file the heap begins, in bytes" },
  base: { type: "string", requiresArg: true, describe: "Address on the target of the file's first byte" },
  address: { type: "string", requiresArg: true, describe: "Address of the heap on the target" },
  elf: { type: "string", requiresArg: true, describe: "Linked firmware whose symbol is the heap's address" },
  yes: { type: "boolean", describe: "Take the defaults, ask nothing" },
  development: { type: "boolean", describe: "Count what alloc-gen's own tests need as needed" },
} as const satisfies Record<string, Options>;

export type OptionName = keyof typeof options;

/** What the user asked for; options a command does not have are at their defaults. */
export interface Arguments {
  readonly config: string | undefined;
  readonly target: string | undefined;
  readonly set: readonly string[];
  readonly heap: string | undefined;
  readonly out: string | undefined;
  readonly engine: EngineChoice;
  readonly json: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
  /** As written. */
  readonly failOnRegression: string | undefined;
  readonly peers: readonly string[];
  readonly traces: readonly string[];
  /** As written. */
  readonly optimize: string | undefined;
  readonly noLeastHeap: boolean;
  /** ELF file of `time`, dump of `inspect`. */
  readonly file: string | undefined;
  readonly call: string | undefined;
  readonly args: readonly string[];
  /** As written. */
  readonly repeat: string | undefined;
  readonly withCall: boolean;
  readonly annotate: boolean;
  /** As written. */
  readonly offset: string | undefined;
  /** As written. */
  readonly base: string | undefined;
  /** As written. */
  readonly address: string | undefined;
  readonly elf: string | undefined;
  readonly yes: boolean;
  readonly development: boolean;
}
