/** Builds a program of published code into one object file. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { machineOf } from "../../src/machine/registry.js";
import type { Target } from "../../src/targets/target.js";
import type { Program } from "./cases.js";

/** The path of the object. @throws Error with the compiler's messages. */
export function buildProgram(
  name: string,
  { flags, files, writtenAsData }: Program,
  { target, sources, folder }: { readonly target: Target; readonly sources: string; readonly folder: string },
): string {
  const inherited = "inherit";
  const { toolchain } = machineOf(target);
  const objects = files.map((file, index) => {
    const object = join(folder, `${name}-${index}.o`);
    const given = [...target.compilerFlags, ...flags, "-w", "-c"];
    const source = writtenAsData.includes(file) ? asCode(join(sources, file), folder) : file;
    execFileSync(`${toolchain.prefix}gcc`, [...given, source, "-o", object], {
      cwd: sources,
      stdio: inherited,
    });
    return object;
  });
  const whole = join(folder, `${name}.o`);
  execFileSync(`${toolchain.prefix}gcc`, [
    ...toolchain.linkFlags(target.compilerFlags),
    "-nostdlib",
    "-r",
    "-o",
    whole,
    ...objects,
  ]);
  return whole;
}

/** A copy in which halfwords among the code are instructions. */
function asCode(path: string, folder: string): string {
  const copy = join(folder, basename(path));
  writeFileSync(copy, readFileSync(path, "utf8").replaceAll(/^(\s*)\.short\b/gm, "$1.inst.n"));
  return copy;
}
