/** Where in a dump the heap lies. */
import { resolve } from "node:path";
import { parseElf, type ElfSymbol } from "../toolchain/elf.js";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { dumpFormats, type DumpFormat } from "../inspect/files/formats.js";
import { rangesOf, readMemory, type AddressRange, type MemoryFile } from "../inspect/files/memory-file.js";
import { mostBytes, readInput } from "../input-file.js";
import { allocatorNames } from "../outputs/c/names.js";
import type { Plan } from "../plan/plan.js";
import { nearestWord } from "../suggest.js";
import type { Given } from "./commands.js";
import { usageError } from "./usage-error.js";

export interface HeapDump {
  /** "raw", or the name of a format that tells addresses. */
  readonly format: "raw" | DumpFormat["name"];
  /** The heap's bytes, `plan.heapBytes` of them. */
  readonly memory: Uint8Array;
  /** Where they begin in the file; undefined where the file is not memory byte by byte. */
  readonly fileOffset: number | undefined;
  /** Address of the heap on the target, where it is known. */
  readonly address: number | undefined;
}

/**
 * Reads the heap out of a dump. Of raw bytes, the file is the heap and nothing else, or `--offset` says where in it the
 * heap begins, or `--base`, the address of its first byte, does so with the heap's address (`--address`, or the symbol
 * in `--elf`). Other formats tell the address of each byte: the heap's says where it is, or it is all that is there.
 *
 * @throws AllocGenError (exit code 2): a file cannot be read, is not what it looks like, or does not hold the heap
 */
export function readDump(file: string, given: Given<"inspect">, plan: Plan, folder: string): HeapDump {
  const { offset, base } = given;
  if (offset !== undefined && base !== undefined)
    throw usageError("--offset and --base both give the start of the heap");
  const address = heapAddress(given, plan, folder);
  if (base !== undefined && address === undefined)
    throw usageError("--base needs the heap's address: --address or --elf");
  const bytes = read(file, folder);
  const format = formatOf(bytes, given.from);
  if (format !== undefined) {
    const option = offset === undefined ? "--base" : "--offset";
    if (offset !== undefined || base !== undefined)
      throw refusal(diagnose("dump-has-addresses", { format: format.title, option }, { file }));
    return readAddressed(format, bytes, { file, address, plan });
  }
  const { heapBytes } = plan;
  const isOther = bytes.length < leastBytes(plan) || bytes.length > heapBytes;
  if (offset === undefined && base === undefined && isOther) {
    throw refusal(diagnose("dump-size", { found: bytes.length, heapBytes }, { file }));
  }
  const fileOffset =
    base === undefined
      ? parseNumber("--offset", offset ?? "0")
      : (address ?? 0) - parseNumber("--base", base);
  if (fileOffset < 0 || fileOffset + leastBytes(plan) > bytes.length) {
    throw refusal(
      diagnose("dump-range", { found: bytes.length, from: fileOffset, to: fileOffset + heapBytes }, { file }),
    );
  }
  const memory = bytes.subarray(fileOffset, fileOffset + heapBytes);
  return { format: "raw", memory: padded(memory, heapBytes), fileOffset, address };
}

/** Undefined: raw bytes. */
function formatOf(bytes: Uint8Array, from: string | undefined): DumpFormat | undefined {
  if (from === undefined) return dumpFormats.find((format) => format.recognise(bytes));
  if (from === "raw") return undefined;
  const named = dumpFormats.find(({ name }) => name === from);
  if (named !== undefined) return named;
  const names = [...dumpFormats.map(({ name }) => name), "raw"];
  const parameters = {
    found: `--from ${from}`,
    nearest: nearestWord(from, names),
    allowed: names.join(", "),
  };
  throw refusal(diagnose("invalid-value", parameters));
}

interface AddressedDump {
  readonly file: string;
  /** The heap's, where it was given. */
  readonly address: number | undefined;
  readonly plan: Plan;
}

