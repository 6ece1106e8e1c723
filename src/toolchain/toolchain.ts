/** Finds a compiler and asks its version. */
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, delimiter, join, resolve } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { defaultMachine, machines } from "../machine/registry.js";
import { openCache, sha256, type BuildCache } from "./cache.js";
import {
  compilerOf,
  compilersOf,
  familyNamed,
  familyOf,
  type FamilyName,
  type ToolchainFamily,
} from "./families.js";
import type { Machine } from "../machine/machine.js";
import { runToolSync } from "./run-tool.js";

export interface Toolchain {
  readonly family: FamilyName;
  /** As the config names it: "arm-none-eabi-gcc". */
  readonly compiler: string;
  /** Absolute path of the compiler. */
  readonly path: string;
  /** "12.2.1" */
  readonly version: string;
  /** What it is told first, of C. */
  readonly targetFlags: readonly string[];
  /** What assembles and links, where that is another program. */
  readonly linker?: Toolchain;
}

/**
 * Find a compiler by name (through PATH) or by path.
 * @throws AllocGenError, exit code 3: of no known family, not found (with what to install), or it does not run.
 */
export function findToolchain(
  compiler: string,
  cache: BuildCache = openCache(),
  machine: Pick<Machine, "toolchain"> = defaultMachine,
): Toolchain {
  const family = familyOf(compiler);
  if (family === undefined) {
    const all = machines.flatMap(({ toolchain }) => compilersOf(toolchain.prefix));
    const allowed = [...new Set(all)].join(", ");
    throw new AllocGenError(3, [diagnose("unknown-compiler", { compiler, allowed })]);
  }
  const path = findProgram(compiler);
  if (path === undefined) {
    const install = installation(compiler, family)
      .map((line) => `  ${line}`)
      .join("\n");
    throw new AllocGenError(3, [diagnose("missing-compiler", { compiler, install })]);
  }
  const { targetFlags, ...record } = familyNamed(family);
  const found = { family, compiler, path, version: versionOf(path, record, cache) };
  if (targetFlags === undefined) return { ...found, targetFlags: [] };
  const { triple, prefix, refused } = machine.toolchain;
  if (refused?.includes(family) === true) {
    const what = `compiler ${compiler}, for ${triple},`;
    throw new AllocGenError(3, [diagnose("not-available", { what, allowed: compilerOf("gcc", prefix) })]);
  }
  return {
    ...found,
    targetFlags: targetFlags(triple),
    linker: findToolchain(compilerOf("gcc", prefix), cache, machine),
  };
}

/** "arm-none-eabi-gcc 12.2.1 -O2" */
export function describeToolchain(toolchain: Toolchain, optimize: string): string {
  return `${basename(toolchain.compiler)} ${toolchain.version} ${optimize}`;
}

/** How to get the compiler, from the machine that its name begins with. */
function installation(compiler: string, family: FamilyName): readonly string[] {
  const name = basename(compiler);
  const machine = machines.find(({ toolchain }) => name.startsWith(toolchain.prefix)) ?? defaultMachine;
  return machine.toolchain.install[family] ?? [];
}

/** Absolute path of an executable file, or undefined. */
function findProgram(program: string): string | undefined {
  const candidates =
    basename(program) === program
      ? (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, program))
      : [resolve(program)];
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Asked once for a compiler's file: the answer is kept until the file changes. */
function versionOf(path: string, family: ToolchainFamily, cache: BuildCache): string {
  const file = realpathSync(path);
  const { mtimeMs, size } = statSync(file);
  const key = sha256(JSON.stringify(["version", file, mtimeMs, size]));
  const known = cache.read(key);
  if (known !== undefined) {
    return Buffer.from(known).toString("utf8");
  }
  const version = askVersion(path, family);
  cache.write(key, Buffer.from(version));
  return version;
}

function askVersion(path: string, family: ToolchainFamily): string {
  const fail = (output: string): never => {
    const parameters = { compiler: path, step: "print its version", output };
    throw new AllocGenError(3, [diagnose("compiler-failed", parameters)]);
  };
  const flags = family.versionArguments;
  const run = { program: path, name: path, flags, folder: process.cwd(), step: "print its version" };
  const result = runToolSync(run);
  if (result.kind === "failed") return fail(result.output);
  const version = result.stdout.trim();
  return version.length < 64 && /^\d+(\.\d+)*$/.test(version) ? version : fail(result.stdout.slice(0, 1000));
}
