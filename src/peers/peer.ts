/** An allocator to compare with. */

/** A function that is measured, and the C expression that calls it; undefined where it is called directly. */
export interface PeerCall {
  readonly function: string;
  readonly call?: string;
}

export type PeerHeap =
  | { readonly kind: "region" }
  | { readonly kind: "symbols"; readonly start: string; readonly end: string }
  | { readonly kind: "array"; readonly array: string; readonly bytes: string };

export interface Peer {
  /** What tables call it. */
  readonly name: string;
  /** Which release it is. */
  readonly version?: string;
  /** As messages name its peer.json. */
  readonly file: string;
  /** Absolute paths. */
  readonly sources: readonly string[];
  /** Absolute paths. */
  readonly include: readonly string[];
  readonly flags: readonly string[];
  /** Lines of C in front of the calls. */
  readonly prelude: readonly string[];
  readonly heap: PeerHeap;
  /** Bytes, a power of two. */
  readonly alignment: number;
  /** Undefined where the first malloc makes the heap. */
  readonly init?: { readonly call: string; readonly succeeds?: string };
  readonly malloc: PeerCall;
  readonly free: PeerCall;
  readonly realloc?: PeerCall;
}
