/** The guest's memory as the host sees it: what reset puts back, what nobody may write, what was used of the stacks. */
import type { Image } from "../../toolchain/image.js";
import type { HeapOperations } from "../../traces/operation.js";
import { roundUp } from "../../units.js";
import { fillOperationTable } from "../operation-table.js";
import { imageRegions, initialBytes, pageBytes, paint, slackOf } from "../image-regions.js";
import type { Region } from "../image-regions.js";
import { Permission } from "./binding.js";
import type { UnicornProcessor } from "./binding.js";
import { stackNames } from "../control-block.js";
import type { StackName } from "../control-block.js";
import { driverMemory, maximumOperations, stackBytes } from "./memory-map.js";

const readWrite = Permission.read | Permission.write;

/** A data region, and what it holds after reset. */
interface DataRegion {
  readonly live: Uint8Array;
  readonly initial: Uint8Array;
}

/** Bytes nobody owns. */
interface Slack {
  readonly address: number;
  readonly live: Buffer;
  readonly painted: Buffer;
}

export class GuestMemory {
  /** The heap's bytes. */
  readonly heap: Uint8Array;
  readonly results: Uint32Array;
  readonly control: Uint8Array;
  /** Pages of the data region that the heap is in, [address, address + bytes). */
  readonly heapRegion: { readonly address: number; readonly bytes: number };
  readonly #stacks: Readonly<Record<StackName, Uint8Array>>;
  readonly #data: readonly DataRegion[];
  readonly #slack: readonly Slack[];

  /** Maps everything into the processor. */
  constructor(
    private readonly processor: UnicornProcessor,
    image: Image,
    operations: HeapOperations,
  ) {
    const mapped = imageRegions(image).map((region) => ({ region, live: this.#mapRegion(region) }));
    const data = mapped.filter(({ region }) => region.rights === "data");
    this.#data = data.map(({ region, live }) => ({ live, initial: initialBytes(region) }));
    this.#slack = data.flatMap(({ region, live }) => slackBytes(region, live));
    const holder = data.find(({ region }) => contains(region, image.heapAddress, image.heapBytes));
    if (holder === undefined) throw new Error("the heap is in no writable segment of the image");
    this.heapRegion = holder.region;
    const start = image.heapAddress - holder.region.address;
    this.heap = holder.live.subarray(start, start + image.heapBytes);
    const { stacks } = driverMemory;
    this.#stacks = Object.fromEntries(
      stackNames.map((name) => [name, processor.map(stacks[name], stackBytes, readWrite)]),
    ) as Record<StackName, Uint8Array>;
    this.control = processor.map(driverMemory.control, pageBytes, readWrite);
    this.results = this.#mapTables(operations);
  }

  /**
   * Memory as after power-on and start-up: initial data, zeros, painted stacks and canaries, no results. The heap is
   * painted too: init must make it empty whatever was in it, in memory that no start-up clears or the second time.
   */
  reset(): void {
    for (const { live, initial } of this.#data) live.set(initial);
    this.heap.fill(paint);
    for (const stack of Object.values(this.#stacks)) stack.fill(paint);
    this.results.fill(0);
  }

  /** Address of the first byte that changed and belongs to nobody. */
  strayWrite(): number | undefined {
    for (const { address, live, painted } of this.#slack) {
      if (!live.equals(painted)) return address + live.findIndex((byte) => byte !== paint);
    }
    return undefined;
  }

  /** Bytes from the deepest byte that was written to the top. */
  stackUsed(name: StackName): number {
    const stack = this.#stacks[name];
    const deepest = stack.findIndex((byte) => byte !== paint);
    return deepest < 0 ? 0 : roundUp(stack.length - deepest, 4);
  }

  #mapRegion(region: Region): Uint8Array {
    const rights = {
      data: readWrite,
      code: Permission.read | Permission.execute,
      constants: Permission.read,
    }[region.rights];
    const live = this.processor.map(region.address, region.bytes, rights);
    live.set(initialBytes(region));
    return live;
  }

  /** The operations, which the guest may only read, and room for the results. */
  #mapTables(operations: HeapOperations): Uint32Array {
    const { length } = operations;
    if (length > maximumOperations)
      throw new Error(`${length} operations are more than ${maximumOperations}`);
    const tableBytes = roundUp(Math.max(1, length * 8), pageBytes);
    const table = this.processor.map(driverMemory.operations, tableBytes, Permission.read);
    const words = new Uint32Array(table.buffer, table.byteOffset, length * 2);
    fillOperationTable(words, operations);
    const resultBytes = roundUp(Math.max(1, length * 4), pageBytes);
    const results = this.processor.map(driverMemory.results, resultBytes, readWrite);
    return new Uint32Array(results.buffer, results.byteOffset, length);
  }
}

const contains = (region: Region, address: number, bytes: number): boolean =>
  address >= region.address && address + bytes <= region.address + region.bytes;

function slackBytes(region: Region, live: Uint8Array): readonly Slack[] {
  return slackOf(region).map(({ start, end }) => ({
    address: start,
    live: Buffer.from(live.buffer, live.byteOffset + start - region.address, end - start),
    painted: Buffer.alloc(end - start, paint),
  }));
}
