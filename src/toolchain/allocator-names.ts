/** What of an allocator's C the replay calls and finds by name. */
import type { FailureHook } from "./failure-hook.js";
import type { FaultHook } from "./fault-hook.js";
import type { HeapRegion } from "./heap-region.js";

export interface AllocatorNames {
  /** The array that is the heap; where it lies elsewhere, the region that stands in for its place. */
  readonly heapSymbol: string;
  /** How the allocator comes to a heap that is no array of its own. */
  readonly region?: HeapRegion;
  /** The user's header with the hooks of the lock, for which another stands in, and what their names begin with. */
  readonly lockHooks?: { readonly header: string; readonly prefix: string };
  /** A function of the user's that a failed request calls, for which another stands in. */
  readonly failureHook?: FailureHook;
  /** A function that is told of misuse, and whether the user alone defines it: then another stands in, which stops the core. */
  readonly faultHook?: FaultHook;
  readonly init: string;
  readonly malloc: string;
  readonly free: string;
  /** Absent where the interface has none. */
  readonly calloc?: string;
  readonly realloc?: string;
  readonly alignedAlloc?: string;
  /** Whether malloc takes the tag as its second argument. */
  readonly tagged: boolean;
}
