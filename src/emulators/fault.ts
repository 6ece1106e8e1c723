/** What an engine says where the guest did what it must not. */

/** Why the guest stopped before the end of a batch. */
export type FaultCause =
  | "read-unmapped"
  | "write-unmapped"
  | "fetch-unmapped"
  | "write-protected"
  | "stack-overflow"
  | "undefined-instruction"
  /** On a core that allows none. */
  | "unaligned-access"
  /** More instructions in one operation than the limit. */
  | "hang"
  /** A live payload's bytes changed. */
  | "payload-overwritten"
  /** What calloc gave is not all zeros. */
  | "not-zeroed"
  /** Bytes of writable memory outside the heap changed. */
  | "stray-write"
  /** A byte that belongs to nobody was read or written: where the run was told which. */
  | "stray-access"
  /** Two engines do not agree. */
  | "engines-differ"
  | "other";

export interface Fault {
  readonly cause: FaultCause;
  /** Index of the operation that was running; -1 for init. */
  readonly operation: number;
  /** Address of the instruction, or of the first one of the block that it is in, where known. */
  readonly pc?: number;
  /** Address that was accessed, where there is one. */
  readonly address?: number;
  /** Sentence for people, without a full stop. */
  readonly message: string;
}
