/** A trace that is made operation by operation. */
import { NoteCollector } from "./annotations.js";
import { groupBy } from "../group.js";
import type { FailedRequest, Trace, TraceOperation } from "./operation.js";

export class TraceBuilder {
  readonly #operations: TraceOperation[] = [];
  readonly #notes = new NoteCollector();

  add(
    operation: TraceOperation,
    { time, tag }: { readonly time?: number; readonly tag?: string | undefined } = {},
  ): void {
    if (time !== undefined && !Number.isNaN(time)) this.#notes.at(time);
    if (tag !== undefined) this.#notes.tag(tag);
    this.#notes.operation();
    this.#operations.push(operation);
  }

  fail({ kind, size }: FailedRequest): void {
    this.#notes.fail(kind, size);
  }

  /** @param header lines besides the number of events */
  build(name: string, header: ReadonlyMap<string, string>): Trace {
    const lines = new Map([...header, ["events", String(this.#operations.length)]]);
    return { name, header: lines, operations: this.#operations, ...this.#notes.found() };
  }
}

/** Gives blocks numbers that none has that is live, the last one that was given back first. */
export class BlockNumbers {
  readonly #spare: number[] = [];
  #next = 0;

  take(): number {
    return this.#spare.pop() ?? this.#next++;
  }

  giveBack(id: number): void {
    this.#spare.push(id);
  }
}

/** New numbers for a trace's blocks, one operation after the other. */
export class Renumbering {
  readonly #numbers = new Map<number, number>();

  constructor(private readonly pool: BlockNumbers) {}

  of(operation: TraceOperation): TraceOperation {
    switch (operation.kind) {
      case "malloc":
      case "calloc":
      case "aligned": {
        const id = this.pool.take();
        this.#numbers.set(operation.id, id);
        return { ...operation, id };
      }
      case "realloc":
        return { ...operation, id: this.#numberOf(operation.id) };
      case "free": {
        const id = this.#numberOf(operation.id);
        this.#numbers.delete(operation.id);
        this.pool.giveBack(id);
        return { ...operation, id };
      }
    }
  }

  #numberOf(id: number): number {
    const number = this.#numbers.get(id);
    if (number === undefined) throw new Error(`block ${id} is not live`);
    return number;
  }
}

/** What a trace says of each operation, and the requests that failed before it. */
export function notesAt({ notes = {} }: Trace): (index: number) => {
  readonly time: number;
  readonly tag: string | undefined;
  readonly failed: readonly FailedRequest[];
} {
  const failed = groupBy(notes.failed ?? [], ({ before }) => before);
  return (index) => ({
    time: notes.times?.[index] ?? NaN,
    tag: notes.tags?.get(index),
    failed: failed.get(index) ?? [],
  });
}
