/** What directed operations are written with: a script of calls, and the sizes at the edges of a heap. */
import type { Plan } from "../plan/plan.js";
import type { TraceOperation } from "../traces/operation.js";

/** Writes operations with fresh ids. */
export class Script {
  readonly operations: TraceOperation[] = [];
  #ids = 0;

  malloc(size: number): number {
    this.operations.push({ kind: "malloc", id: this.#ids, size });
    return this.#ids++;
  }

  calloc(size: number): number {
    this.operations.push({ kind: "calloc", id: this.#ids, size });
    return this.#ids++;
  }

  aligned(alignment: number, size: number): number {
    this.operations.push({ kind: "aligned", id: this.#ids, alignment, size });
    return this.#ids++;
  }

  realloc(id: number, size: number): void {
    this.operations.push({ kind: "realloc", id, size });
  }

  /** Also of NULL, where the request failed. */
  free(...ids: readonly number[]): void {
    for (const id of ids) this.operations.push({ kind: "free", id });
  }
}

export const wordEnd = 2 ** 32;

/** Bytes of the largest block that is cleared or copied: the core takes seconds for more. */
export const mostMoved = 2 ** 20;

/** Sizes above the largest request, those whose rounding up overflows among them. */
export function refusedSizes({
  maximumRequestBytes: most,
  heapBytes,
  granuleBytes,
  header,
}: Plan): readonly number[] {
  const wrapping = 2 * granuleBytes + header.bytes;
  return unique([
    ...[1, 2, granuleBytes, 2 * granuleBytes].map((more) => most + more),
    ...around(heapBytes, 1),
    ...around(2 ** 16, 1),
    ...around(2 ** 31, 1),
    ...Array.from({ length: wrapping }, (_, index) => wordEnd - wrapping + index),
  ]).filter((size) => size > most && size < wordEnd);
}

/** The least sizes and the largest ones that a heap serves. */
export function servedSizes({ maximumRequestBytes: most, granuleBytes }: Plan): readonly number[] {
  const low = Array.from({ length: 2 * granuleBytes + 2 }, (_, size) => size);
  return unique([...low, ...around(most - granuleBytes, 1), most - 1, most]).filter(
    (size) => size >= 0 && size <= most,
  );
}

export const around = (size: number, by: number): readonly number[] => [size - by, size, size + by];
export const unique = (sizes: readonly number[]): readonly number[] => [...new Set(sizes)];
