/** The guest's memory as the host keeps it between runs: QEMU is given all of it, and gives back what changed. */
import type { Image } from "../../toolchain/image.js";
import type { Machine } from "../../machine/machine.js";
import type { Target } from "../../targets/target.js";
import type { HeapOperations } from "../../traces/operation.js";
import { roundUp } from "../../units.js";
import {
  imageRegions,
  initialBytes,
  labelAddress,
  makeDirty,
  pageBytes,
  paint,
  slackOf,
} from "../image-regions.js";
import type { Region } from "../image-regions.js";
import { controlBlockBytes, stackNames } from "../control-block.js";
import type { StackName } from "../control-block.js";
import { fillOperationTable } from "../operation-table.js";
import type { DriverMemory } from "../core/memory-map.js";
import { writeHostCalls } from "./host-calls.js";
import { qemuFailure } from "./program.js";

/** Size of each stack. */
export const stackBytes = 16 * 1024;

/** Below each stack there are as many bytes again that it must not reach. */
const stackSpan = 2 * stackBytes;

/** The page of the control block, and where in it the list of semihosting calls begins. */
const controlBytes = 4096;
const callsOffset = controlBlockBytes;

/** A stretch of guest memory and its bytes. */
export interface Stretch {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Name of the file that carries it, in QEMU's folder. */
  readonly file: string;
}

interface DataRegion extends Stretch {
  readonly initial: Uint8Array;
  readonly slack: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Where the tables and stacks of a replay are, from the start of the machine's scratch memory on.
 * @throws AllocGenError, exit code 3: more operations than the machine has memory for.
 */
export function boardMemory(target: Target, operations: number): DriverMemory {
  const { origin, length } = target.qemu.scratch;
  const stacks = origin + controlBytes;
  const results = stacks + stackNames.length * stackSpan;
  const table = results + roundUp(4 * operations, pageBytes);
  if (table + 8 * operations > origin + length) {
    const most = Math.floor((length - (results - origin) - pageBytes) / 12);
    throw qemuFailure("loading", `${operations} operations, but the machine has memory for only ${most}`);
  }
  const stackAt = (index: number): number => stacks + index * stackSpan + stackBytes;
  return {
    control: origin,
    stacks: Object.fromEntries(stackNames.map((name, index) => [name, stackAt(index)])) as Record<
      StackName,
      number
    >,
    results,
    operations: table,
  };
}

export class QemuMemory {
  readonly heap: Uint8Array;
  readonly results: Uint32Array;
  readonly control: Uint8Array;
  readonly scratch: DriverMemory;
  /** What never changes. */
  readonly constant: readonly Stretch[];
  readonly #data: readonly DataRegion[];
  readonly #stacks: Stretch;

  /** @throws AllocGenError, exit code 3: more operations than the machine has memory for. */
  constructor(image: Image, target: Target, operations: HeapOperations, machine: Machine) {
    this.scratch = boardMemory(target, operations.length);
    const regions = imageRegions(image);
    this.#data = regions.filter(({ rights }) => rights === "data").map(dataRegion);
    const holder = this.#data.find(
      ({ address, bytes }) =>
        image.heapAddress >= address && image.heapAddress + image.heapBytes <= address + bytes.length,
    );
    if (holder === undefined) throw new Error("the heap is in no writable segment of the image");
    const start = image.heapAddress - holder.address;
    this.heap = holder.bytes.subarray(start, start + image.heapBytes);
    this.results = new Uint32Array(operations.length);
    this.control = new Uint8Array(controlBytes);
    const stacks = new Uint8Array(stackNames.length * stackSpan);
    this.#stacks = { address: this.scratch.stacks.init - stackBytes, bytes: stacks, file: "stacks" };
    this.constant = [
      ...programStretches(regions),
      vectorTable(image, target, this.scratch.control, machine),
      { address: this.scratch.operations, bytes: operationTable(operations), file: "operations" },
    ].filter(({ bytes }) => bytes.length > 0);
  }

