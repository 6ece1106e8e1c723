/** A block with a header. */
import type { Header } from "./header.js";

/** A block as its header stands at `offset`. */
export interface Block {
  /** Bytes from the start of the heap to the block's header. */
  readonly offset: number;
  /** Bytes from the start of the heap to the payload. */
  readonly payload: number;
  /** In bytes, header included. */
  readonly size: number;
  readonly free: boolean;
  readonly header: Header;
}
