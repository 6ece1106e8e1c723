/** A command line run as by a user whose terminal is none, and what it writes. */
import type { CliContext, ExitCode } from "./context.js";
import type { CommandTable } from "./commands.js";
import { runProgram } from "./program.js";

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** @param context what is not usual: without a pipeline of its own, a command that asks for one fails */
export async function runWords(
  words: readonly string[],
  context: Pick<CliContext, "folder"> & Partial<CliContext>,
  commands?: CommandTable,
): Promise<Ran> {
  const seen = { out: "", err: "" };
  const usual: CliContext = {
    ...{ interactive: false, showsProgress: false, colors: false, debug: false },
    out: (text) => (seen.out += text),
    err: (text) => (seen.err += text),
    pipeline: () => Promise.reject(new Error("no pipeline is needed")),
    ...context,
  };
  const code = await runProgram(words, usual, commands);
  return { code, ...seen };
}

/** The words of a line; none has a space in it. */
export const wordsOf = (line: string): readonly string[] => line.split(" ").filter((word) => word !== "");
