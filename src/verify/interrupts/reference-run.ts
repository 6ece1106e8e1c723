/** A reference heap that executes calls, and numbers what they allocate. */
import type { Plan } from "../../plan/plan.js";
import type { ReferenceHeap } from "../../reference/reference-heap.js";
import { refer, type BlockNumber, type HeapCall } from "./heap-call.js";

export class ReferenceRun {
  readonly heap: ReferenceHeap;
  /** Payload offset of each block that was allocated, -1 for NULL. */
  readonly blocks: number[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly heapAddress: number,
  ) {
    this.heap = plan.rules.reference(plan);
  }

  /** The payload that a call returns, -1 for NULL; undefined where it returns none. */
  execute(call: HeapCall): number | undefined {
    const payload = this.executeAside(call);
    if (payload !== undefined) this.blocks.push(payload);
    return payload;
  }

  /** The same for a call whose block gets no number. */
  executeAside(call: HeapCall): number | undefined {
    return refer(this.plan, this.heap, call, this.heapAddress, (block) => this.payload(block));
  }

  payload(block: BlockNumber): number {
    return block === undefined ? -1 : (this.blocks[block] ?? -1);
  }
}
