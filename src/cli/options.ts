/** Every option of every command, described once. */
import type { Options } from "yargs";

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
  out: {
    type: "string",
    requiresArg: true,
    describe: "Folder for the generated files (default: generated/ beside the config)",
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
  yes: { type: "boolean", describe: "Take the defaults, ask nothing" },
  development: { type: "boolean", describe: "Count what alloc-gen's own tests need as needed" },
} as const satisfies Record<string, Options>;

export type OptionName = keyof typeof options;

/** What the user asked for; options a command does not have are at their defaults. */
export interface Arguments {
  readonly config: string | undefined;
  readonly target: string | undefined;
  readonly set: readonly string[];
  readonly out: string | undefined;
  readonly json: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
  /** As written. */
  readonly failOnRegression: string | undefined;
  readonly yes: boolean;
  readonly development: boolean;
}
