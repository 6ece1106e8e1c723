/**
 * Holds C to what other compilers and analysers think of it: Clang with nearly every warning, for the smallest and a
 * large instruction set of Arm, or for the target; Clang reading the headers as C++; clang-tidy; GCC's analyser; cppcheck. GCC's own warnings are
 * errors in every build and need no check here.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineOf } from "../../src/machine/registry.js";
import { loadTarget } from "../../src/targets/load.js";
import type { Target } from "../../src/targets/target.js";
import type { SourceFile } from "../../src/toolchain/compile.js";
import { languageFlags } from "../../src/toolchain/flags.js";
import { gccOf } from "./configs.js";
import { tidyExceptions, tidyFlags, tidyFlagsOf } from "./clang-tidy.js";

export interface LintFinding {
  /** "clang thumbv6m" */
  readonly checker: string;
  /** What it said, file names without folders. */
  readonly output: string;
}

interface Check {
  readonly checker: string;
  readonly command: string;
  readonly flags: readonly string[];
  /** What follows the file. */
  readonly after?: readonly string[];
  readonly applies: (name: string) => boolean;
}

const isSource = (name: string): boolean => name.endsWith(".c");
const isHeader = (name: string): boolean => name.endsWith(".h");

const clangWarnings = [
  "-Weverything",
  "-Werror",
  // Newer releases of Clang know more warnings than this list does, older ones fewer.
  "-Wno-unknown-warning-option",
  // Warn about C99 and C11 themselves, in which the C is written.
  "-Wno-declaration-after-statement",
  "-Wno-pre-c11-compat",
  // Structures are laid out by the plan and asserted; the compiler may still pad what is not shared memory.
  "-Wno-padded",
  // A default in every switch is MISRA C:2012 rule 16.4.
  "-Wno-covered-switch-default",
  // Asks for C++ containers.
  "-Wno-unsafe-buffer-usage",
];

/** What the C is read for. */
interface Core {
  /** How its name is told with a finding. */
  readonly name: string;
  /** What tells Clang of it. */
  readonly clang: readonly string[];
}

const thumb = (name: string, core: string): Core => ({
  name,
  clang: [`--target=${name}-none-eabi`, `-mcpu=${core}`],
});
const armCores = [thumb("thumbv6m", "cortex-m0"), thumb("thumbv7em", "cortex-m4")] as const;

/** Of the architecture alone: releases of Clang differ in the extensions that they know by name, and 14 lacks RV32E. */
function riscvCore({ architecture }: Target): Core {
  const base = architecture.replace(/_.*$/, "").toLowerCase().replace("rv32e", "rv32i");
  return { name: base, clang: ["--target=riscv32-unknown-elf", `-march=${base}`, "-mabi=ilp32"] };
}

const clang = ({ name, clang: core }: Core): Check => ({
  checker: `clang ${name}`,
  command: "clang",
  flags: [...core, ...languageFlags, ...clangWarnings, "-fsyntax-only"],
  applies: isSource,
});

const clangTidy = (flags: readonly string[], core: Core): Check => ({
  checker: "clang-tidy",
  command: "clang-tidy",
  flags,
  after: ["--", ...core.clang, ...languageFlags],
  applies: isSource,
});

/** It assembles what it reads, so that only the machine's own GCC will do. */
const analyser = (target: Target): Check => ({
  checker: "gcc -fanalyzer",
  command: gccOf(target),
  flags: [
    ...target.compilerFlags,
    "-O2",
    ...languageFlags,
    "-fanalyzer",
    "-Wall",
    "-Wextra",
    "-Wduplicated-branches",
    "-Wduplicated-cond",
    "-Werror",
    "-c",
    "-o",
    "/dev/null",
  ],
  applies: isSource,
});

