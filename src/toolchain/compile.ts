/** Compiles and links a set of texts. The compiler sees nothing else, so the texts and flags are the cache's key. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { sha256, type BuildCache } from "./cache.js";
import type { Toolchain } from "./toolchain.js";

/** A file of the build, by its path in the build folder: relative, with forward slashes. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface CompileUnit {
  /** Path of a `.c` or `.S` among the files. */
  readonly source: string;
  /** Name of the object: linker scripts may refer to it. */
  readonly object: string;
  readonly flags: readonly string[];
  /** Called with the object before the link: throws what the linker would say less clearly. */
  readonly check?: (object: Uint8Array) => void;
}

export interface CompileJob {
  readonly toolchain: Toolchain;
  readonly files: readonly SourceFile[];
  readonly units: readonly CompileUnit[];
  /** Everything but the objects and the output. */
  readonly linkFlags: readonly string[];
}

/** How a job becomes an ELF file. */
export type Compile = (job: CompileJob, cache: BuildCache) => Promise<Uint8Array>;

/** Raised when what a build does with the same inputs changes. */
const keyVersion = 1;

/**
 * The linked ELF of a job, from the cache where that has it.
 * @throws AllocGenError, exit code 3, with the compiler's output where it refuses.
 */
export async function compile(job: CompileJob, cache: BuildCache): Promise<Uint8Array> {
  const key = keyOf(job);
  const known = cache.read(key);
  if (known !== undefined) {
    return known;
  }
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-build-"));
  try {
    const elf = await compileIn(folder, job);
    cache.write(key, elf);
    return elf;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keyOf({ toolchain, files, units, linkFlags }: CompileJob): string {
  const { path, version } = toolchain;
  const commands = units.map(({ source, object, flags }) => [source, object, flags]);
  return sha256(JSON.stringify([keyVersion, path, version, files, commands, linkFlags]));
}

async function compileIn(folder: string, job: CompileJob): Promise<Uint8Array> {
  const { toolchain, units } = job;
  writeFiles(folder, job.files);
  await Promise.all(units.map((unit) => compileUnit(folder, toolchain, unit)));
  for (const { object, check } of units) {
    check?.(readFileSync(join(folder, object)));
  }
  return link(folder, job);
}

/** The linked file of a folder that has the units' objects. */
export async function link(folder: string, { toolchain, units, linkFlags }: CompileJob): Promise<Uint8Array> {
  const objects = units.map(({ object }) => object);
  await run(folder, toolchain, "link the program", [...linkFlags, ...objects, "-o", "program.elf"]);
  return new Uint8Array(readFileSync(join(folder, "program.elf")));
}

export function compileUnit(folder: string, toolchain: Toolchain, unit: CompileUnit): Promise<void> {
  const { source, object, flags } = unit;
  // Debug information names the folder: without the map, the same input would give other bytes each time.
  const map = `-fdebug-prefix-map=${folder}=.`;
  return run(folder, toolchain, `compile ${source}`, [...flags, map, "-c", source, "-o", object]);
}

export function writeFiles(folder: string, files: readonly SourceFile[]): void {
  for (const { name, text } of files) {
    if (isAbsolute(name) || normalize(name).startsWith("..")) {
      throw new Error(`a file of a build must stay in the build folder: ${name}`);
    }
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function run(folder: string, toolchain: Toolchain, step: string, flags: readonly string[]): Promise<void> {
  // Messages in English, whatever the user's language: reports and tests quote them.
  const options = { cwd: folder, env: { ...process.env, LC_ALL: "C" }, maxBuffer: 64 << 20 };
  return new Promise((resolve, reject) => {
    execFile(toolchain.path, flags, options, (error, _stdout, stderr) => {
      if (error === null) {
        resolve();
        return;
      }
      const output = stderr.trim() === "" ? error.message : stderr.trimEnd();
      const parameters = { compiler: basename(toolchain.compiler), step, output };
      reject(new AllocGenError(3, [diagnose("compiler-failed", parameters)]));
    });
  });
}
