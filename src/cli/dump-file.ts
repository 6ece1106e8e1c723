/** Where in a dump the heap lies. */
import { resolve } from "node:path";
import { parseElf, type ElfSymbol } from "../toolchain/elf.js";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { mostBytes, readInput } from "../input-file.js";
import { allocatorNames } from "../outputs/c/names.js";
import type { Plan } from "../plan/plan.js";
import type { Given } from "./commands.js";
import { usageError } from "./usage-error.js";

export interface HeapDump {
  /** The heap's bytes, `plan.heapBytes` of them. */
  readonly memory: Uint8Array;
  /** Where they begin in the file. */
  readonly fileOffset: number;
  /** Address of the heap on the target, where it is known. */
  readonly address: number | undefined;
}

/**
 * Reads the heap out of a dump. The file is the heap and nothing else, or `--offset` says where in it the heap begins,
 * or `--base`, the address of its first byte, does so with the heap's address (`--address`, or the symbol in `--elf`).
 *
 * @throws AllocGenError (exit code 2): a file cannot be read, is no ELF file where one is due, or does not hold the heap
 */
export function readDump(file: string, given: Given<"inspect">, plan: Plan, folder: string): HeapDump {
  const { offset, base } = given;
  if (offset !== undefined && base !== undefined)
    throw usageError("--offset and --base both give the start of the heap");
  const address = heapAddress(given, plan, folder);
  if (base !== undefined && address === undefined)
    throw usageError("--base needs the heap's address: --address or --elf");
  const bytes = read(file, folder);
  const { heapBytes } = plan;
  // Where init finds out how much there is, a dump has at least what init takes.
  const least = plan.upTo?.leastBytes ?? heapBytes;
  const isOther = bytes.length < least || bytes.length > heapBytes;
  if (offset === undefined && base === undefined && isOther) {
    throw refusal(diagnose("dump-size", { found: bytes.length, heapBytes }, { file }));
  }
  const fileOffset =
    base === undefined
      ? parseNumber("--offset", offset ?? "0")
      : (address ?? 0) - parseNumber("--base", base);
  if (fileOffset < 0 || fileOffset + least > bytes.length) {
    throw refusal(
      diagnose("dump-range", { found: bytes.length, from: fileOffset, to: fileOffset + heapBytes }, { file }),
    );
  }
  const memory = bytes.subarray(fileOffset, fileOffset + heapBytes);
  return { memory: memory.length === heapBytes ? memory : padded(memory, heapBytes), fileOffset, address };
}

function padded(memory: Uint8Array, length: number): Uint8Array {
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
