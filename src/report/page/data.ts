/** What a page's script is given: the views that are drawn where the page is read. In the page it stands as JSON. */

/**
 * Whole numbers from 0, as text: base64 of raw DEFLATE (RFC 1951) of one number after the other, seven bits a byte, the lowest
 * first, the top bit set where more follow. What goes up and down is packed as steps: twice the step, or one less than
 * twice its size where it goes down.
 */
export type Packed = string;

/** Where blocks lay during a workload, and what the memory was used for. */
export interface TimeWorkload {
  readonly name: string;
  readonly operations: number;
  readonly blocks: {
    /** Steps of the operation that got each. */
    readonly from: Packed;
    /** Operations that each lived for. */
    readonly life: Packed;
    readonly offset: Packed;
    readonly bytes: Packed;
    /** Where headers have a tag. */
    readonly tag?: Packed;
  };
  /** Steps of the operations that returned NULL. */
  readonly failed: Packed;
  /** Cycles of each operation. */
  readonly cycles: Packed;
  /** Steps of bytes, at some operations. */
  readonly memory: Readonly<
    Record<"at" | "payload" | "padding" | "headers" | "free" | "largestFree", Packed>
  >;
}

export interface TimeView {
  readonly kind: "time";
  readonly heapBytes: number;
  readonly firstBlock: number;
  readonly workloads: readonly TimeWorkload[];
}

export interface HistogramView {
  readonly kind: "histogram";
  /** "malloc" */
  readonly name: string;
  /** Cycles, and how many calls took so many; by cycles. */
  readonly bins: readonly (readonly [number, number])[];
  /** No call takes more; null where nothing is proven. */
  readonly bound: number | null;
}

/** Configs, of which none is better than another in every axis. */
export interface ScatterView {
  readonly kind: "scatter";
  readonly axes: readonly { readonly key: string; readonly name: string }[];
  readonly points: readonly ScatterPoint[];
}

export interface ScatterPoint {
  /** "1" */
  readonly label: string;
  readonly name: string;
  readonly group: "front" | "own" | "peer";
  /** By axis; null where it is not known. */
  readonly at: Readonly<Record<string, number | null>>;
  /** Lines about it. */
  readonly about: readonly string[];
}

export type DumpState = "control" | "used" | "free" | "untouched" | "lost";

/** Memory by address, at one moment. */
export interface DumpView {
  readonly kind: "dump";
  readonly heapBytes: number;
  readonly granuleBytes: number;
  /** By offset; damage beside them. */
  readonly stretches: readonly {
    readonly offset: number;
    readonly bytes: number;
    readonly state: DumpState;
    readonly about: string;
  }[];
  readonly damage: readonly { readonly offset: number; readonly about: string }[];
}

export type View = TimeView | HistogramView | ScatterView | DumpView;
