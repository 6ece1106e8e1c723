/** Runs a heap in one program with its user, on the machine the tests run on and on QEMU's Cortex-M3. */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hooksOf, runCommand, type Subject } from "./run-on-host.js";

export interface InlinedBuild {
  /** "gcc -O2" */
  readonly name: string;
  /** The commands that make the file "program", and the one that runs it. */
  readonly commands: (subject: Words) => readonly (readonly [string, ...string[]])[];
}

/** Words for a compiler: sources of a program of one unit and of several, each with its macros. */
interface Words {
  readonly oneUnit: readonly string[];
  readonly severalUnits: readonly string[];
}

const c11 = "-std=gnu11";
const core = ["-mthumb", "-mcpu=cortex-m3", "-ffreestanding", "-fno-tree-loop-distribute-patterns"];
const linked = [
  "-nostartfiles",
  "-T",
  "inlined.ld",
  "-Wl,--no-enum-size-warning,-z,noexecstack",
  "-o",
  "program",
];
const board = ["-M", "mps2-an385", "-nographic", "-semihosting-config", "enable=on,target=native"];
const onBoard = ["qemu-system-arm", ...board, "-kernel", "program"] as const;

const hostBuild = (command: "gcc" | "clang", level: string, isLinked: boolean): InlinedBuild => ({
  name: `${command} ${level}${isLinked ? " -flto" : ""}`,
  commands: ({ oneUnit, severalUnits }) => [
    [command, c11, level, ...(isLinked ? ["-flto", ...severalUnits] : oneUnit), "-o", "program"],
    ["./program"],
  ],
});

const armBuild = (level: string): InlinedBuild => ({
  name: `arm-none-eabi-gcc ${level} -flto`,
  commands: ({ severalUnits }) => [
    ["arm-none-eabi-gcc", c11, level, "-flto", ...core, ...severalUnits, ...linked],
    onBoard,
  ],
});

const armClang = (level: string): InlinedBuild => ({
  name: `clang for Arm ${level}`,
  commands: ({ oneUnit }) => [
    [
      ...(["clang", c11, level, "--target=thumbv7m-none-eabi", "-mcpu=cortex-m3"] as const),
      ...["-ffreestanding", "-c", ...oneUnit, "-o", "program.o"],
    ],
    ["arm-none-eabi-gcc", "-mthumb", "-mcpu=cortex-m3", "program.o", ...linked],
    onBoard,
  ],
});

/** Without optimisation first. */
export const inlinedBuilds: readonly InlinedBuild[] = [
  hostBuild("gcc", "-O0", false),
  ...(["gcc", "clang"] as const).flatMap((command) => [
    hostBuild(command, "-O2", false),
    hostBuild(command, "-O3", true),
  ]),
  armBuild("-O2"),
  armBuild("-O3"),
  armClang("-O3"),
];

const fileIn = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What each build of a heap in a static variable printed: a hash, or what the compiler said. */
export async function runInlined(
  subject: Subject,
  builds: readonly InlinedBuild[],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-inlined-"));
  try {
    const files = [...subject.files, ...hooksOf(subject)];
    await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
    for (const name of ["inlined.c", "inlined.ld"]) await copyFile(fileIn(name), join(folder, name));
    const words = wordsFor(subject);
    const results: string[] = [];
    for (const { commands } of builds) {
      let printed = "";
      for (const [command, ...rest] of commands(words)) {
        printed = await runCommand(command, rest, folder);
        if (printed !== "") break;
      }
      results.push(printed);
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wordsFor(subject: Subject): Words {
  const { name, files } = subject;
  const header = files.find((each) => each.name === `${name}.h`)?.text ?? "";
  const functions = ["calloc", "realloc"].filter((each) => header.includes(` *${name}_${each}(`));
  const macros = [
    `-DHEAP(function)=${name}_##function`,
    ...functions.map((each) => `-DHAS_${each.toUpperCase()}`),
    ...(hooksOf(subject).length === 0 ? [] : ["-DHAS_LOCK"]),
  ];
  return {
    oneUnit: [...macros, "-DIN_ONE_UNIT", `-DSOURCE="${name}.c"`, "inlined.c"],
    severalUnits: [...macros, `-DHEADER="${name}.h"`, "inlined.c", `${name}.c`],
  };
}
