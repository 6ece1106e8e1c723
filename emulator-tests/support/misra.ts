/** What cppcheck's addon for MISRA C:2012 reports of a C file. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SourceFile } from "../../src/toolchain/compile.js";

/** What the addon reports and the C does not do, each with the reason. */
export const falseReports: Readonly<Record<string, string>> = {
  "2.7": "an operand of an assembly instruction is a use of the parameter",
  "8.4": "static _Alignas(8U) union { } heap is static",
  "8.7": "the functions of the API are called by the user's program",
  "10.3": "whole -= left is arithmetic on a pointer, of which rule 18.4 tells",
  "10.4": "offsetof and the constants are unsigned both; those of the byte order are the compiler's",
  "12.1": "fits ? (least * most) : SIZE_MAX has no operator of another precedence: SIZE_MAX is one operand",
};

/** Rules, "11.5", each once. */
export async function reportedRules(
  file: SourceFile,
  included: readonly SourceFile[],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-misra-"));
  try {
    await Promise.all([file, ...included].map(({ name, text }) => writeFile(join(folder, name), text)));
    const words = ["--addon=misra", "--std=c11", "--platform=unix32", "--enable=style", "--quiet"];
    const { stderr } = await promisify(execFile)("cppcheck", [...words, file.name], { cwd: folder });
    const rules = new Set([...stderr.matchAll(/misra-c2012-(\d+\.\d+)/g)].map(([, rule = ""]) => rule));
    return [...rules].filter((rule) => !(rule in falseReports));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The rules that the banner of a C file says it deviates from. */
export function statedRules(text: string): readonly string[] {
  const list = /MISRA C:2012 deviations:\n((?: \* {3}.*\n)*)/.exec(text)?.[1] ?? "";
  return [...list.matchAll(/^ \* {3}([\d., ]+) {2}/gm)].flatMap(([, rules = ""]) => rules.trim().split(", "));
}
