/** The commands on traces, of two words each; `commands.ts` has the others, and says what an entry is. */
import { noFormats } from "../report/format.js";
import { traceFormats } from "../report/formats.js";
import { mergeOrders } from "../traces/merge.js";
import { quietOption, traceArgument, traceOutput } from "./options.js";

export const traceCommands = {
  "trace import": {
    description: "Make a trace of what a device recorded",
    options: {
      file: { kind: "argument", isFile: true, describe: "Recording, log or dump of the device" },
      from: {
        kind: "text",
        describe:
          "Its format: recording, text, freertos, esp-idf, zephyr or mtrace (default: by its content)",
      },
      header: {
        kind: "text",
        describe:
          "Bytes that each of its sizes has more than was asked for, such as a block header (default: 0)",
      },
      metadata: {
        kind: "text",
        isFile: true,
        describe: 'CTF metadata of a stream of Zephyr (default: the file "metadata" beside it)',
      },
      "keep-failed": {
        kind: "flag",
        describe: "Make requests that failed part of the trace: allocated and freed at once",
      },
      strict: { kind: "flag", describe: "Fail when events are lost, doubled or cannot be" },
      ...traceOutput,
      ...quietOption,
    },
    formats: noFormats,
  },
  "trace info": {
    description: "Print a trace's sizes, lifetimes and peak, what is left and what failed",
    options: { ...traceArgument },
    formats: traceFormats,
  },
  "trace anonymise": {
    description: "Leave a trace's names, tags and times out",
    options: { ...traceArgument, ...traceOutput, ...quietOption },
    formats: noFormats,
  },
  "trace cut": {
    description: "Keep some of a trace's operations",
    options: {
      ...traceArgument,
      from: { kind: "text", describe: "First operation to keep, counted from 1 (default: 1)" },
      to: { kind: "text", describe: "Last operation to keep (default: the last)" },
      live: {
        kind: "choice",
        words: ["allocate", "drop"],
        describe:
          "Blocks live before the first: allocate them at the start (default), or drop what is done to them",
      },
      ...traceOutput,
      ...quietOption,
    },
    formats: noFormats,
  },
  "trace merge": {
    description: "Make one trace of several",
    options: {
      files: { kind: "arguments", isFile: true, describe: "Traces, two or more" },
      order: {
        kind: "choice",
        words: mergeOrders,
        describe:
          "auto (default: time where all have times, else round-robin), time, round-robin or concatenate",
      },
      ...traceOutput,
      ...quietOption,
    },
    formats: noFormats,
  },
} as const;
