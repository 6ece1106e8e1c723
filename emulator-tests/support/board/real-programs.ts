/** The examples that are programs for a board: each on newlib-nano's own heap, or on ours, of any size, with a recorder or not. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "jsonc-parser";
import { z } from "zod";
import { packageFolder } from "../../../src/package-folder.js";
import { filesFor, supportFile } from "./generated.js";
import { runOnBoard } from "./run-on-board.js";

/** A program in `examples/<name>`, with what it needs beside. */
export interface RealProgram {
  readonly name: string;
  readonly source: "main.c" | "main.cpp";
  /** Of the glue in `generated/`, what is linked with our heap. */
  readonly glue: readonly string[];
  /** Of support/board, what is linked with newlib's. */
  readonly foreign?: readonly string[];
  /** Of support/board, what is linked with both. */
  readonly objects?: readonly string[];
  readonly files?: readonly string[];
  readonly library?: Library;
  /** Whose calls are recorded on newlib's heap; newlib's own if left out. */
  readonly records?: "newlib" | "freertos";
  /** Whether it asks for the same on both heaps: not if time or the C++ library's own reserve decide. */
  readonly isTheSame: boolean;
}

/** A library whose sources the set-up has fetched. */
interface Library {
  readonly package: string;
  /** Within the package's sources. */
  readonly folder: string;
  readonly sources: RegExp;
  readonly flags: readonly string[];
}

const kernel = ["FreeRTOS.h", "task.h", "FreeRTOSConfig.h"].map((name) => `kernel/${name}`);

export const lua: RealProgram = {
  name: "lua",
  isTheSame: true,
  source: "main.c",
  glue: ["app_heap_newlib.c"],
  library: {
    package: "lua5.4",
    folder: "src",
    // What the interpreter needs no system for.
    sources:
      /^l(?:api|code|ctype|debug|do|dump|func|gc|lex|mem|object|opcodes|parser|state|string|table|tm|undump|vm|zio|auxlib|baselib|corolib|strlib|tablib)\.c$/,
    // Integers of 32 bits, which newlib-nano prints, and the same order of tables in each run.
    flags: ["-DLUA_USE_C89", "-Dluai_makeseed(L)=1U"],
  },
};
export const cjson: RealProgram = {
  name: "cjson",
  isTheSame: true,
  source: "main.c",
  glue: ["app_heap_newlib.c"],
  library: { package: "cjson", folder: ".", sources: /^cJSON\.c$/, flags: [] },
};
const containers: RealProgram = {
  name: "containers",
  isTheSame: false,
  source: "main.cpp",
  glue: ["app_heap_new.cpp", "app_heap_newlib.c"],
};
const tasks: RealProgram = {
  name: "tasks",
  isTheSame: false,
  source: "main.c",
  glue: ["app_heap_freertos.c"],
  records: "freertos",
  foreign: ["heap_3.c"],
  objects: ["kernel/kernel.c", "kernel/untraced.c"],
  files: kernel,
};

export const realPrograms: readonly RealProgram[] = [lua, cjson, containers, tasks];

/** Which heap a program has. */
export type HeapChoice =
  /** Bytes undefined: as the example's config says. */
  | { readonly kind: "ours"; readonly bytes?: number; readonly policy?: object }
  /** Bytes undefined: what the board has. */
  | { readonly kind: "newlib-nano"; readonly bytes?: number };

export interface RealRun {
  readonly code: number;
  readonly output: string;
  /** Bytes of the program's data and its heap; its stack is none of them. */
  readonly ramBytes: number;
  /** Empty where nothing is recorded. */
  readonly recording: Buffer;
}

/** Large enough for all that a program here calls: nothing drains it before the end. */
const recorder = (of: "heap" | "newlib" | "freertos") => ({ kind: "recorder", of, ring: 262144 }) as const;

export const configOf = ({ name }: RealProgram): string =>
  join(packageFolder(), "examples", name, "alloc-gen.json");

/** @throws Error: it does not link, or the library's sources are not there */
export async function runReal(program: RealProgram, heap: HeapChoice, records: boolean): Promise<RealRun> {
  const isOurs = heap.kind === "ours";
  const generated = heap.kind === "ours" ? await oursFor(program, heap) : await recorderAlone(program);
  const { path, link } = await archiveOf(program);
  const { objects = [], foreign = [], files = [] } = program;
  const own = [...objects, ...(isOurs ? [] : foreign), ...(records ? ["whole-program.c"] : []), "syscalls.c"];
  const header = generated.find(({ name }) => name === "app_heap_recorder.h")?.text ?? "";
  const word = /-Wl,--wrap\S*/.exec(header)?.[0] ?? "";
  const limit = heap.kind === "newlib-nano" ? heap.bytes : undefined;
  const result = await runOnBoard({
    files: [
      ...generated,
      ...[...own, ...files, "host-files.h"].map((name) => ({ ...supportFile(name), name: baseName(name) })),
    ],
    objects: [
      ...own.map(baseName),
      ...(isOurs ? ["app_heap.c", ...program.glue] : []),
      ...(records ? ["app_heap_recorder.c"] : []),
    ],
    flags: ["--specs=nano.specs"],
    link: [
      ...[path, ...link],
      ...(limit === undefined ? [] : [`-Wl,--defsym=heap_bytes=${limit}`]),
      ...(records ? [word, "-Wl,--wrap=main,--wrap=_exit"] : []),
    ],
    qemu: exactTime,
    collects: ["recording.bin"],
  });
  if (result.kind !== "ran") throw new Error(result.message);
  const { code, output, collected, map } = result;
  const ramBytes = addressOf(map, "end") - addressOf(map, "data_start") + (limit ?? 0);
  return { code, output, ramBytes, recording: collected.get("recording.bin") ?? Buffer.alloc(0) };
}