/** What reads the C the same for any core. */
const commonChecks: readonly Check[] = [
  {
    checker: "clang, header as C",
    command: "clang",
    flags: [
      "--target=thumbv6m-none-eabi",
      ...languageFlags,
      ...clangWarnings,
      "-Wno-unused-macros",
      "-fsyntax-only",
    ],
    applies: isHeader,
  },
  {
    checker: "clang, header as C++",
    command: "clang",
    flags: [
      "--target=thumbv6m-none-eabi",
      "-ffreestanding",
      "-xc++",
      "-std=c++14",
      ...clangWarnings,
      "-Wno-unused-macros",
      "-Wno-c++98-compat-pedantic",
      "-Wno-old-style-cast",
      "-fsyntax-only",
    ],
    applies: isHeader,
  },
  {
    checker: "cppcheck",
    command: "cppcheck",
    flags: [
      "--enable=all",
      "--std=c11",
      "--platform=unix32",
      "--error-exitcode=1",
      "--quiet",
      "--inline-suppr",
      // Freestanding headers are the compiler's; the public functions are called by the user.
      "--suppress=missingIncludeSystem",
      "--suppress=unusedFunction",
      "--suppress=unmatchedSuppression",
      // Not findings: notes of newer releases on how much was checked.
      "--suppress=checkersReport",
      "--suppress=normalCheckLevelMaxBranches",
    ],
    applies: isSource,
  },
];

/**
 * Those of a target's machine: C for Arm is read for the smallest and a large instruction set, whose C has the most of its
 * own instructions; C for RISC-V for the target.
 */
function checksFor(target: Target, tidy: readonly string[]): readonly Check[] {
  const isArm = machineOf(target).name === "arm";
  const [small, large] = isArm ? armCores : [undefined, riscvCore(target)];
  return [
    ...(small === undefined ? [] : [clang(small)]),
    clang(large),
    ...commonChecks,
    analyser(isArm ? analysedArm : target),
    clangTidy(tidy, large),
  ];
}

const analysedArm = loadTarget("cortex-m4");

interface LintOptions {
  /** Clang-tidy follows paths through functions too, which takes longer than all else together. */
  readonly deep?: boolean;
  /** Whose C it is. */
  readonly target?: string;
}

/**
 * What the checkers found fault with in the given files; empty when the C is clean. `included` are only read where the
 * files include them. Rejects where a checker is missing.
 */
export function lintC(
  files: readonly SourceFile[],
  included: readonly SourceFile[] = [],
  { deep = false, target = analysedArm.name }: LintOptions = {},
): Promise<readonly LintFinding[]> {
  return runChecks(checksFor(loadTarget(target), tidyFlags(deep)), files, included);
}

/** The checks among `tidyExceptions` that would find fault with the given files, which are Arm's. */
export async function neededTidyExceptions(files: readonly SourceFile[]): Promise<readonly string[]> {
  const names = Object.keys(tidyExceptions);
  const findings = await runChecks([clangTidy(tidyFlagsOf(["-*", ...names]), armCores[1])], files, []);
  return names.filter((name) => findings.some(({ output }) => output.includes(`[${name},`)));
}

async function runChecks(
  chosen: readonly Check[],
  files: readonly SourceFile[],
  included: readonly SourceFile[],
): Promise<readonly LintFinding[]> {
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-lint-"));
  try {
    await Promise.all([...files, ...included].map(({ name, text }) => writeFile(join(folder, name), text)));
    const runs = files.flatMap(({ name }) =>
      chosen.filter(({ applies }) => applies(name)).map((check) => runCheck(folder, check, name)),
    );
    return (await Promise.all(runs)).filter((finding) => finding !== undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined where the checker has nothing to say. A checker that speaks without failing has found something too. */
function runCheck(folder: string, check: Check, file: string): Promise<LintFinding | undefined> {
  const { checker, command, flags, after = [] } = check;
  return new Promise((resolve, reject) => {
    execFile(command, [...flags, file, ...after], { cwd: folder }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") {
        reject(new Error(`${command} is not installed: the generated C cannot be checked with it`));
        return;
      }
      // Clang's tools count what they found in system headers, and do not tell it.
      const output = `${stdout}${stderr}`.replace(/^\d+ warnings? generated\.$/gm, "").trim();
      const silent = error === null && output === "";
      resolve(silent ? undefined : { checker, output: output === "" ? (error?.message ?? "") : output });
    });
  });
}
