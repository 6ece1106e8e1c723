/** QEMU as a program: found once, run to its end, never left running. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AllocGenError, diagnose } from "../../diagnostics.js";
import type { QemuFacts } from "../../machine/machine.js";

export interface QemuProgram {
  readonly path: string;
  /** "7.2.22" */
  readonly version: string;
  /** Words that make it translate one instruction at a time. */
  readonly oneInstructionAtATime: readonly string[];
}

const environmentVariable = "ALLOC_GEN_QEMU";

/** The version of `program`; undefined where it cannot be run. */
function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  return /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}

/** The command that installs QEMU on this system. */
const installCommand = ({ debianPackage }: QemuFacts): string =>
  process.platform === "darwin" ? "brew install qemu" : `apt-get install ${debianPackage}`;

/** `-singlestep` was renamed in QEMU 8.1 and left out later. */
function oneInstructionAtATime(version: string): readonly string[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const renamed = major > 8 || (major === 8 && minor >= 1);
  return renamed ? ["-accel", "tcg,one-insn-per-tb=on"] : ["-accel", "tcg", "-singlestep"];
}

/**
 * The program on the path, or the one that ALLOC_GEN_QEMU names.
 * @throws AllocGenError, exit code 3: it is missing.
 */
export function findQemu(machine: QemuFacts): QemuProgram {
  const chosen = process.env[environmentVariable];
  const path = chosen === undefined || chosen === "" ? machine.program : chosen;
  const version = versionOf(path);
  if (version === undefined) {
    const parameters = { program: path, install: installCommand(machine), variable: environmentVariable };
    throw new AllocGenError(3, [diagnose("emulator-program-missing", parameters)]);
  }
  return { path, version, oneInstructionAtATime: oneInstructionAtATime(version) };
}

export interface QemuRun {
  /** Where relative names of files lead. */
  readonly folder: string;
  /** Its command line but for the log's file. */
  readonly words: readonly string[];
  /** Name in the folder of what it logs. */
  readonly log: string;
  /** Bytes of the log at which it is stopped. */
  readonly logBytes: number;
}

/** How a run ended. */
export interface QemuEnd {
  /** As a shell gives it; undefined where the log became too long. */
  readonly status: number | undefined;
  /** What it wrote on standard error. */
  readonly text: string;
}

/** Processor time of one run, in seconds: far more than any run takes that ends. */
const processorSeconds = 60;
const wallSeconds = 600;

/** Exit status of a program that used up its processor time: SIGXCPU, or SIGKILL where that is ignored. */
export const outOfTime: ReadonlySet<number> = new Set([128 + 24, 128 + 9]);

/**
 * The log goes through a pipe, and QEMU is killed when the reader has enough: a limit on the file's length would be
 * ignored, as Node.js ignores its signal. The limits hold even if we are killed meanwhile.
 */
const limited = `
  most=$0; log=$1; seconds=$2; shift 2
  ulimit -c 0; ulimit -t "$seconds"
  rm -f pid status
  { "$@" & echo $! >pid; wait $!; echo $? >status; } | { head -c "$most" >"$log"; [ -e status ] || kill -KILL "$(cat pid)"; }
`;

/** Run it to its end. @throws AllocGenError, exit code 3: it could not be started, or took too long. */
export function runQemu(program: QemuProgram, { folder, words, log, logBytes }: QemuRun): QemuEnd {
  const parameters = [String(logBytes), log, String(processorSeconds)];
  const { stderr, error } = spawnSync(
    "/bin/sh",
    ["-c", limited, ...parameters, program.path, ...words, "-D", "/dev/stdout"],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
      timeout: wallSeconds * 1000,
      killSignal: "SIGKILL",
    },
  );
  if (error !== undefined) {
    kill(join(folder, "pid"));
    throw qemuFailure("running it", error.message);
  }
  const isCutOff = statSync(join(folder, log)).size >= logBytes;
  return { status: isCutOff ? undefined : numberIn(join(folder, "status")), text: stderr.trim() };
}

/** The shell is dead; its child may not be. */
function kill(file: string): void {
  const pid = numberIn(file);
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function numberIn(file: string): number | undefined {
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

/** Words of the emulator itself, where it fails as a program. */
export function qemuFailure(what: string, text: string): AllocGenError {
  return new AllocGenError(3, [diagnose("emulator-failed", { emulator: "qemu", what, text })]);
}
