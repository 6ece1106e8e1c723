/** The commented config that `alloc-gen init` writes. */
import { defaultMachine } from "../machine/registry.js";
import { defaultStarter, policies } from "../policies/registry.js";
import type { Starter } from "../policies/policy.js";
import type { Config, Optimization } from "./config.js";
import { chipLines, regionLines, severalHeaps, type InitialChip } from "./initial-chip.js";
import { workloadNames } from "./vocabulary.js";

export interface InitialAnswers {
  /** C identifier. */
  readonly name: string;
  /** A folder of `targets/`. */
  readonly target: string;
  /** Bytes, or text such as "32KiB". */
  readonly heapSize: number | string;
  readonly alignment: 4 | 8 | 16 | 32;
  /** Name of one of the `starters`. */
  readonly policy: string;
  readonly zeroSize: Config["zeroSize"];
  readonly optimize: Optimization;
  /** In place of the target. */
  readonly chip?: InitialChip;
}

const locks = defaultMachine.masks.map(({ example }) => example);
export const defaultAnswers: InitialAnswers = {
  name: "app_heap",
  target: "cortex-m4",
  heapSize: "32KiB",
  alignment: 8,
  policy: defaultStarter,
  zeroSize: "null",
  optimize: "-O2",
};

/** What can be begun with, the default first. */
export const starters = policies
  .flatMap((policy) => policy.starters)
  .toSorted((left, right) => Number(right.name === defaultStarter) - Number(left.name === defaultStarter));

function starterNamed(name: string): Starter {
  const found = starters.find((starter) => starter.name === name);
  if (found === undefined) throw new RangeError(`no policy ${name} to begin with`);
  return found;
}

/** The text of alloc-gen.json. It loads without faults when each answer is one the config takes. */
export function initialConfigText(answers: InitialAnswers = defaultAnswers): string {
  const { chip } = answers;
  return `{
  // Editors complete and check this file with the schema.
  "$schema": "./node_modules/alloc-gen/schema/alloc-gen.schema.json",

${chip?.heaps === "regions" ? severalHeaps(chip.chip, answers) : oneHeap(answers)}

${starterNamed(answers.policy).text}

${rest(answers)}}
`;
}

function oneHeap({ name, target, heapSize, alignment, chip }: InitialAnswers): string {
  const lines = chip === undefined ? [] : regionLines(chip.chip);
  return `  // Prefix of every public symbol, and the name of the two files: ${name}.h and ${name}.c.
  "name": ${value(name)},

${chip === undefined ? targetLines(target) : chipLines(chip.chip)}

  "heap": {
    // Control data included. A multiple of the alignment, 256 bytes to 64 MiB.
    "size": ${value(heapSize)},
    // Of every pointer malloc returns: 4, 8, 16, 32 or 64. The Arm ABI requires 8.
    "alignment": ${value(alignment)},
    // A linker section for the heap's bytes; without it they are in .bss. Other placements
    // are "linker" (between two linker symbols) and "runtime" (in a region passed to init).
    // "placement": { "kind": "static", "section": ".ccmram" },
${lines.map((line) => `    ${line}\n`).join("")}  },`;
}

const value = (json: unknown): string => JSON.stringify(json);

const targetLines = (target: string): string =>
  `  // The core; "alloc-gen targets" lists them. --target on the command line overrides this.
  "target": ${value(target)},`;

/** What heaps of one and of several have in common. */
const rest = ({ zeroSize, optimize }: InitialAnswers): string =>
  `  // What a block's header holds. "auto" packs the smallest that the policy needs.
  "header": "auto",

  // Limits on requests let the plan leave out code and bits.
  // "limits": { "largest": "1KiB", "smallest": 8 },

  // What malloc(0) returns: "null", or a "unique" pointer.
  "api": { "zeroSize": ${value(zeroSize)} },

  // What keeps interrupts out, where they call too: ${locks.join(", ")}, or "custom" hooks of yours.
  // "lock": ${locks[0] ?? '"custom"'},

  // -Os for size, -O2 or -O3 for speed: measure, for the faster one is not always the expected one.
  "toolchain": { "optimize": ${value(optimize)} },

  // What is replayed on the emulated core and compared with the reference.
  "verify": {
    "seed": 1,
    "operations": 20000,
    "workloads": ${value(workloadNames).replaceAll(",", ", ")},
    // Traces recorded from your own program, relative to this file.
    // "traces": ["my-program.trace.gz"],
  },

  // A run that exceeds a budget fails.
  // "budgets": { "flash": "2KiB", "stack": 128, "cycles": { "malloc": { "worst": 400 }, "free": { "worst": 400 } } },
`;
