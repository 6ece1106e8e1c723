/** The function that a user names, in a file that may hold anything. */
import { AllocGenError, diagnose } from "../diagnostics.js";
import { nearestWord } from "../suggest.js";
import { contentAt } from "../toolchain/code-ranges.js";
import type { Elf, ElfSymbol } from "../toolchain/elf.js";

/**
 * Assembly may give its functions no type: then any symbol in code will do.
 * @param file as messages name it
 * @throws AllocGenError, exit code 2: there is none, or it is no code of the machine's
 */
export function findFunction(elf: Elf, name: string, file: string): ElfSymbol {
  const defined = elf.symbols.filter((symbol) => symbol.defined);
  const isNamed = defined.filter((symbol) => symbol.name === name);
  const found = isNamed.find(({ kind }) => kind !== "object") ?? isNamed[0];
  if (found === undefined) {
    const names = defined.filter(({ kind }) => kind !== "object").map((symbol) => symbol.name);
    throw new AllocGenError(2, [
      diagnose("no-such-function", { name, nearest: nearestWord(name, names) }, { file }),
    ]);
  }
  const address = elf.machine.registers.codeAddress(found.address);
  const what = whyNoFunction(elf, found.kind, address);
  if (what === undefined) return { ...found, address };
  throw new AllocGenError(2, [diagnose("not-a-function", { name, what }, { file })]);
}

function whyNoFunction(elf: Elf, kind: ElfSymbol["kind"], address: number): string | undefined {
  if (kind === "object") return "it is data";
  const content = contentAt(elf, address);
  switch (content) {
    case "data":
      return "there is data at its address (in assembly, write code as instructions, not with .short or .word)";
    case "foreign":
      return `it is ${elf.machine.elf.foreign}`;
    case "code":
    case undefined:
      return undefined;
  }
}
