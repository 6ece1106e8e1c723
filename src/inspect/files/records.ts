/** What Intel HEX and Motorola S-records have in common: lines of hexadecimal digits with an address and a checksum. */
import { AllocGenError, diagnose } from "../../diagnostics.js";
import { arrange, type MemoryFile, type MemoryPiece } from "./memory-file.js";

/** Lines that are told to be wrong before the rest is left. */
const mostFaults = 5;

/** A line of such a file, without its end. */
export interface RecordLine {
  /** From 1. */
  readonly line: number;
  /** Of its first character in the file. */
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a line. */
export interface RecordFault {
  readonly found: string;
  readonly allowed: string;
}

const carriageReturn = 13;
const lineFeed = 10;

/** Lines with anything on them; spaces around a record are not part of it. */
export function* linesOf(file: Uint8Array): Generator<RecordLine> {
  let line = 1;
  for (let start = 0; start < file.length; line++) {
    const found = file.indexOf(lineFeed, start);
    const next = found < 0 ? file.length : found;
    let from = start;
    let end = next;
    while (from < end && isBlank(file[from])) from++;
    while (end > from && isBlank(file[end - 1])) end--;
    if (end > from) yield { line, start: from, end };
    start = next + 1;
  }
}

const isBlank = (byte: number | undefined): boolean =>
  byte === carriageReturn || byte === 0x20 || byte === 0x09 || byte === 0x1a;

/** A digit's value by its character; 16 for what is none. */
const digits = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

/**
 * The bytes that pairs of digits from `from` to `to` stand for, into `bytes`.
 * @returns where in the file a character is no digit; undefined where all are
 */
export function decodeDigits(
  file: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  bytes: Uint8Array,
): number | undefined {
  for (let at = from; at < to; at += 2) {
    const high = digits[file[at] ?? 0] ?? 16;
    const low = digits[file[at + 1] ?? 0] ?? 16;
    if (high === 16) return at;
    if (low === 16) return at + 1;
    bytes[(at - from) / 2] = 16 * high + low;
  }
  return undefined;
}

/** Sum of the bytes, modulo 256. */
export const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

/** Gathers the data of records: those that follow each other in memory become one piece. */
export class RecordMemory {
  readonly #file: string;
  readonly #room: Uint8Array;
  #used = 0;
  #pieces: { address: number; start: number; end: number; line: number }[] = [];
  #faults: { readonly line: number; readonly fault: RecordFault }[] = [];

  /** @param most bytes that the records can have together */
  constructor(file: string, most: number) {
    this.#file = file;
    this.#room = new Uint8Array(most);
  }

  add(address: number, data: Uint8Array, line: number): void {
    const start = this.#used;
    this.#room.set(data, start);
    this.#used += data.length;
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.address + last.end - last.start === address) last.end = this.#used;
    else if (data.length > 0) this.#pieces.push({ address, start, end: this.#used, line });
  }

  fault(line: number, fault: RecordFault): void {
    this.#faults.push({ line, fault });
    if (this.#faults.length === mostFaults) this.#failIfAny();
  }

  /** @throws AllocGenError, exit code 2, with all faults: a line is wrong, or two tell one address otherwise */
  finish(ended: boolean): MemoryFile {
    this.#failIfAny();
    const pieces = arrange(
      this.#pieces.map(({ address, start, end, line }): MemoryPiece => ({
        address,
        data: this.#room.subarray(start, end),
        place: `the records from line ${line} on`,
      })),
    );
    if (!("first" in pieces)) return { pieces, ended };
    throw contradiction(this.#file, pieces);
  }

  #failIfAny(): void {
    if (this.#faults.length === 0) return;
    throw new AllocGenError(
      2,
      this.#faults.map(({ line, fault }) => diagnose("dump-record", fault, { file: this.#file, line })),
    );
  }
}

/** A file that tells one address twice, not alike. */
export function contradiction(
  file: string,
  { address, first, second }: Exclude<ReturnType<typeof arrange>, readonly MemoryPiece[]>,
): AllocGenError {
  const of = ({ address: start, data, place }: MemoryPiece) =>
    `0x${(data[address - start] ?? 0).toString(16).padStart(2, "0")} in ${place}`;
  const parameters = { address, found: `${of(first)} and ${of(second)}` };
  return new AllocGenError(2, [diagnose("dump-contradiction", parameters, { file })]);
}
