/** What an allocator costs, measured in the linked program. */
import { bytes } from "../units.js";
import type { Elf, ElfSection } from "./elf.js";
import type { SizeReport } from "./image.js";

/** Output sections of replay.ld that hold the allocator's own bytes. */
const codeSection = ".allocator_code";
const writableSections = [".allocator_data", ".allocator_bss", ".allocator_placed"];

/** Flash: code, constants, and initial values that start-up would have to copy. RAM: all writable bytes. */
export function measureSize(elf: Elf): SizeReport {
  const code = elf.sections.filter(({ name }) => name === codeSection);
  const writable = elf.sections.filter(({ name }) => writableSections.includes(name));
  return {
    flashBytes: bytes(total(code) + total(writable.filter(hasInitialValues))),
    ramBytes: bytes(total(writable)),
    functions: functionSizes(elf, code),
  };
}

function total(sections: readonly ElfSection[]): number {
  return sections.reduce((sum, section) => sum + section.bytes, 0);
}

/** A heap in a section of its own has its zeros in the file; a real program's linker script leaves them out. */
function hasInitialValues(section: ElfSection): boolean {
  return section.data.some((byte) => byte !== 0);
}

function functionSizes(elf: Elf, code: readonly ElfSection[]): Readonly<Record<string, number>> {
  const within = (address: number): boolean =>
    code.some((section) => address >= section.address && address < section.address + section.bytes);
  const functions = elf.symbols
    .filter(({ kind, address }) => kind === "function" && within(address))
    .sort((a, b) => a.address - b.address);
  return Object.fromEntries(functions.map(({ name, bytes: size }) => [name, size]));
}
