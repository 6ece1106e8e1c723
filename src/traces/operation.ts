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
  readonly notes?: TraceNotes;
}

/** What a recording knows beside its operations; nothing of it changes how they are replayed. */
export interface TraceNotes {
  /** Time of each operation in ticks of the recorder's clock, never falling; NaN before the first one that is known. */
  readonly times?: ArrayLike<number>;
  /** Tags or callers of allocations, by the index of the operation. */
  readonly tags?: ReadonlyMap<number, string>;
  /** In the order in which they failed. */
  readonly failed?: readonly FailedRequest[];
}

/** A request that returned NULL when the trace was recorded. A realloc that failed has left its block as it was. */
export interface FailedRequest {
  /** Index of the operation it came before. */
  readonly before: number;
  readonly kind: "malloc" | "calloc" | "aligned" | "realloc";
  /** Bytes, 0 to 2^32 - 1. */
  readonly size: number;
}

/** What `HeapOperations.kind` holds. */
export const OperationCode = { malloc: 1, free: 2, calloc: 3, realloc: 4, alignedAlloc: 5 } as const;

/** A function of the allocator that operations call. */
export type OperationName = keyof typeof OperationCode;

/** In the order of their codes. */
export const operationNames = ["malloc", "free", "calloc", "realloc", "alignedAlloc"] as const;

/** The function of an operation's code. */
export function operationName(code: number): OperationName {
  const name = operationNames[code - 1];
  if (name === undefined) throw new Error(`no operation has the code ${code}`);
  return name;
}

/** Functions a generated interface may lack; traces that ask for them are then served by malloc and free. */
export const optionalOperations = ["calloc", "realloc", "alignedAlloc"] as const;
export type OptionalOperation = (typeof optionalOperations)[number];

/** Something of each function of an interface. */
export type ByFunction<Value> = Readonly<Record<"malloc" | "free", Value>> &
  Readonly<Partial<Record<OptionalOperation, Value>>>;

/** Something made of each function that `has` names. */
export function byFunction<Value>(
  has: Readonly<Partial<Record<OptionalOperation, unknown>>>,
  of: (name: OperationName) => Value,
): ByFunction<Value> {
  const others = optionalOperations.filter((name) => has[name] !== undefined && has[name] !== false);
  return {
    malloc: of("malloc"),
    free: of("free"),
    ...(Object.fromEntries(others.map((name) => [name, of(name)])) as Partial<
      Record<OptionalOperation, Value>
    >),
  };
}

/** The functions of `record`, in the order of their codes. */
export function namesOf(record: ByFunction<unknown>): readonly OperationName[] {
  return operationNames.filter((name) => record[name] !== undefined);
}

/**
 * A sequence both sides can execute without knowing ids. The argument is the size in bytes of what is allocated; for
 * free it is the index of the operation that allocated the block (freeing what that operation got, NULL included).
 */
export interface HeapOperations {
  readonly length: number;
  readonly kind: Uint8Array;
  readonly argument: Uint32Array;
  /**
   * For realloc the index of the operation that allocated the block, for an aligned allocation the alignment in bytes;
   * below 2^28. May be left out where there are neither.
   */
  readonly second?: Uint32Array;
}

/** The second argument of an operation; 0 for one that has none. */
export const secondArgument = ({ second }: HeapOperations, index: number): number => second?.[index] ?? 0;
