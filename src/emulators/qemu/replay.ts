/** One run of QEMU: from memory and a range of operations to memory again, and the log of what was executed. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeWorkFolder, workFolderError } from "../../toolchain/work-folder.js";
import type { Image } from "../../toolchain/image.js";
import type { Target } from "../../targets/target.js";
import { savedName } from "./memory.js";
import type { QemuMemory, Stretch } from "./memory.js";
import { outOfTime, qemuFailure, runQemu } from "./program.js";
import type { QemuProgram } from "./program.js";

/** "too-long": log or time became longer than allowed, and memory is as it was. "locked-up": a fault inside a fault. */
export type ReplayEnd = "done" | "too-long" | "locked-up";

const logName = "log";

export interface ReplayOptions {
  readonly program: QemuProgram;
  readonly image: Image;
  readonly target: Target;
  readonly memory: QemuMemory;
  /** Address of the driver's that is logged beside the allocator's code. */
  readonly mark: number;
  /** Whether the log has the registers before each instruction. */
  readonly registers: boolean;
}

export class Replay {
  readonly log: string;
  readonly #folder: string;

  constructor(private readonly options: ReplayOptions) {
    this.#folder = makeWorkFolder(`alloc-gen-qemu-${process.pid}-`);
    this.log = join(this.#folder, logName);
    this.#write(options.memory.constant);
  }

  /** Run what the control block asks for. @throws AllocGenError, exit code 3: QEMU failed. */
  run(from: number, to: number, logBytes: number): ReplayEnd {
    const { memory, program } = this.options;
    const loaded = memory.toLoad(from, to);
    const saved = memory.toSave(from, to);
    for (const { file } of saved) rmSync(join(this.#folder, savedName(file)), { force: true });
    this.#write(loaded);
    const { status, text } = runQemu(program, {
      folder: this.#folder,
      words: this.#words([...memory.constant, ...loaded]),
      log: logName,
      logBytes,
    });
    if (status === undefined || outOfTime.has(status)) return "too-long";
    if (status === 0 && saved.every((stretch) => this.#isSaved(stretch))) {
      for (const { file, bytes } of saved) bytes.set(readFileSync(join(this.#folder, savedName(file))));
      return "done";
    }
    if (text.includes("Lockup")) return "locked-up";
    throw qemuFailure("the run", text === "" ? `it ended with status ${status}` : text);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(stretches: readonly Stretch[]): void {
    try {
      for (const { file, bytes } of stretches) writeFileSync(join(this.#folder, file), bytes);
    } catch (error) {
      throw workFolderError(error);
    }
  }

  #isSaved({ file, bytes }: Stretch): boolean {
    return bytesOf(join(this.#folder, savedName(file))) === bytes.length;
  }

  #words(stretches: readonly Stretch[]): readonly string[] {
    const { target, image, program, registers, mark } = this.options;
    const { start, end } = image.code;
    const range = (first: number, last: number): string => `0x${first.toString(16)}..0x${last.toString(16)}`;
    return [
      ...["-M", target.qemu.machine, ...target.qemu.options],
      ...["-nodefaults", "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "none"],
      ...["-semihosting-config", "enable=on,target=native"],
      ...program.oneInstructionAtATime,
      ...["-d", registers ? "exec,nochain,cpu" : "exec,nochain"],
      ...["-dfilter", `${range(start, end - 1)},${range(mark, mark + 1)}`],
      ...stretches.flatMap(({ file, address }) => [
        "-device",
        `loader,file=${file},addr=0x${address.toString(16)},force-raw=on`,
      ]),
    ];
  }
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
