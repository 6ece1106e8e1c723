/** What the toolchain's own tools say of addresses: source lines and disassembly. Without the tools, nothing. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** "main.c:12" of each address that debug information knows. */
export function sourceLines(file: Uint8Array, addresses: readonly number[]): ReadonlyMap<number, string> {
  const input = addresses.map((at) => `0x${at.toString(16)}\n`).join("");
  const output = runTool("arm-none-eabi-addr2line", (path) => ["-e", path], file, input);
  const found = new Map<number, string>();
  for (const [index, line] of output.split("\n").entries()) {
    const at = addresses[index];
    const [, place = "", number = ""] = /^(.*):(\d+)/.exec(line) ?? [];
    if (at !== undefined && Number(number) > 0) found.set(at, `${basename(place)}:${number}`);
  }
  return found;
}

/** "ldr r0, [r1, #4]" of each address that is code. */
export function disassembly(file: Uint8Array): ReadonlyMap<number, string> {
  const flags = ["--disassemble", "--no-show-raw-insn", "--wide"];
  const output = runTool("arm-none-eabi-objdump", (path) => [...flags, path], file, "");
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

function runTool(
  program: string,
  words: (path: string) => readonly string[],
  file: Uint8Array,
  input: string,
): string {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-listing-"));
  try {
    const path = join(folder, "program.elf");
    writeFileSync(path, file);
    return execFileSync(program, words(path), {
      input,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C" },
    });
  } catch {
    return "";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
