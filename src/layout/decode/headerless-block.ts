/** Blocks without headers. */

export interface Block {
  /** Bytes from the start of the heap. */
  readonly offset: number;
  /** Bytes from the start of the heap to the payload. */
  readonly payload: number;
  /** In bytes. */
  readonly size: number;
  readonly free: boolean;
}
