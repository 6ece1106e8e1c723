/** How configs and the command line name compilers. */

/** What the names of the families mean; other names are a program's. */
const compilers = new Map([
  ["gcc", "arm-none-eabi-gcc"],
  ["clang", "clang"],
]);
/** A program of a family that is known, with a folder or without. */
const compilerName = /(?:^|[\\/])(?:[\w.]+-)*(?:gcc|clang)(?:-[\d.]+)?(?:\.exe)?$/;

/** What may stand for a compiler, for messages. */
export const compilerWords = '"gcc", "clang", or the name or path of one of them';

/** One of each family. */
export const allCompilers: readonly string[] = [...compilers.values()];

/** Name or path of the program that is meant; undefined: of no known family. */
export const compilerNamed = (word: string): string | undefined =>
  compilers.get(word) ?? (compilerName.test(word) ? word : undefined);
