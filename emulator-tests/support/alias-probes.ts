/** A program that tells whether a generated C file's compiler lets blocks and payloads be the same memory. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blockTypes } from "./block-types.js";
import { hooksOf, runCommand, type HostBuild, type Subject } from "./run-on-host.js";

/** Payloads: their type, an lvalue in it, a value. */
const payloads = [
  ["float", "*payload", "SOME_FLOAT"],
  ["double", "*payload", "SOME_DOUBLE"],
  ["user_t", "payload->of", "SOME_FLOAT"],
] as const;

/** The arguments of PROBE, for each place of each type by which blocks are accessed, and each payload. */
const probesOf = (text: string): readonly (readonly string[])[] =>
  blockTypes(text).flatMap(({ name, places }) =>
    places.flatMap((place, index) =>
      payloads.map(([user, lvalue, value]) => {
        const id = [name, ...(place === "" ? [] : [place.replace(/\W/g, ""), String(index)]), user].join("_");
        return [id, name, place === "" ? "*block" : `block${place}`, user, lvalue, value];
      }),
    ),
  );

/** How many functions the program has. */
export const probeCount = (text: string): number => 2 * probesOf(text).length;

const probesFile = new URL("alias-probes.h", import.meta.url);

/** The functions that returned what was written first, each a line; or what the compiler said. */
export async function missedWrites(
  subject: Subject,
  command: HostBuild["command"],
  level: string,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-alias-"));
  try {
    const files = [...subject.files, ...hooksOf(subject)];
    await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
    await writeFile(join(folder, "alias-probes.h"), await readFile(probesFile));
    const probes = probesOf(files.find(({ name }) => name === `${subject.name}.c`)?.text ?? "");
    const program = [
      `#include "${subject.name}.c"`,
      '#include "alias-probes.h"',
      ...(hooksOf(subject).length > 0
        ? ["uint32_t test_lock(void) { return 0U; }", "void test_unlock(uint32_t state) { (void)state; }"]
        : []),
      ...[
        ...(subject.files.find(({ name }) => name === `${subject.name}.c`)?.text ?? "").matchAll(
          /^extern (uint8_t \w+)\[\];/gm,
        ),
      ].map(([, symbol = ""]) => `${symbol}[1];`),
      ...probes.map((words) => `PROBE(${words.join(", ")})`),
      "int main(void) {",
      ...probes.map(([id = ""]) => `run_${id}();`),
      "return missed != 0U; }",
    ];
    await writeFile(join(folder, "program.c"), `${program.join("\n")}\n`);
    const built = await runCommand(
      command,
      ["-std=gnu11", "-w", level, "program.c", "-o", "program"],
      folder,
    );
    const told = built === "" ? await runCommand("./program", [], folder) : built;
    return told === "" ? [] : told.split("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