function readAddressed(
  format: DumpFormat,
  bytes: Uint8Array,
  { file, address: given, plan }: AddressedDump,
): HeapDump {
  const { heapBytes } = plan;
  const least = leastBytes(plan);
  const memory = format.read(bytes, file);
  const address = given ?? onlyRange(memory, heapBytes);
  if (address === undefined) {
    const parameters = { format: format.title, has: rangesText(rangesOf(memory)), heapBytes };
    throw refusal(diagnose("dump-unplaced", parameters, { file }));
  }
  const heap = {
    from: address,
    to: address + Math.min(heapBytes, Math.max(least, bytesFrom(memory, address))),
  };
  const found = readMemory(memory, heap);
  if (found.kind === "whole")
    return { format: format.name, memory: padded(found.bytes, heapBytes), fileOffset: undefined, address };
  const parameters = {
    missing: rangesText(found.missing),
    bytes: found.missing.reduce((sum, { from, to }) => sum + to - from, 0),
    heapBytes,
    heap: hex(address),
    has: rangesText(rangesOf(memory)),
    ended: memory.ended ?? true,
  };
  throw refusal(diagnose("dump-lacks", parameters, { file }));
}

/** Where a file begins that has as many bytes as the heap and no gap. */
function onlyRange(memory: MemoryFile, heapBytes: number): number | undefined {
  const ranges = rangesOf(memory);
  return ranges.length === 1 ? ranges.find(({ from, to }) => to - from === heapBytes)?.from : undefined;
}

const hex = (address: number): string => `0x${address.toString(16).padStart(8, "0")}`;

/** Ranges that a message names one by one. */
const mostRanges = 4;

/** First and last byte of each. */
function rangesText(ranges: readonly AddressRange[]): string {
  if (ranges.length === 0) return "no bytes";
  const named = ranges.slice(0, mostRanges).map(({ from, to }) => `${hex(from)} to ${hex(to - 1)}`);
  const more = ranges.length - named.length;
  return named.join(", ") + (more === 0 ? "" : ` and ${more} more ranges`);
}

/** Where init finds out how much there is, a dump has at least what init takes. */
const leastBytes = ({ upTo, heapBytes }: Plan): number => upTo?.leastBytes ?? heapBytes;

/** How many bytes a file has from an address on without a gap. */
const bytesFrom = (memory: MemoryFile, address: number): number =>
  Math.max(
    0,
    ...rangesOf(memory).map(({ from, to }) => (from <= address && address < to ? to - address : 0)),
  );

function padded(memory: Uint8Array, length: number): Uint8Array {
  if (memory.length === length) return memory;
  const whole = new Uint8Array(length);
  whole.set(memory);
  return whole;
}

function heapAddress({ address, elf }: Given<"inspect">, plan: Plan, folder: string): number | undefined {
  if (address !== undefined && elf !== undefined)
    throw usageError("--address and --elf both give the heap address");
  if (address !== undefined) return parseNumber("--address", address);
  if (elf === undefined) return undefined;
  const { name, bytes } = heapSymbol(plan);
  const found = symbolsOf(elf, folder).filter(
    (symbol) => symbol.name === name && symbol.defined && (bytes === undefined || symbol.bytes === bytes),
  );
  const [symbol] = found;
  if (symbol === undefined || found.length > 1) {
    const parameters = { name, bytes, count: found.length };
    throw refusal(diagnose("heap-symbol", parameters, { file: elf }));
  }
  return symbol.address;
}

/** The symbol at the heap's first byte, and the bytes it must have to be told from others of its name. */
function heapSymbol(plan: Plan): { readonly name: string; readonly bytes?: number } {
  const { placement, heapBytes } = plan;
  switch (placement.kind) {
    case "static":
      return { name: allocatorNames(plan).heapSymbol, bytes: heapBytes };
    case "linker":
      return { name: placement.start };
    case "runtime":
      throw usageError("--elf: the heap's address is set at run time and has no symbol; give --address");
  }
}

function symbolsOf(file: string, folder: string): readonly ElfSymbol[] {
  const bytes = read(file, folder);
  try {
    return parseElf(bytes).symbols;
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    throw new AllocGenError(
      2,
      error.diagnostics.map((diagnostic) => ({ ...diagnostic, file })),
    );
  }
}

/** Decimal, or hexadecimal behind 0x. */
function parseNumber(option: string, text: string): number {
  const value = /^(?:\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : NaN;
  if (!(value < 2 ** 32)) throw usageError(`${option} ${text} (allowed: 0 to 0xffffffff)`);
  return value;
}

function read(file: string, folder: string): Uint8Array {
  return readInput(resolve(folder, file), { file, mostBytes: mostBytes.image });
}

const refusal = (diagnostic: ReturnType<typeof diagnose>): AllocGenError =>
  new AllocGenError(2, [diagnostic]);
