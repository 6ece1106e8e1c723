/**
 * Builds a program with a C library and runs it on an emulated board, as its user would: the heap's files, their glue,
 * and whatever the library brings. The program prints through the library, and ends with what main returns.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "../../../src/toolchain/compile.js";

export interface BoardProgram {
  readonly files: readonly SourceFile[];
  /** Of the files, those to be compiled and linked as objects. */
  readonly objects: readonly string[];
  /** Of the files, those that the linker finds in a library. */
  readonly library?: readonly string[];
  /** For the compiler and the linker: "--specs=nano.specs", "-flto". */
  readonly flags?: readonly string[];
  /** For the compiler alone. */
  readonly compile?: readonly string[];
  /** Of C++: "c++17". */
  readonly standard?: string;
  /** For the linker alone, behind the objects. */
  readonly link?: readonly string[];
  readonly board?: keyof typeof boards;
  /** Further words for the emulator. */
  readonly qemu?: readonly string[];
  /** Whose start-up code it has: the tests' own (the default), or picolibc's, which its errno needs. */
  readonly start?: "own" | "picolibc";
  /** Of the objects, those that are not optimised at link time, whatever the flags say. */
  readonly apart?: readonly string[];
  /** Files that the program writes by semihosting, to be handed on. */
  readonly collects?: readonly string[];
}

/** What the build or the program said, and where it ended. */
export type BoardResult =
  | { readonly kind: "not linked"; readonly message: string }
  | {
      readonly kind: "ran";
      readonly code: number;
      readonly output: string;
      readonly map: string;
      /** By name; what was not written is empty. */
      readonly collected: ReadonlyMap<string, Buffer>;
    };

const boards = {
  "cortex-m3": { machine: "mps2-an385", cpu: "cortex-m3" },
  "cortex-m4": { machine: "mps2-an386", cpu: "cortex-m4" },
  "cortex-m7": { machine: "mps2-an500", cpu: "cortex-m7" },
} as const;

/** Sources and words for the linker. */
const starts = {
  own: {
    startSources: ["start.c"],
    words: ["-nostartfiles", "-Wl,--gc-sections", "-Tboard.ld"],
  },
  picolibc: {
    startSources: [],
    words: [
      "--crt0=semihost",
      "--oslib=semihost",
      ...[
        "flash=0x0",
        "flash_size=0x400000",
        "ram=0x20000000",
        "ram_size=0x400000",
        "stack_size=0x10000",
      ].map((symbol) => `-Wl,--defsym=__${symbol}`),
    ],
  },
} as const;

const here = dirname(fileURLToPath(import.meta.url));
/** Seconds after which a program that does not end is stopped: far above what any takes. */
const mostSeconds = 120;

export async function runOnBoard(program: BoardProgram): Promise<BoardResult> {
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-board-"));
  try {
    const { machine } = boards[program.board ?? "cortex-m4"];
    const linked = await link(program, folder);
    if (linked !== undefined) return { kind: "not linked", message: linked };
    const map = await call("arm-none-eabi-nm", ["-n", "program.elf"], folder);
    const words = ["-M", machine, "-nographic", "-monitor", "none", "-serial", "none"];
    const semihosting = ["-semihosting-config", "enable=on,target=native", "-kernel", "program.elf"];
    const { code, output } = await call(
      "qemu-system-arm",
      [...words, ...(program.qemu ?? []), ...semihosting],
      folder,
    );
    const collected = (program.collects ?? []).map((name): readonly [string, Buffer] => {
      const path = join(folder, name);
      return [name, existsSync(path) ? readFileSync(path) : Buffer.alloc(0)];
    });
    return { kind: "ran", code, output, map: map.output, collected: new Map(collected) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the compiler or the linker refused; undefined: the program is there. */
async function link(program: BoardProgram, folder: string): Promise<string | undefined> {
  const { files, objects, library = [], flags = [], compile = [], link: last = [] } = program;
  await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
  for (const name of ["board.ld", "start.c"]) await copyFile(join(here, name), join(folder, name));
  const { cpu } = boards[program.board ?? "cortex-m4"];
  const core = [`-mcpu=${cpu}`, "-mthumb", "-O2", "-ffunction-sections", "-fdata-sections", ...flags];
  const objectOf = (source: string): string => `${source}.o`;
  const { words: script, startSources } = starts[program.start ?? "own"];
  for (const source of [...startSources, ...objects, ...library]) {
    const isCpp = source.endsWith(".cpp");
    const language = isCpp ? [`-std=${program.standard ?? "c++17"}`] : [];
    const apart = program.apart?.includes(source) === true ? ["-fno-lto"] : [];
    const own = isOfBoard(source)
      ? ["-fno-tree-loop-distribute-patterns", "-fno-lto"]
      : [...compile, ...apart];
    const words = [...core, ...language, ...own, "-I.", "-c", source, "-o", objectOf(source)];
    const compiled = await call(isCpp ? "arm-none-eabi-g++" : "arm-none-eabi-gcc", words, folder);
    if (compiled.code !== 0) return compiled.output;
  }
  if (library.length > 0)
    await call("arm-none-eabi-gcc-ar", ["rcs", "libapp.a", ...library.map(objectOf)], folder);
  const driver = objects.some((name) => name.endsWith(".cpp")) ? "arm-none-eabi-g++" : "arm-none-eabi-gcc";
  const inputs = [...startSources, ...objects].map(objectOf);
  const libraries = library.length > 0 ? ["-L.", "-lapp"] : [];
  const linked = await call(
    driver,
    [...core, ...inputs, ...script, ...libraries, ...last, "-o", "program.elf"],
    folder,
  );
  return linked.code === 0 ? undefined : linked.output;
}

/** What stands for a system, which is no part of the program that is optimised as one. */
const isOfBoard = (source: string): boolean => ["start.c", "syscalls.c"].includes(source);

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** @throws Error: there is no such program */
function call(program: string, words: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout: mostSeconds * 1000, maxBuffer: 64 * 1024 * 1024 };
    execFile(program, [...words], options, (error, stdout, stderr) => {
      // A word in place of a number: it did not run.
      if (typeof error?.code === "string") reject(new Error(error.message));
      else resolve({ code: error === null ? 0 : (error.code ?? -1), output: `${stdout}${stderr}` });
    });
  });
}
