/** The compilers that a command line names. */
import { allCompilers, compilerNamed, compilerWords } from "../config/compiler.js";
import { usageError } from "./usage-error.js";

/**
 * Names or paths of programs, each once, in the order in which they are named.
 * @param words of `--compiler`; "all" is one of each family
 * @param own the config's, for a command line that names none
 * @throws AllocGenError, exit code 2: of no known family
 */
export function givenCompilers(words: readonly string[], own: string): readonly string[] {
  if (words.length === 0) return [own];
  const named = words.flatMap((word) => {
    if (word === "all") return allCompilers;
    const compiler = compilerNamed(word);
    if (compiler !== undefined) return [compiler];
    throw usageError(`--compiler is "${word}" (allowed: ${compilerWords}, or all)`);
  });
  return [...new Set(named)];
}
