/** What a device tells of its heap: calls by address, in the order in which they happened. */

/** Where an event stands: a line of a text, counted from 1, or a byte of a binary file, counted from 0. */
export type Place = { readonly line: number } | { readonly byte: number };

interface Told {
  readonly place: Place;
  /** Ticks of the recorder's clock. */
  readonly time?: number;
}

/** Of an allocation: what the program calls it, or who asked for it. */
interface Tagged extends Told {
  readonly tag?: string;
}

/** Addresses are those of payloads, 0 to 2^53 - 1; sizes bytes. */
export type HeapEvent =
  | (Tagged & { readonly kind: "malloc" | "calloc"; readonly address: number; readonly size: number })
  | (Tagged & {
      readonly kind: "aligned";
      readonly address: number;
      /** Bytes, a power of two. */
      readonly alignment: number;
      readonly size: number;
    })
  | (Tagged & {
      readonly kind: "realloc";
      readonly old: number;
      /** Where the block is now, be it where it was. */
      readonly address: number;
      readonly size: number;
    })
  | (Told & { readonly kind: "free"; readonly address: number })
  /** A request that returned NULL. A realloc that failed left its block as it was. */
  | (Told & {
      readonly kind: "failed";
      readonly request: "malloc" | "calloc" | "aligned" | "realloc";
      readonly size: number;
    })
  /** Events that the recorder could not keep; undefined: nobody knows how many. */
  | (Told & { readonly kind: "lost"; readonly count: number | undefined })
  /** The device has begun again, with an empty heap. */
  | (Told & { readonly kind: "restart" })
  /** A part of the file that says nothing: `what` is a sentence. */
  | (Told & { readonly kind: "unreadable"; readonly what: string })
  /** Nothing is wrong, but whoever uses the trace should know: `what` is a sentence. */
  | (Told & { readonly kind: "notice"; readonly what: string });

/** "line 12", "byte 345" */
export const placeText = (place: Place): string =>
  "line" in place ? `line ${place.line}` : `byte ${place.byte}`;
