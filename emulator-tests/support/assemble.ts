/** Assembles a few lines, for hand counts of cycles. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseElf } from "../../src/toolchain/elf.js";
import { Code } from "../../src/machine/code.js";
import type { PlacedInstruction } from "../../src/machine/instruction.js";

/** Where the first line of every text stands; a multiple of 16. */
export const firstAddress = 0x1000;

/** The instructions of each text. `core` is what -mcpu takes. */
export function assemble(core: string, texts: readonly string[]): readonly (readonly PlacedInstruction[])[] {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-assemble-"));
  try {
    const object = join(folder, "code.o");
    const sections = texts.map(
      (text, index) => `.section .text.case${index}, "ax", %progbits\n.balign 16\n${text}\n`,
    );
    execFileSync("arm-none-eabi-as", [`-mcpu=${core}`, "-mthumb", "-o", object, "-"], {
      input: `.syntax unified\n${["cortex-m4", "cortex-m7", "cortex-m33"].includes(core) ? ".fpu fpv4-sp-d16\n" : ""}${sections.join("")}`,
    });
    const elf = parseElf(readFileSync(object));
    return texts.map((_, index) => {
      const section = elf.sections.find(({ name }) => name === `.text.case${index}`);
      const data = section?.data ?? new Uint8Array(0);
      const range = { start: firstAddress, end: firstAddress + data.length };
      const block = new Code(elf.machine, [{ address: firstAddress, data }], [range]).block(
        range.start,
        range.end,
      );
      if ("kind" in block) throw new Error(`case ${index}: ${block.kind}`);
      return block.instructions;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
