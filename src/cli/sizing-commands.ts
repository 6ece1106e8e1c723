/** The commands that size a heap and choose a config from traces. */
import { sizeFormats, tuneFormats } from "../report/formats.js";
import { budgetNames } from "../tune/budgets.js";
import { objectives } from "../tune/front.js";
import {
  configArgument,
  engineOption,
  perturbOptions,
  projectOptions,
  quietOption,
  traceOption,
} from "./options.js";

export const sizingCommands = {
  size: {
    description: "Find the least heap that serves a trace",
    options: {
      ...configArgument,
      ...projectOptions,
      ...traceOption,
      ...perturbOptions,
      ...engineOption,
      ...quietOption,
    },
    formats: sizeFormats,
  },
  tune: {
    description: "Find the configs that no other beats for a program, from its traces",
    options: {
      ...configArgument,
      target: projectOptions.target,
      chip: projectOptions.chip,
      set: projectOptions.set,
      trace: { ...traceOption.trace, describe: "Trace of the program (repeatable)" },
      budget: {
        kind: "list",
        describe: `Limit that a config must keep, NAME=NUMBER (repeatable): ${budgetNames.join(", ")}`,
      },
      minimise: {
        kind: "choice",
        words: objectives,
        describe: "What the first row has least of: ram (default), worst or mean cycles, flash",
      },
      peer: {
        kind: "list",
        isFile: true,
        describe: "Allocator to show beside them, as in compare (repeatable; default: newlib-nano)",
      },
      optimize: { kind: "text", describe: "-Os, -O2, -O3, or all (default: -Os and -O2)" },
      alignment: {
        kind: "list",
        describe: "Alignment of payloads to try beside the config's (repeatable): 4, 8, 16",
      },
      ...perturbOptions,
      processes: { kind: "text", describe: "Processes that search (default: one a processor)" },
      shard: {
        kind: "text",
        describe: "Search part K of N alone, as K/N, and write what was found to --part",
      },
      part: { kind: "text", describe: "File for what --shard found" },
      merge: {
        kind: "list",
        isFile: true,
        describe: "What a part of the search found (repeatable, all of them): go on from there",
      },
      write: { kind: "text", describe: "Write the config of this row as alloc-gen.json" },
      force: { kind: "flag", describe: "Overwrite a config that is there" },
      ...engineOption,
      ...quietOption,
    },
    formats: tuneFormats,
  },
} as const;
