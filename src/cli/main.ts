#!/usr/bin/env node
/** The `alloc-gen` program. */
import { runProgram } from "./program.js";
import { processContext } from "./context.js";

// The reader of a pipe may leave early (`alloc-gen | head`): that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), processContext());
