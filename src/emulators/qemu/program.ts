/** QEMU as a program: found once, run to its end, never left running. */
import { spawnSync } from "node:child_process";
import { AllocGenError, diagnose } from "../../diagnostics.js";

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
const installCommand = (): string =>
  process.platform === "darwin" ? "brew install qemu" : "apt-get install qemu-system-arm";

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
export function findQemu(): QemuProgram {
  const chosen = process.env[environmentVariable];
  const path = chosen === undefined || chosen === "" ? "qemu-system-arm" : chosen;
  const version = versionOf(path);
  if (version === undefined) {
    const parameters = { program: path, install: installCommand(), variable: environmentVariable };
    throw new AllocGenError(3, [diagnose("emulator-program-missing", parameters)]);
  }
  return { path, version, oneInstructionAtATime: oneInstructionAtATime(version) };
}

export interface QemuRun {
  /** Where relative names of files lead, and a core dump would go. */
  readonly folder: string;
  readonly words: readonly string[];
  /** No file it writes may become longer. */
  readonly fileBytes: number;
}

/** Processor time of one run, in seconds: far more than any run takes that ends. */
const processorSeconds = 120;
const wallSeconds = 600;

/** Unit of the shell's `ulimit -f` (POSIX). */
const fileBlockBytes = 512;

/** How a run ended. */
export interface QemuEnd {
  /** Undefined where a signal ended it. */
  readonly status: number | undefined;
  /** What it wrote on standard error, and the signal that ended it. */
  readonly text: string;
}

/** The shell sets limits that hold even if we are killed meanwhile, then becomes QEMU. */
const limited = 'ulimit -c 0; ulimit -f "$0"; ulimit -t "$1"; shift; exec "$@"';

/** Run it to its end. @throws AllocGenError, exit code 3: it could not be started, or took too long. */
export function runQemu(program: QemuProgram, { folder, words, fileBytes }: QemuRun): QemuEnd {
  const blocks = String(Math.ceil(fileBytes / fileBlockBytes));
  const { status, signal, stderr, error } = spawnSync(
    "/bin/sh",
    ["-c", limited, blocks, String(processorSeconds), program.path, ...words],
    {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
      timeout: wallSeconds * 1000,
      killSignal: "SIGKILL",
    },
  );
  if (error !== undefined) throw qemuFailure("starting it", error.message);
  return {
    status: status ?? undefined,
    text: [stderr.trim(), signal === null ? "" : `ended by ${signal}`]
      .filter((part) => part !== "")
      .join("; "),
  };
}

/** Words of the emulator itself, where it fails as a program. */
export function qemuFailure(what: string, text: string): AllocGenError {
  return new AllocGenError(3, [diagnose("emulator-failed", { emulator: "qemu", what, text })]);
}