  /** Memory as after power-on and start-up; the heap is dirty, for init must make it empty whatever was in it. */
  reset(heapFill?: number): void {
    for (const { bytes, initial } of this.#data) bytes.set(initial);
    makeDirty(this.heap, heapFill);
    this.#stacks.bytes.fill(paint);
    this.results.fill(0);
  }

  /** What a run of operations [from, to) is given beside the constant stretches. Asks the guest to give back the rest. */
  toLoad(from: number, to: number): readonly Stretch[] {
    const calls = this.control.subarray(callsOffset);
    const saved = this.toSave(from, to).map(({ address, bytes, file }) => ({
      address,
      bytes: bytes.length,
      file: savedName(file),
    }));
    calls.fill(0);
    writeHostCalls(calls, this.scratch.control + callsOffset, saved);
    const words = new Uint32Array(this.control.buffer, 0, callsOffset / 4);
    words.fill(0, hostCallsWord, hostCallsWord + 4);
    words[hostCallsWord] = this.scratch.control + callsOffset;
    const results = { address: this.scratch.results, bytes: this.#resultBytes(0, to), file: "results" };
    return [...this.#data, this.#stacks, this.#controlBlock(this.control), results].filter(
      ({ bytes }) => bytes.length > 0,
    );
  }

  /** What such a run gives back; the bytes are ours, to be written over. */
  toSave(from: number, to: number): readonly Stretch[] {
    const address = this.scratch.results + 4 * from;
    const results = { address, bytes: this.#resultBytes(from, to), file: "results" };
    const block = this.#controlBlock(this.control.subarray(0, callsOffset));
    return [...this.#data, this.#stacks, block, results].filter(({ bytes }) => bytes.length > 0);
  }

  /** Number of the exception that the core took, 0 for none, and the fault registers then. */
  exception(): { readonly number: number; readonly status: number; readonly address: number } {
    const [number = 0, status = 0, address = 0] = new Uint32Array(
      this.control.buffer,
      4 * (hostCallsWord + 1),
      3,
    );
    return { number, status, address };
  }

  /** Address of the first byte that changed and belongs to nobody. */
  strayWrite(): number | undefined {
    for (const { address, bytes, slack } of this.#data) {
      for (const { start, end } of slack) {
        const at = bytes.subarray(start - address, end - address).findIndex((byte) => byte !== paint);
        if (at >= 0) return start + at;
      }
    }
    return undefined;
  }

  /** Bytes from the deepest byte that was written to the top; more than `stackBytes` after an overflow. */
  stackUsed(name: StackName): number {
    const start = stackNames.indexOf(name) * stackSpan;
    const deepest = this.#stacks.bytes.subarray(start, start + stackSpan).findIndex((byte) => byte !== paint);
    return deepest < 0 ? 0 : roundUp(stackSpan - deepest, 4);
  }

  #controlBlock(bytes: Uint8Array): Stretch {
    return { address: this.scratch.control, bytes, file: "control" };
  }

  #resultBytes(from: number, to: number): Uint8Array {
    return new Uint8Array(this.results.buffer, 4 * from, 4 * (to - from));
  }
}

/** Index of the control block's word HOST_CALLS; EXCEPTION and the fault registers follow. */
const hostCallsWord = 12;

/** Name of the file that a stretch comes back in. */
export const savedName = (file: string): string => `${file}.out`;

function dataRegion(region: Region, index: number): DataRegion {
  const initial = initialBytes(region);
  const slack = slackOf(region);
  return { address: region.address, bytes: initial.slice(), file: `data${index}`, initial, slack };
}

/** Code and constants. */
function programStretches(regions: readonly Region[]): readonly Stretch[] {
  return regions
    .filter(({ rights }) => rights !== "data")
    .flatMap(({ contents }) => contents)
    .map(({ address, data }, index) => ({ address, bytes: data, file: `program${index}` }));
}

/** The table that `replay.S` asks for. The image leaves its place free. */
function vectorTable(image: Image, target: Target, control: number, { qemu, registers }: Machine): Stretch {
  const handler = (name: string): number => registers.codePointer(labelAddress(image, name));
  const words = qemu.vectors({ control, boot: handler("replay_boot"), fault: handler("replay_fault") });
  return { address: target.memory.flash.origin, bytes: new Uint8Array(words.buffer), file: "vectors" };
}

function operationTable(operations: HeapOperations): Uint8Array {
  const words = new Uint32Array(2 * operations.length);
  fillOperationTable(words, operations);
  return new Uint8Array(words.buffer);
}
