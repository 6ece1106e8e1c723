/** Directed reallocs: of every edge, where a block can grow to one side, to both or to none, and of aligned blocks. */
import type { Plan } from "../plan/plan.js";
import type { TraceOperation } from "../traces/operation.js";
import { mostMoved, refusedSizes, Script, servedSizes, wordEnd } from "./directed-script.js";

export function reallocs(plan: Plan): readonly TraceOperation[] {
  const { maximumRequestBytes: most, granuleBytes } = plan;
  const script = new Script();
  const refused = refusedSizes(plan);
  const ofNull = (size: number): void => {
    const id = script.malloc(wordEnd - 1);
    script.realloc(id, size);
    script.free(id);
  };
  for (const size of [0, 1, most, most + 1]) ofNull(size);
  const block = script.malloc(granuleBytes + 1);
  for (const size of refused) script.realloc(block, size);
  for (const size of [most, most - granuleBytes, 1, most, most + 1, granuleBytes, 0])
    script.realloc(block, size);
  script.free(block);
  // Between neighbours, of which one and then the other is free.
  const [left, middle, right] = [1, 2, 3].map((count) => script.malloc(count * granuleBytes));
  if (left === undefined || middle === undefined || right === undefined) return script.operations;
  script.realloc(middle, most);
  script.free(right);
  for (const size of [4 * granuleBytes, most, granuleBytes, most + 1]) script.realloc(middle, size);
  script.free(left);
  for (const size of [most, most - granuleBytes, ...servedSizes(plan)]) script.realloc(middle, size);
  script.free(middle);
  movedRealloc(script, plan);
  for (const share of [8, 4, 2, 1.25])
    largeReallocs(script, plan, Math.floor(Math.min(most, mostMoved) / share));
  return script.operations;
}

/** The largest block that still can be moved, between two that are in use: all of its bytes must come along. */
function movedRealloc(script: Script, { maximumRequestBytes: most, granuleBytes }: Plan): void {
  const size = Math.min(mostMoved, Math.max(1, Math.floor(most / 2) - 8 * granuleBytes));
  const [left, block, right] = [granuleBytes, size, granuleBytes].map((bytes) => script.malloc(bytes));
  if (left === undefined || block === undefined || right === undefined) return;
  script.realloc(block, size + 2 * granuleBytes);
  script.free(left, block, right);
}

/** A block that can grow nowhere, then only to one side, then to both. */
function largeReallocs(
  script: Script,
  { maximumRequestBytes: most, granuleBytes }: Plan,
  size: number,
): void {
  const left = script.malloc(granuleBytes);
  const block = script.malloc(size);
  const right = script.malloc(granuleBytes);
  const rest = script.malloc(Math.max(1, most - size - 8 * granuleBytes));
  script.realloc(block, most);
  script.realloc(block, size + 2 * granuleBytes);
  script.free(rest);
  script.realloc(block, most);
  script.free(right);
  for (const more of [granuleBytes, 3 * granuleBytes]) script.realloc(block, size + more);
  script.free(left);
  for (const wanted of [most - granuleBytes, size, most]) script.realloc(block, wanted);
  script.free(block);
}

/** Aligned blocks that grow into what is free before them, of many lengths, and that move elsewhere. */
export function keptAlignments(
  { granuleBytes, maximumAlignment }: Plan,
  kept: number,
): readonly TraceOperation[] {
  const script = new Script();
  for (
    let alignment: number = granuleBytes;
    alignment <= Math.min(2 * kept, maximumAlignment);
    alignment *= 2
  ) {
    for (let granules = 1; granules <= Math.min(16, (2 * alignment) / granuleBytes); granules++) {
      const before = script.malloc(granules * granuleBytes);
      const block = script.aligned(alignment, 2 * granuleBytes);
      const after = script.malloc(1);
      script.free(before);
      // A little more than there is, and then so much that it moves.
      for (const more of [1, granules, 2 * granules]) script.realloc(block, (2 + more) * granuleBytes);
      script.free(after);
      for (const size of [granuleBytes, (4 + granules) * granuleBytes + alignment])
        script.realloc(block, size);
      script.free(block);
    }
  }
  return script.operations;
}
