/** A heap at one moment, read from the reference or from the target's memory, and its drawing. */
import { inspect } from "../inspect/inspect.js";
import type { Plan } from "../plan/plan.js";
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
  /** The first damage of the memory. */
  readonly damage?: string;
}

export function snapshotOfReference(heap: ReferenceHeap): Snapshot {
  return {
    blocks: [...heap.blocks()].map(({ start, size, free, quick }) => ({ start, size, free: free || quick })),
    wildernessStart: heap.wildernessStart(),
    freeList: heap.freeList().map((block) => block.start),
  };
}

/** What the target's memory says. Damage ends the reading and is told, it never throws. */
export function snapshotOfMemory(plan: Plan, memory: Uint8Array): Snapshot {
  const heap = new DataView(memory.buffer, memory.byteOffset, plan.heapBytes);
  const { blocks, end, freeList } = plan.rules.read(plan, heap);
  const [damage] = inspect(plan, memory).damage;
  return {
    blocks: [...blocks].map(({ offset, size, free }) => ({ start: offset, size, free })),
    wildernessStart: end,
    freeList: [...freeList],
    ...(damage === undefined
      ? {}
      : { damage: `${damage.what}: found ${damage.found}, expected ${damage.expected}` }),
  };
}

/** Lines of one drawing, and of those how many stand in front of what differs. */
const mostLines = 40;
const linesBefore = 10;

/**
 * Two heaps that should be the same. Of more blocks than fit a screen those from a little in front of the first line that
 * differs are drawn, and how many are left out is told.
 */
export function drawSnapshots(
  plan: Plan,
  [one, other]: readonly [Snapshot, Snapshot],
): readonly [string, string] {
  const [lines, others] = [linesOf(plan, one), linesOf(plan, other)];
  const differing = lines.findIndex((line, index) => line !== others[index]);
  const first = Math.max(0, (differing < 0 ? lines.length : differing) - linesBefore);
  return [excerpt(lines, first, one.damage), excerpt(others, first, other.damage)];
}

function excerpt(lines: readonly string[], first: number, damage: string | undefined): string {
  const from = lines.length <= mostLines ? 0 : Math.min(first, lines.length - mostLines);
  const shown = lines.slice(from, from + mostLines);
  const behind = lines.length - from - shown.length;
  return [
    ...(from === 0 ? [] : [`... ${from} more before`]),
    ...shown,
    ...(behind === 0 ? [] : [`... ${behind} more behind`]),
    ...(damage === undefined ? [] : [`damaged: ${damage}`]),
  ].join("\n");
}

/** One line a block: offset, size, state, position among the listed free blocks. */
function linesOf(plan: Plan, snapshot: Snapshot): readonly string[] {
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
      `${String(snapshot.wildernessStart).padStart(width)}  ${String(size).padStart(width)} B  wilderness`,
    );
  }
  return lines;
}
