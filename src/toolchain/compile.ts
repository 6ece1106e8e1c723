/** Compiles and links a set of texts. The compiler sees nothing else, so the texts and flags are the cache's key. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { sha256, type BuildCache } from "./cache.js";
import { parseElf } from "./elf.js";
import { runTool } from "./run-tool.js";
import type { Toolchain } from "./toolchain.js";
import { inWorkFolder } from "./work-folder.js";

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
  const elf = await inWorkFolder("alloc-gen-build-", (folder) => compileIn(folder, job));
  cache.write(key, elf);
  return elf;
}

function keyOf({ toolchain, files, units, linkFlags }: CompileJob): string {
  const { path, version, linker } = toolchain;
  const programs = [path, version, ...(linker === undefined ? [] : [linker.path, linker.version])];
  const commands = units.map(({ source, object, flags }) => [source, object, flags]);
  return sha256(JSON.stringify([keyVersion, ...programs, files, commands, linkFlags]));
}

async function compileIn(folder: string, job: CompileJob): Promise<Uint8Array> {
  const { toolchain, units } = job;
  writeFiles(folder, job.files);
  await allOrFirstError(units.map((unit) => compileUnit(folder, toolchain, unit)));
  return link(folder, job);
}

/** Waits for all even if one fails: the folder they work in goes then. */
async function allOrFirstError(runs: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** The linked file of a folder that has the units' objects. */
export function link(folder: string, { toolchain, units, linkFlags }: CompileJob): Promise<Uint8Array> {
  const objects = units.map(({ object }) => object);
  return run(
    folder,
    toolchain.linker ?? toolchain,
    "link the program",
    [...linkFlags, ...objects],
    "program.elf",
  );
}

export async function compileUnit(folder: string, toolchain: Toolchain, unit: CompileUnit): Promise<void> {
  const { source, object, flags, check } = unit;
  // Debug information names the folder: without the map, the same input would give other bytes each time.
  const map = `-fdebug-prefix-map=${folder}=.`;
  const compiler = source.endsWith(".c") ? toolchain : (toolchain.linker ?? toolchain);
  const all = [...compiler.targetFlags, ...flags, map, "-c", source];
  const bytes = await run(folder, compiler, `compile ${source}`, all, object);
  check?.(bytes);
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

/** What the compiler wrote: an ELF file, or an error that says what it did instead. */
async function run(
  folder: string,
  toolchain: Toolchain,
  step: string,
  flags: readonly string[],
  written: string,
): Promise<Uint8Array> {
  const compiler = basename(toolchain.compiler);
  const all = [...flags, "-o", written];
  // What an earlier build left is not what this one wrote.
  const file = join(folder, written);
  rmSync(file, { force: true });
  const result = await runTool({ program: toolchain.path, name: compiler, flags: all, folder, step });
  const failed = (output: string): AllocGenError =>
    new AllocGenError(3, [diagnose("compiler-failed", { compiler, step, output })]);
  if (result.kind === "failed") throw failed(result.output);
  if (!existsSync(file)) throw failed(`it reported no error, and did not write ${written}`);
  const bytes = new Uint8Array(readFileSync(file));
  try {
    parseElf(bytes);
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    throw failed(`it reported no error, but ${written} is no ELF file of the target: ${error.message}`);
  }
  return bytes;
}
