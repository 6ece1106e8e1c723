/**
 * In which order a call and the handler that interrupts it may take effect. Each critical section is atomic, so a call
 * that is one section comes before the handler or after it. A realloc that moves its block is several sections, the
 * attempt to resize, a malloc and a free, and a handler may come between any two.
 */
import type { Plan } from "../../plan/plan.js";
import { metadataImage } from "../../reference/image.js";
import { keptAlignment } from "../../reference/kept-alignment.js";
import type { HeapCall } from "./heap-call.js";
import { ExpectedMetadata } from "./metadata.js";
import { ReferenceRun } from "./reference-run.js";

export type Order = "handler first" | "call first" | "before malloc" | "after malloc";

/** What the reference has at the end. Payload offsets, -1 for NULL, undefined where a call returns no block. */
export interface Expected {
  readonly result: number | undefined;
  readonly handlerResults: readonly (number | undefined)[];
  readonly metadata: ExpectedMetadata;
}

/** Critical sections of the call that were executed before the handler and after it; undefined: there is no lock. */
export interface Sections {
  readonly before: number;
  readonly after: number;
}

export function possibleOrders(call: HeapCall, sections: Sections | undefined): readonly Order[] {
  const isMove = call.kind === "realloc" && call.block !== undefined;
  const between: readonly Order[] = isMove ? ["before malloc", "after malloc"] : [];
  const isOutside = sections === undefined || (sections.before === 0 && sections.after === 0);
  if (isOutside) return ["handler first", "call first", ...between];
  if (sections.before === 0) return ["handler first"];
  if (sections.after === 0) return ["call first"];
  // A failure is counted in a section of its own: no order tells whether before the handler or after it.
  return ["call first", ...between];
}

/** Executes orders in the reference, each once. */
export class Orders {
  readonly #known = new Map<Order, Expected>();

  constructor(
    private readonly plan: Plan,
    private readonly heapAddress: number,
    private readonly setup: readonly HeapCall[],
    private readonly call: HeapCall,
    private readonly handler: readonly HeapCall[],
  ) {}

  expected(order: Order): Expected {
    const known = this.#known.get(order) ?? this.#execute(order);
    this.#known.set(order, known);
    return known;
  }

  #execute(order: Order): Expected {
    const run = new ReferenceRun(this.plan, this.heapAddress);
    for (const call of this.setup) run.execute(call);
    const handle = () => this.handler.map((call) => run.execute(call));
    const finish = (
      result: number | undefined,
      handlerResults: readonly (number | undefined)[],
    ): Expected => ({
      result,
      handlerResults,
      metadata: new ExpectedMetadata(metadataImage(this.plan, run.heap, this.heapAddress)),
    });
    switch (order) {
      case "handler first": {
        const handled = handle();
        return finish(run.executeAside(this.call), handled);
      }
      case "call first": {
        const result = run.executeAside(this.call);
        return finish(result, handle());
      }
      case "before malloc": {
        const handled = handle();
        const result = this.#mallocOfMove(run);
        this.#freeOfMove(run, result);
        return finish(result, handled);
      }
      case "after malloc": {
        const result = this.#mallocOfMove(run);
        const handled = handle();
        this.#freeOfMove(run, result);
        return finish(result, handled);
      }
    }
  }

  #mallocOfMove(run: ReferenceRun): number {
    if (this.call.kind !== "realloc") throw new Error("no realloc moves a block");
    const old = run.payload(this.call.block);
    const { header } = this.plan;
    const tag = [...run.heap.blocks()].find(({ start }) => start + header.bytes === old)?.tag ?? 0;
    if (this.plan.realloc.keepAlignment === undefined) return run.heap.malloc(this.call.size, tag).payload;
    const alignment = keptAlignment(this.plan, this.heapAddress + old);
    const moved = run.heap.alignedAlloc?.(alignment, this.call.size, this.heapAddress, tag);
    if (moved === undefined) throw new Error("no alignment is kept without aligned allocation");
    return moved.payload;
  }

  #freeOfMove(run: ReferenceRun, moved: number): void {
    if (this.call.kind === "realloc" && moved >= 0) run.heap.free(run.payload(this.call.block));
  }
}
