/** One run of the command line: parse, run the command, turn what was thrown into messages and an exit code. */
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import { parseCommandLine } from "./command-line.js";
import { commands } from "./commands.js";
import type { ExitCode, Surroundings } from "./surroundings.js";

/** Exit code of an error that only we can have caused. */
const bugExitCode: ExitCode = 3;

/** Never throws. `words` are the arguments after the program's name. */
export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    const parsed = await parseCommandLine(words);
    if (parsed.kind === "text") {
      surroundings.out(parsed.text);
      return 0;
    }
    const command = await commands[parsed.name].load();
    return await command(parsed.given, surroundings);
  } catch (error) {
    return reportError(error, surroundings);
  }
}

function reportError(error: unknown, { err, debug }: Surroundings): ExitCode {
  if (error instanceof AllocGenError) {
    for (const diagnostic of error.diagnostics) err(`alloc-gen: ${formatDiagnostic(diagnostic)}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  err(`alloc-gen: ${message} (this is a bug in alloc-gen; DEBUG=1 shows where)\n`);
  if (debug && error instanceof Error) err(`${error.stack ?? ""}\n`);
  return bugExitCode;
}
