/** The commented config that `alloc-gen init` writes. */
import type { PolicyConfig } from "../policies/registry.js";
import type { Config, Optimization } from "./config.js";
import { workloadNames } from "./vocabulary.js";

export interface InitialAnswers {
  /** C identifier. */
  readonly name: string;
  /** A folder of `targets/`. */
  readonly target: string;
  /** Bytes, or text such as "32KiB". */
  readonly heapSize: number | string;
  readonly alignment: 4 | 8 | 16 | 32;
  /** "seed" is the preset of sequential-fit. */
  readonly policy: PolicyConfig["kind"] | "seed";
  readonly zeroSize: Config["zeroSize"];
  readonly optimize: Optimization;
}

export const defaultAnswers: InitialAnswers = {
  name: "app_heap",
  target: "cortex-m4",
  heapSize: "32KiB",
  alignment: 8,
  policy: "segregated-fit",
  zeroSize: "null",
  optimize: "-O2",
};

/** The text of alloc-gen.json. It loads without faults when each answer is one the config takes. */
export function initialConfigText(answers: InitialAnswers = defaultAnswers): string {
  const value = JSON.stringify;
  return `{
  // Editors complete and check this file with the schema.
  "$schema": "./node_modules/alloc-gen/schema/alloc-gen.schema.json",

  // Prefix of every public symbol, and the name of the two files: ${answers.name}.h and ${answers.name}.c.
  "name": ${value(answers.name)},

  // The core; "alloc-gen targets" lists them. --target on the command line wins over this.
  "target": ${value(answers.target)},

  "heap": {
    // Control data included. A multiple of the alignment, 512 bytes to 1 MiB.
    "size": ${value(answers.heapSize)},
    // Of every pointer malloc returns: 4, 8, 16, 32 or 64. The Arm ABI asks for 8.
    "alignment": ${value(answers.alignment)},
    // A linker section for the heap's bytes; without it they are in .bss. Other words
    // are "linker" (between two symbols of yours) and "runtime" (in a region that init is handed).
    // "placement": { "kind": "static", "section": ".ccmram" },
  },

${policyText(answers.policy)}

  // What a block's header holds. "auto" packs the smallest that the policy needs.
  "header": "auto",

  // Limits on requests let the plan drop code and bits.
  // "limits": { "largest": "1KiB", "smallest": 8 },

  // What malloc(0) gives: "null", or a "unique" pointer.
  "api": { "zeroSize": ${value(answers.zeroSize)} },

  // What keeps interrupts out, where they call too: "primask", { "kind": "basepri", "priority": 64 }, or "custom" hooks of yours.
  // "lock": "primask",

  // -Os for size, -O2 or -O3 for speed: measure, the faster one is not always the one you expect.
  "toolchain": { "optimize": ${value(answers.optimize)} },

  // What is replayed on the emulated core and held against the reference.
  "verify": {
    "seed": 1,
    "operations": 20000,
    "workloads": ${value(workloadNames).replaceAll(",", ", ")},
    // Traces recorded from your own program, relative to this file.
    // "traces": ["my-program.trace.gz"],
  },

  // A run that exceeds a budget fails.
  // "budgets": { "flash": "2KiB", "stack": 128, "cycles": { "malloc": { "worst": 400 }, "free": { "worst": 400 } } },
}
`;
}

function policyText(policy: InitialAnswers["policy"]): string {
  switch (policy) {
    case "segregated-fit":
      return `  // Size classes with a bitmap index: constant time. docs/policies.md tells of the others.
  "policy": {
    "kind": "segregated-fit",
    // Block sizes below this have a class each; above it there are so many classes to a doubling.
    // "subdivisions": 2,
    // Look at the request's own class first: less memory lost, a few more cycles.
    "probe": true,
    // Keep freed blocks of small requests for others of the same size: a fraction of the cycles, some more memory.
    // "quickLists": { "upTo": 128, "most": 32 },
  },`;
    case "sequential-fit":
      return `  // One list of free blocks, searched in order. docs/policies.md tells of the other policies.
  "policy": {
    "kind": "sequential-fit",
    // first, next, best or worst
    "fit": "first",
    // Where a freed block goes: address, lifo or fifo
    "order": "address",
    // Whether the untouched space serves first, or last
    "wilderness": "last",
    // immediate, deferred, list-neighbours or never
    "coalesce": "immediate",
  },`;
    case "bump":
      return `  // An arena: the cheapest malloc there is, and next to no free.
  "policy": {
    "kind": "bump",
    // What gives memory back. all: only init, everything at once; lifo: also the free of the newest block, and marks
    "release": "all",
  },`;
    case "pool":
      return `  // Blocks of one or a few fixed sizes, in constant time.
  "policy": {
    "kind": "pool",
    // One class may leave out its count: it gets what the others leave.
    "classes": [{ "size": 64 }],
    // Whether larger classes help out
    "fallback": true,
  },`;
    case "bitmap":
      return `  // Bits outside the blocks say what is in use: no header, first fit by address.
  "policy": {
    "kind": "bitmap",
    // Block sizes are multiples of it: a power of two times the alignment, which it is when left out
    // "granule": 32,
  },`;
    case "buddy":
      return `  // Binary buddies: block sizes are powers of two, split and merged in logarithmic time.
  "policy": {
    "kind": "buddy",
    // The smallest block
    "smallest": 32,
  },`;
    case "seed":
      return `  // Untouched space first, then the slots of a side table in the order they were freed.
  "policy": {
    "kind": "sequential-fit",
    "preset": "seed",
  },`;
  }
}