/**
 * With our heap by the library's own glue, which `support/board/by-glue-<kind>.c` uses; the C library keeps its heap.
 * @param edit changes the glue, for tests
 * @return code 99 where the heap was hardly used, or not all came back
 */
export async function runByGlue(
  program: RealProgram,
  kind: "lua" | "cjson",
  edit: (glue: string) => string = (glue) => glue,
): Promise<Pick<RealRun, "code" | "output">> {
  const { heap } = exampleConfig.parse(parse(readFileSync(configOf(program), "utf8")));
  const policy = { kind: "segregated-fit" };
  const api = { counters: true };
  const config = { name: "app_heap", target: "cortex-m4", heap, policy, api, outputs: [kind] };
  const generated = (await filesFor(config)).map((file) =>
    file.name === `app_heap_${kind}.h` ? { ...file, text: edit(file.text) } : file,
  );
  const { path, link } = await archiveOf(program);
  const own = ["by-glue.c", `by-glue-${kind}.c`, "syscalls.c"];
  const flags = program.library === undefined ? [] : sourcesOf(program.library).flags;
  const result = await runOnBoard({
    files: [...generated, ...[...own, "host-files.h"].map(supportFile)],
    objects: [...own, "app_heap.c"],
    flags: ["--specs=nano.specs", ...flags.filter((flag) => !flag.includes("("))],
    link: [path, ...link, "-Wl,--wrap=main,--wrap=luaL_newstate"],
    qemu: exactTime,
  });
  if (result.kind !== "ran") throw new Error(result.message);
  return result;
}

/** Of a symbol, as nm lists it. */
const addressOf = (map: string, symbol: string): number =>
  parseInt(new RegExp(`^([0-9a-f]+) \\S ${symbol}$`, "m").exec(map)?.[1] ?? "", 16);

/** Instructions take time, the same in each run: ticks come at the same places. */
const exactTime: readonly string[] = ["-icount", "shift=5"];

const baseName = (name: string): string => name.replace(/^.*\//, "");

/** The example's files, of that size, with that policy and a recorder of the tests' size. */
async function oursFor(program: RealProgram, { bytes, policy }: Extract<HeapChoice, { kind: "ours" }>) {
  const config = exampleConfig.parse(parse(readFileSync(configOf(program), "utf8")));
  const size = bytes ?? config.heap.size;
  const glue = config.outputs.filter((each) => typeof each === "string");
  const chosen = policy === undefined ? {} : { policy };
  return filesFor({ ...config, ...chosen, heap: { size }, outputs: [...glue, recorder("heap")] });
}

/** What the examples' configs say that is changed here. */
const exampleConfig = z.looseObject({
  heap: z.strictObject({ size: z.string() }),
  outputs: z.array(z.union([z.string(), z.looseObject({ kind: z.literal("recorder") })])),
});

/** Nothing of our heap. */
async function recorderAlone({ records = "newlib" }: RealProgram) {
  const files = await filesFor({
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "1KiB" },
    policy: { kind: "segregated-fit" },
    outputs: [recorder(records)],
  });
  return files.filter(({ name }) => name.startsWith("app_heap_recorder"));
}

interface Archive {
  readonly path: string;
  /** For the linker, behind it. */
  readonly link: readonly string[];
}

const archives = new Map<string, Promise<Archive>>();

/** The program and its library, built once in a process. @throws Error: sources are not there, or do not compile */
function archiveOf(program: RealProgram): Promise<Archive> {
  const built = archives.get(program.name) ?? buildArchive(program);
  archives.set(program.name, built);
  return built;
}

const run = promisify(execFile);

async function buildArchive({ name, source, library, files = [] }: RealProgram): Promise<Archive> {
  const cwd = mkdtempSync(join(tmpdir(), `alloc-gen-${name}-`));
  for (const each of files) writeFileSync(join(cwd, baseName(each)), supportFile(each).text);
  const { sources, flags } = library === undefined ? { sources: [], flags: [] } : sourcesOf(library);
  const main = join(packageFolder(), "examples", name, source);
  const compile = (optimize: string, all: readonly string[]) =>
    run("arm-none-eabi-gcc", [...core, optimize, ...flags, "-I.", "-c", ...all], { cwd });
  const half = Math.ceil(sources.length / 2);
  // Two compilers, for two processors.
  const parts = [sources.slice(0, half), sources.slice(half)].filter(({ length }) => length > 0);
  await Promise.all([compile("-O2", [main]), ...parts.map((part) => compile("-Os", part))]);
  const objects = readdirSync(cwd).filter((file) => file.endsWith(".o"));
  await run("arm-none-eabi-ar", ["rcs", "program.a", ...objects], { cwd });
  return { path: join(cwd, "program.a"), link: ["-lm", ...(source.endsWith(".cpp") ? ["-lstdc++"] : [])] };
}

const core = [
  ...["-mcpu=cortex-m4", "-mthumb", "-ffunction-sections", "-fdata-sections"],
  ...["--specs=nano.specs", "-Wall", "-Wextra"],
];

function sourcesOf({ package: name, folder, sources, flags }: Library) {
  const path = join(packageFolder(), ".sources", name, folder);
  if (!existsSync(path)) throw new Error(`${path} is not there: node scripts/setup.mjs --tests fetches it`);
  const files = readdirSync(path).filter((file) => sources.test(file));
  return { sources: files.map((file) => join(path, file)), flags: [`-I${path}`, ...flags] };
}
