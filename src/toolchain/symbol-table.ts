/** What a linked program calls by name. */
import { address } from "../units.js";
import type { Elf, ElfSymbol } from "./elf.js";
import type { Image } from "./image.js";

/**
 * Functions, variables and what the linker scripts define, by name; where a static symbol and a global one share it,
 * the global one. The local labels of assembly are left out.
 */
export function symbolTable(elf: Elf): Image["symbols"] {
  const globalsLast = (a: ElfSymbol, b: ElfSymbol): number => Number(a.global) - Number(b.global);
  const entries = elf.symbols
    .filter(({ defined, global, kind }) => defined && (global || kind !== "other"))
    .sort(globalsLast)
    .map((symbol) => [symbol.name, { address: address(symbol.address), bytes: symbol.bytes }] as const);
  return new Map(entries);
}
