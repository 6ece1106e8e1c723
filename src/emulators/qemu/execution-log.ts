/** What QEMU writes with `-d exec` and `-d cpu`: a line for each instruction, and the registers before it. */
import { closeSync, openSync, readSync } from "node:fs";

/** Told of each instruction: its address, and the status register before it where the log has registers, else 0. */
export type InstructionListener = (pc: number, status: number) => void;

export interface LogReading {
  readonly file: string;
  /** How the line begins that has the status register; no other line that matters begins with the same letter. */
  readonly statusRegister: string;
  readonly listener: InstructionListener;
  /** Asked after each line; false ends the reading. */
  readonly goOn: () => boolean;
}

const chunkBytes = 1 << 20;

const letter = (text: string): number => text.charCodeAt(0);
const newline = letter("\n");
const slash = letter("/");
const bracket = letter("[");
const equals = letter("=");
const letterT = letter("T");
const letterS = letter("S");

/**
 * Reads a log from end to end, or until `goOn` says no. Lines of interest, here with Arm's status register:
 *
 *     Trace 0: 0x7f6c90000100 [00000000/0000104c/00000110/ff000201] name
 *     XPSR=61000000 -ZC- T priv-thread
 *     Stopped execution of TB chain before 0x7f6c90000100 [0000104c] name
 *
 * The address is the second field. The last line takes back the one before it: QEMU was interrupted, and will execute
 * the instruction again. A last line that is cut off is left out.
 */
export function readExecutionLog({ file, statusRegister, listener, goOn }: LogReading): void {
  const statusLetter = letter(statusRegister);
  let pc = -1;
  let status = 0;
  const tell = (): void => {
    if (pc >= 0) listener(pc, status);
    pc = -1;
    status = 0;
  };
  const readLine = (buffer: Buffer, start: number): void => {
    const first = buffer[start];
    if (first === letterT) {
      tell();
      pc = hexadecimal(buffer, buffer.indexOf(slash, buffer.indexOf(bracket, start)) + 1);
    } else if (first === statusLetter) {
      status = hexadecimal(buffer, buffer.indexOf(equals, start) + 1);
    } else if (first === letterS) {
      pc = -1;
    }
  };
  for (const { buffer, start } of lines(file)) {
    readLine(buffer, start);
    if (!goOn()) return;
  }
  tell();
}

/** Whole lines of a file; the buffer holds each from `start` to its newline. */
function* lines(file: string): Generator<{ readonly buffer: Buffer; readonly start: number }> {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(chunkBytes);
    let kept = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, kept, chunkBytes - kept, null);
      if (read === 0) return;
      const filled = buffer.subarray(0, kept + read);
      let start = 0;
      for (let end = filled.indexOf(newline); end >= 0; end = filled.indexOf(newline, start)) {
        yield { buffer: filled, start };
        start = end + 1;
      }
      kept = filled.length - start;
      buffer.copyWithin(0, start, filled.length);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The number in hexadecimal digits that begins at `at`. */
function hexadecimal(buffer: Buffer, at: number): number {
  let value = 0;
  for (let index = at; ; index += 1) {
    const digit = digits[buffer[index] ?? 0] ?? -1;
    if (digit < 0) return value;
    value = value * 16 + digit;
  }
}

/** Value of each character as a hexadecimal digit; -1: none. */
const digits = Int8Array.from({ length: 256 }, (_, code) =>
  "0123456789abcdef".indexOf(String.fromCharCode(code).toLowerCase()),
);
