/** Operations: what a trace says, and what both heaps are made to do. */

/** One line of a trace. Ids name live blocks; an id may be used again after its block was freed. */
export type TraceOperation =
  | { readonly kind: "malloc"; readonly id: number; readonly size: number }
  | { readonly kind: "calloc"; readonly id: number; readonly size: number }
  | { readonly kind: "aligned"; readonly id: number; readonly alignment: number; readonly size: number }
  | { readonly kind: "realloc"; readonly id: number; readonly size: number }
  | { readonly kind: "free"; readonly id: number };

export interface Trace {
  /** File name without folder and endings, or the workload's name. */
  readonly name: string;
  readonly header: ReadonlyMap<string, string>;
  readonly operations: readonly TraceOperation[];
  /** Line of the file each operation stands on, for messages; absent for generated workloads. */
  readonly lines?: Uint32Array;
}

/** What `HeapOperations.kind` holds. */
export const OperationCode = { malloc: 1, free: 2 } as const;

/**
 * A sequence both sides can execute without knowing ids: for malloc the argument is the size in bytes, for free the
 * index of the operation that allocated the block (freeing what that operation got, NULL included).
 */
export interface HeapOperations {
  readonly length: number;
  readonly kind: Uint8Array;
  readonly argument: Uint32Array;
}
