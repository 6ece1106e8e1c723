/** How configs and the command line name compilers. */

import type { Machine } from "../machine/machine.js";
import { defaultMachine } from "../machine/registry.js";

/** What the names of the families mean; other names are a program's. */
const compilers = new Map([
  ["gcc", "arm-none-eabi-gcc"],
  ["clang", "clang"],
]);
/** A program of a family that is known, with a folder or without. */
const compilerName = /(?:^|[\\/])(?:[\w.]+-)*(?:gcc|clang)(?:-[\d.]+)?(?:\.exe)?$/;

/** What may stand for a compiler, for messages. */
export const compilerWords = '"gcc", "clang", or the name or path of one of them';

/** Of compilers that are built for one machine, that of another machine in place of the usual one. */
export function compilerOfMachine(compiler: string, { toolchain }: Pick<Machine, "toolchain">): string {
  const usual = defaultMachine.toolchain.prefix;
  return compiler.startsWith(usual) ? toolchain.prefix + compiler.slice(usual.length) : compiler;
}

/** One of each family. */
export const allCompilers: readonly string[] = [...compilers.values()];

/** Name or path of the program that is meant; undefined: of no known family. */
export const compilerNamed = (word: string): string | undefined =>
  compilers.get(word) ?? (compilerName.test(word) ? word : undefined);
