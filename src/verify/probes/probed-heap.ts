/** One heap on both sides: the C by calls of its functions, and the reference; and what the caller wrote into blocks. */
import type { Plan } from "../../plan/plan.js";
import type { Block } from "../../reference/block.js";
import { MetadataComparison } from "../../reference/image.js";
import type { ReferenceHeap } from "../../reference/reference-heap.js";
import type { GuestHeap } from "./guest-heap.js";
import type { Observation } from "./observation.js";

/** A block that the caller has. Offsets are from the start of the heap. */
export interface LiveBlock {
  readonly payload: number;
  /** Bytes asked for. */
  readonly request: number;
  /** Bytes that the caller wrote. */
  readonly written: number;
  /** Where in the pattern they begin. */
  readonly pattern: number;
}

const patternStarts = 251;

/** Of a block in use: as many as the caller may write. */
export const usableBytes = ({ header, hardening }: Plan, { size, requestBytes }: Block): number =>
  hardening?.guard === undefined ? size - header.bytes : requestBytes;

export class ProbedHeap {
  reference: ReferenceHeap;
  /** By payload. */
  readonly live = new Map<number, LiveBlock>();
  readonly #comparison: MetadataComparison;
  readonly #pattern: Buffer;
  #served = 0;

  constructor(
    readonly plan: Plan,
    readonly guest: GuestHeap,
  ) {
    this.reference = plan.rules.reference(plan);
    this.#comparison = new MetadataComparison(plan);
    const pattern = Buffer.alloc(plan.heapBytes + patternStarts);
    for (let at = 0; at < pattern.length; at++) pattern[at] = (at * 167 + (at >> 8) * 13) & 0xff;
    this.#pattern = pattern;
  }

  /** As init leaves it: empty, and nobody has a block. */
  begin(): void {
    this.reference = this.plan.rules.reference(this.plan);
    this.live.clear();
  }

  blocks(): readonly Block[] {
    return [...this.reference.blocks()];
  }

  /** Of the block in use with that payload: as many as the caller may write. */
  usableBytes(payload: number): number {
    const block = this.blocks().find(({ start }) => start + this.plan.header.bytes === payload);
    if (block === undefined) throw new Error(`the reference has no block at ${payload}`);
    return usableBytes(this.plan, block);
  }

  /** The caller has a block from now on, and writes all that it may. */
  take(payload: number, request: number): void {
    const written = this.guest.has("usable_size") ? this.usableBytes(payload) : request;
    const block = { payload, request, written, pattern: this.#served++ % patternStarts };
    this.live.set(payload, block);
    this.guest.bytes.set(this.#contents(block, written), payload);
  }

  /** Whether the first bytes at `payload` are what was written to `block`. */
  holds(block: LiveBlock, payload: number, bytes: number): boolean {
    const found = this.guest.bytes.subarray(payload, payload + bytes);
    return this.#contents(block, bytes).equals(found);
  }

  /** Metadata, contents of blocks, and bytes that nobody may write. @param call that was the last */
  *state(call: string): Iterable<Observation> {
    yield { call, expected: "all metadata as in the reference", found: this.#metadata() };
    const damaged = [...this.live.values()].find((each) => !this.holds(each, each.payload, each.written));
    yield {
      call,
      expected: "every live block keeps its contents",
      found:
        damaged === undefined
          ? "every live block keeps its contents"
          : `those of the block at offset ${damaged.payload} changed`,
    };
    const stray = this.guest.caller.strayWrite();
    yield {
      call,
      expected: "nothing is written beside the heap",
      found:
        stray === undefined
          ? "nothing is written beside the heap"
          : `the byte at 0x${stray.toString(16)} is written`,
    };
  }

  #contents({ pattern }: LiveBlock, bytes: number): Buffer {
    return this.#pattern.subarray(pattern, pattern + bytes);
  }

  #metadata(): string {
    const found = this.guest.bytes;
    const at = this.#comparison.firstDifference(this.reference, found);
    if (at !== undefined) {
      const { bytes, mask } = this.#comparison.expected;
      const hex = (value = 0) => `0x${(value & (mask[at] ?? 0)).toString(16).padStart(2, "0")}`;
      return `the metadata at offset ${at} is ${hex(found[at])}, not ${hex(bytes[at])}`;
    }
    return "all metadata as in the reference";
  }
}
