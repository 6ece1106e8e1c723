/** A block as the reference keeps it. Offsets are bytes from the start of the heap. */
export interface Block {
  /** Offset of the header. */
  start: number;
  /** Bytes, header included. */
  size: number;
  free: boolean;
  /** Bytes asked for, while the block is in use. */
  requestBytes: number;
  tag: number;
  left: Block | undefined;
  right: Block | undefined;
  /** Position in the policy's index, where it keeps one; 0: none. */
  slot: number;
  /** Nobody has the block, but it waits in a quick list, and its neighbours take it for one in use. */
  quick: boolean;
}

export const endOf = (block: Block): number => block.start + block.size;
