/** What the machine's disassembler says of a program. Without it, nothing. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine/machine.js";
import { runToolSync } from "./run-tool.js";
import { makeWorkFolder, workFolderError } from "./work-folder.js";

/** The instruction as text, of each address that is code. */
export function disassembly(
  file: Uint8Array,
  { toolchain }: Pick<Machine, "toolchain">,
): ReadonlyMap<number, string> {
  const flags = ["--disassemble", "--no-show-raw-insn", "--wide"];
  const output = listed(`${toolchain.prefix}objdump`, flags, file);
  const found = new Map<number, string>();
  for (const [, at = "", text = ""] of output.matchAll(/^ *([0-9a-f]+):\t(.+)$/gm)) {
    const comment = text.search(/[@;]/);
    const instruction = comment < 0 ? text : text.slice(0, comment);
    found.set(parseInt(at, 16), instruction.replaceAll("\t", " ").trim());
  }
  return found;
}

function listed(program: string, flags: readonly string[], file: Uint8Array): string {
  const folder = makeWorkFolder("alloc-gen-listing-");
  try {
    writeFileSync(join(folder, "program.elf"), file);
    const all = [...flags, "program.elf"];
    const result = runToolSync({ program, name: program, flags: all, folder, step: "list a program" });
    return result.kind === "done" ? result.stdout : "";
  } catch (error) {
    throw workFolderError(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
