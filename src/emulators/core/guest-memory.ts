/** The guest's memory as the host sees it: the image, the driver's tables, and what was used of the stacks. */
import type { Image } from "../../toolchain/image.js";
import type { HeapOperations } from "../../traces/operation.js";
import { roundUp } from "../../units.js";
import { fillOperationTable } from "../operation-table.js";
import { pageBytes, paint } from "../image-regions.js";
import { Permission } from "./processor.js";
import type { Processor } from "./processor.js";
import { ImageMemory } from "./image-memory.js";
import { stackNames } from "../control-block.js";
import type { StackName } from "../control-block.js";
import { maximumOperations, stackBytes, type DriverMemory } from "./memory-map.js";

const readWrite = Permission.read | Permission.write;

/** All that the guest can write, but for the results: the image's data, then the stacks. */
export type WritableMemory = readonly Uint8Array[];

export class GuestMemory {
  readonly results: Uint32Array;
  readonly control: Uint8Array;
  readonly image: ImageMemory;
  readonly #stacks: Readonly<Record<StackName, Uint8Array>>;

  /** Maps everything into the processor. */
  constructor(
    private readonly processor: Processor,
    image: Image,
    operations: HeapOperations,
    private readonly driver: DriverMemory,
  ) {
    this.image = new ImageMemory(processor, image);
    const { stacks } = driver;
    this.#stacks = Object.fromEntries(
      stackNames.map((name) => [name, processor.map(stacks[name], stackBytes, readWrite)]),
    ) as Record<StackName, Uint8Array>;
    this.control = processor.map(driver.control, pageBytes, readWrite);
    this.results = this.#mapTables(operations);
  }

  /** Memory as after power-on and start-up, stacks painted, no results. */
  reset(heapFill?: number): void {
    this.image.reset(heapFill);
    for (const stack of Object.values(this.#stacks)) stack.fill(paint);
    this.results.fill(0);
  }

  /** @param into a copy taken before, which is overwritten */
  save(into: WritableMemory | undefined): WritableMemory {
    const live = this.#writable();
    if (into === undefined) return live.map((bytes) => bytes.slice());
    for (const [index, bytes] of live.entries()) into[index]?.set(bytes);
    return into;
  }

  /** @param saved of the same image */
  restore(saved: WritableMemory): void {
    for (const [index, bytes] of this.#writable().entries()) bytes.set(saved[index] ?? bytes);
  }

  #writable(): WritableMemory {
    const data = this.image.regions.filter(({ writable }) => writable).map(({ live }) => live);
    return [...data, ...Object.values(this.#stacks)];
  }

  /** Bytes from the deepest byte that was written to the top. */
  stackUsed(name: StackName): number {
    const stack = this.#stacks[name];
    const deepest = stack.findIndex((byte) => byte !== paint);
    return deepest < 0 ? 0 : roundUp(stack.length - deepest, 4);
  }

  /** The operations, which the guest may only read, and room for the results. */
  #mapTables(operations: HeapOperations): Uint32Array {
    const { length } = operations;
    if (length > maximumOperations)
      throw new Error(`${length} operations are more than ${maximumOperations}`);
    const tableBytes = roundUp(Math.max(1, length * 8), pageBytes);
    const table = this.processor.map(this.driver.operations, tableBytes, Permission.read);
    const words = new Uint32Array(table.buffer, table.byteOffset, length * 2);
    fillOperationTable(words, operations);
    const resultBytes = roundUp(Math.max(1, length * 4), pageBytes);
    const results = this.processor.map(this.driver.results, resultBytes, readWrite);
    return new Uint32Array(results.buffer, results.byteOffset, length);
  }
}
