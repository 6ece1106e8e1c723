/** A heap at one moment, read from the reference or from the target's memory, and its drawing. */
import { fieldOf, findField, linkUnitBytes, type Plan } from "../plan/plan.js";
import type { UnitBytes } from "../units.js";
import type { MemoryReader } from "../policies/policy.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";

export interface SnapshotBlock {
  /** Offset of the header. */
  readonly start: number;
  readonly size: number;
  readonly free: boolean;
}

export interface Snapshot {
  readonly blocks: readonly SnapshotBlock[];
  /** Where the untouched space begins; the end of the blocks for a policy without one. */
  readonly wildernessStart: number;
  /** Starts of the listed free blocks, in list order, list after list. */
  readonly freeList: readonly number[];
  /** Why reading stopped early; only memory can be damaged. */
  readonly damage?: string;
}

export function snapshotOfReference(heap: ReferenceHeap): Snapshot {
  return {
    blocks: [...heap.blocks()].map(({ start, size, free }) => ({ start, size, free })),
    wildernessStart: heap.wildernessStart(),
    freeList: heap.freeList().map((block) => block.start),
  };
}

/** Reads numbers of the heap's memory as the plan lays them out. */
class HeapReader implements MemoryReader {
  private readonly view: DataView;

  constructor(
    private readonly plan: Plan,
    memory: Uint8Array,
  ) {
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  number(offset: number, bytes: UnitBytes): number {
    if (offset < 0 || offset + bytes > this.view.byteLength)
      throw new RangeError(`offset ${offset} is outside the heap`);
    switch (bytes) {
      case 1:
        return this.view.getUint8(offset);
      case 2:
        return this.view.getUint16(offset, true);
      case 4:
        return this.view.getUint32(offset, true);
    }
  }

  control(name: string, index = 0): number {
    const field = this.plan.control.find((candidate) => candidate.name === name);
    if (field === undefined) throw new RangeError(`the control data has no ${name}`);
    return this.number(field.offset + index * field.bytes, field.bytes);
  }

  size(start: number): number {
    const { unit, placement } = fieldOf(this.plan.header, "size");
    const raw = this.number(start + unit.offset, unit.bytes);
    return (Math.floor(raw / 2 ** placement.shift) % 2 ** placement.bits) * this.plan.granuleBytes;
  }

  flag(start: number): boolean | undefined {
    const field = findField(this.plan.header, "used");
    if (field === undefined) return undefined;
    return (
      Math.floor(this.number(start + field.unit.offset, field.unit.bytes) / 2 ** field.placement.shift) %
        2 ===
      0
    );
  }

  /** Start of the block a link names. */
  linked(link: number): number {
    const payload = link * linkUnitBytes(this.plan);
    return payload - this.plan.header.bytes;
  }

  /** Blocks of the list that begins at `first`, a link or a slot number. */
  list(first: number): number[] {
    const { links } = this.plan.header;
    const starts: number[] = [];
    const most = this.plan.heapBytes / this.plan.granuleBytes;
    for (let node = first; node !== 0;) {
      if (starts.length >= most) throw new RangeError("a free list runs in a circle");
      if (links.place === "slots") {
        starts.push(this.linked(this.control("slots", 3 * (node - 1))));
        node = this.control("slots", 3 * (node - 1) + 2);
      } else {
        if (links.place === "own") throw new RangeError("the policy keeps its own links");
        const start = this.linked(node);
        starts.push(start);
        node = this.number(start + links.nextOffset, links.bytes);
      }
    }
    return starts;
  }
}

/** What the target's memory says. Damage ends the reading and is told, it never throws. */
export function snapshotOfMemory(plan: Plan, memory: Uint8Array): Snapshot {
  const reader = new HeapReader(plan, memory);
  const blocks: SnapshotBlock[] = [];
  let freeList: readonly number[] = [];
  let wildernessStart: number = plan.endOfBlocks;
  try {
    const own = plan.rules.ownBlocks;
    if (own !== undefined) return { ...own.read(plan, reader), wildernessStart };
    if (plan.control.some(({ name }) => name === "wilderness"))
      wildernessStart = reader.control("wilderness");
    const first = plan.control.find((field) => field.name === "first");
    freeList = Array.from({ length: first?.count ?? 0 }, (_, index) =>
      reader.list(reader.control("first", index)),
    ).flat();
    const listed = new Set(freeList);
    for (let start: number = plan.firstBlock; start < wildernessStart;) {
      const size = reader.size(start);
      if (size === 0 || start + size > wildernessStart) {
        return { blocks, wildernessStart, freeList, damage: `the header at ${start} says ${size} bytes` };
      }
      blocks.push({ start, size, free: reader.flag(start) ?? listed.has(start) });
      start += size;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { blocks, wildernessStart, freeList, damage: error.message };
  }
  return { blocks, wildernessStart, freeList };
}

/** One line a block: offset, size, state, position among the listed free blocks. Long runs are not shortened. */
export function drawSnapshot(plan: Plan, snapshot: Snapshot): string {
  const width = String(plan.heapBytes).length;
  const order = new Map(snapshot.freeList.map((start, index) => [start, index + 1]));
  const lines = snapshot.blocks.map(({ start, size, free }) => {
    const place = order.get(start);
    const listed = place === undefined ? (free ? "  (unlisted)" : "") : `  #${place} of the free list`;
    return `${String(start).padStart(width)}  ${String(size).padStart(width)} B  ${free ? "free  " : "in use"}${listed}`;
  });
  if (snapshot.wildernessStart < plan.endOfBlocks) {
    const size = plan.endOfBlocks - snapshot.wildernessStart;
    lines.push(
      `${String(snapshot.wildernessStart).padStart(width)}  ${String(size).padStart(width)} B  untouched`,
    );
  }
  if (snapshot.damage !== undefined) lines.push(`damaged: ${snapshot.damage}`);
  return lines.join("\n");
}
