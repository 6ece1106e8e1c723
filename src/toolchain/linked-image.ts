/** A linked file as an image: where its heap, code and functions are. */
import { byFunction } from "../traces/operation.js";
import { address, bytes, type Address } from "../units.js";
import type { AllocatorNames } from "./allocator-names.js";
import { parseElf, type Elf } from "./elf.js";
import { hooksIn } from "./failure-hook.js";
import type { Image } from "./image.js";
import { measureSize } from "./size.js";
import { symbolTable } from "./symbol-table.js";

/** What is known of a linked file. */
export interface Linked {
  readonly names: AllocatorNames;
  readonly heapBytes: number;
}

/**
 * @param toolchain what built it, for people
 * @throws Error: it lacks a name, or its heap has another size
 */
export function linkedImage(file: Uint8Array, request: Linked, toolchain: string): Image {
  const elf = parseElf(file);
  const { names, heapBytes } = request;
  const symbols = symbolTable(elf);
  const addressOf = (name: string): Address => {
    const symbol = symbols.get(name);
    if (symbol === undefined) {
      throw new Error(`the linked image has no symbol ${name}`);
    }
    return symbol.address;
  };
  const linkedBytes = symbols.get(names.heapSymbol)?.bytes;
  if (linkedBytes !== heapBytes) {
    throw new Error(`${names.heapSymbol} has ${linkedBytes ?? "no"} bytes, the plan says ${heapBytes}`);
  }
  return {
    elf: file,
    segments: segmentsOf(elf),
    symbols,
    heapAddress: addressOf(names.heapSymbol),
    heapBytes: bytes(heapBytes),
    code: { start: addressOf("allocator_code_start"), end: addressOf("allocator_code_end") },
    ...hooksIn(symbols, [names.failureHook, names.faultHook]),
    entries: {
      init: addressOf(names.init),
      ...byFunction(names, (name) => addressOf(names[name] ?? "")),
    },
    size: measureSize(elf),
    toolchain,
  };
}

/** What the ELF loads or reserves. */
export function segmentsOf({ segments }: Elf): Image["segments"] {
  return segments.map((segment) => ({
    address: address(segment.address),
    data: segment.data,
    memoryBytes: segment.memoryBytes,
    writable: segment.writable,
  }));
}
