/** The program in this process: its arguments, its streams, its exit code. */
import { processContext } from "./context.js";
import { runProgram } from "./program.js";

/** Sets the exit code; never throws. */
export async function run(): Promise<void> {
  // The reader of a pipe may leave early (`alloc-gen | head`): that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await runProgram(process.argv.slice(2), processContext());
}
