/** What the machine's disassembler says of a program. Without it, nothing. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "../machine/machine.js";

/** The instruction as text, of each address that is code. */
export function disassembly(
  file: Uint8Array,
  { toolchain }: Pick<Machine, "toolchain">,
): ReadonlyMap<number, string> {
  const flags = ["--disassemble", "--no-show-raw-insn", "--wide"];
  const output = runTool(`${toolchain.prefix}objdump`, flags, file);
  const found = new Map<number, string>();
  for (const [, at = "", text = ""] of output.matchAll(/^\s*([0-9a-f]+):\t(.+)$/gm)) {
    found.set(
      parseInt(at, 16),
      text
        .replace(/\s*[@;].*$/, "")
        .replaceAll("\t", " ")
        .trim(),
    );
  }
  return found;
}

function runTool(program: string, flags: readonly string[], file: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-listing-"));
  try {
    const path = join(folder, "program.elf");
    writeFileSync(path, file);
    return execFileSync(program, [...flags, path], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C" },
    });
  } catch {
    return "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
