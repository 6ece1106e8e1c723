/** One run of the command line: parse, run the command, turn what was thrown into messages and an exit code. */
import { resolve } from "node:path";
import { AllocGenError, formatDiagnostics } from "../diagnostics.js";
import { printableLines } from "../printable.js";
import { parseCommandLine } from "./command-line.js";
import { commands as allCommands, type CommandName, type CommandTable, type Given } from "./commands.js";
import { loadCommand } from "./load-command.js";
import { valuesOf, type OptionTable } from "./option.js";
import { formatOptions } from "./options.js";
import { planOutput } from "./output.js";
import type { ExitCode, CliContext } from "./context.js";
import { usageError } from "./usage-error.js";

/** Exit code of an error that only we can have caused. */
const bugExitCode: ExitCode = 3;

/**
 * Never throws. `words` are the arguments after the program's name.
 * @param commands with formats of your own, for instance
 */
export async function runProgram(
  words: readonly string[],
  context: CliContext,
  commands: CommandTable = allCommands,
): Promise<ExitCode> {
  try {
    const parsed = await parseCommandLine(words, commands);
    if (parsed.kind === "text") {
      context.out(parsed.text);
      return 0;
    }
    return await runCommand(parsed.name, commands[parsed.name], parsed.read, context);
  } catch (error) {
    return reportError(error, context);
  }
}

async function runCommand<Name extends CommandName>(
  name: Name,
  { options, formats }: CommandTable[Name],
  read: Readonly<Record<string, unknown>>,
  context: CliContext,
): Promise<ExitCode> {
  const given: Given<Name> = valuesOf(options, read, fail);
  const output = planOutput(formats, valuesOf(formatOptions([]), read, fail), context);
  output.keep(namedFiles(options, read, context));
  const run = await loadCommand[name]();
  return run(given, context, output);
}

/** What the command line names that may be a file. */
function namedFiles(
  options: OptionTable,
  read: Readonly<Record<string, unknown>>,
  { folder }: CliContext,
): readonly string[] {
  const files = Object.entries(options).filter(([, option]) => "isFile" in option);
  const words = files.flatMap(([name]) => [read[name]].flat()).filter((word) => typeof word === "string");
  return words.map((word) => resolve(folder, word.replace(/^@/, "")));
}

function fail(what: string): never {
  throw usageError(what);
}

function reportError(error: unknown, { err, debug }: CliContext): ExitCode {
  if (error instanceof AllocGenError) {
    for (const text of formatDiagnostics(error.diagnostics)) err(`alloc-gen: ${text}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  err(`alloc-gen: ${printableLines(message)} (this is a bug in alloc-gen; DEBUG=1 shows where)\n`);
  if (debug && error instanceof Error) err(`${error.stack ?? ""}\n`);
  return bugExitCode;
}
