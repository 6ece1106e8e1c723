/** One sequence on both sides: the reference heap and the C on the emulated core, held against each other. */
import type { Image } from "../build/image.js";
import type { Engine, Fault, Session, SessionOptions } from "../emulators/engine.js";
import { findField, type Plan } from "../plan/plan.js";
import { policyFor } from "../policies/registry.js";
import { metadataImage } from "../reference/image.js";
import type { Path, ReferenceHeap } from "../reference/reference-heap.js";
import type { Target } from "../targets/target.js";
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import { sourceLine } from "./source-line.js";

/** Everything a comparison needs beside the operations. */
export interface Bench {
  readonly plan: Plan;
  readonly image: Image;
  readonly engine: Engine;
  readonly target: Target;
}

/** How the two sides differ. */
export interface Difference {
  readonly kind: "address" | "metadata" | "fault";
  /** Operations executed when it was seen; it arose in the last of them or before. */
  readonly after: number;
  readonly message: string;
}

/** The reference, made to execute `HeapOperations` one by one. */
export class ReferenceRunner {
  readonly heap: ReferenceHeap;
  /** Payload offset of each malloc, -1 for NULL; -1 for a free. */
  readonly outcomes: Int32Array;
  /** Path of each operation done so far; empty unless it was asked for. */
  readonly paths: Path[] = [];
  private done = 0;
  private readonly tagMask: number;

  constructor(
    plan: Plan,
    private readonly operations: HeapOperations,
    private readonly keepsPaths = false,
  ) {
    this.heap = policyFor(plan.policy).reference(plan);
    this.outcomes = new Int32Array(operations.length);
    this.tagMask = tagMask(plan);
  }

  /** Execute operations up to `to`, which is not executed. */
  advance(to: number): void {
    const { kind, argument } = this.operations;
    for (; this.done < to; this.done++) {
      const value = argument[this.done] as number;
      if (kind[this.done] === OperationCode.malloc) {
        const { payload, path } = this.heap.malloc(value, (this.done & this.tagMask) >>> 0);
        this.outcomes[this.done] = payload;
        if (this.keepsPaths) this.paths.push(path);
      } else {
        const { path } = this.heap.free(this.outcomes[value] as number);
        this.outcomes[this.done] = -1;
        if (this.keepsPaths) this.paths.push(path);
      }
    }
  }
}

/** The tag of operation i is i, cut to the field's width; 0 where headers have no tag. */
export function tagMask(plan: Plan): number {
  const tag = findField(plan.header, "tag");
  return tag === undefined ? 0 : 2 ** tag.placement.bits - 1;
}

const describeAddress = (offset: number): string => (offset < 0 ? "NULL" : `offset ${offset}`);

/** Runs both sides in step, batch by batch. */
export class Comparison {
  private readonly runner: ReferenceRunner;
  private readonly session: Session;
  private done = 0;
  metadataComparisons = 0;

  constructor(
    private readonly bench: Bench,
    private readonly operations: HeapOperations,
    options: SessionOptions = {},
    keepsPaths = false,
  ) {
    this.runner = new ReferenceRunner(bench.plan, operations, keepsPaths);
    this.session = bench.engine.open(bench.image, bench.target, operations, options);
  }

  get plan(): Plan {
    return this.bench.plan;
  }

  get emulated(): Session {
    return this.session;
  }

  get reference(): ReferenceHeap {
    return this.runner.heap;
  }

  /** The reference's paths, when they were asked for. */
  get paths(): readonly Path[] {
    return this.runner.paths;
  }

  /** Fresh memory and init on the emulated side. Call it once, before the first batch. */
  start(): Difference | undefined {
    const fault = this.session.reset();
    return fault === undefined
      ? this.compareMetadata()
      : { kind: "fault", after: 0, message: `init: ${this.sentenceOf(fault)}` };
  }

  /** Execute up to `to` on both sides and compare; the first difference, if there is one. */
  advance(to: number): Difference | undefined {
    const from = this.done;
    const { completed, fault } = this.session.execute(from, to);
    this.runner.advance(to);
    this.done = to;
    return (
      this.compareAddresses(from, from + completed) ?? this.describeFault(fault) ?? this.compareMetadata()
    );
  }

  close(): void {
    this.session.close();
  }

  private describeFault(fault: Fault | undefined): Difference | undefined {
    if (fault === undefined) return undefined;
    const message = `${fault.cause}: ${this.sentenceOf(fault)}`;
    return { kind: "fault", after: fault.operation + 1, message };
  }

  private sentenceOf({ message, pc }: Fault): string {
    const line = pc === undefined ? undefined : sourceLine(this.bench.image, pc);
    return line === undefined ? message : `${message} (${line})`;
  }

  private compareAddresses(from: number, to: number): Difference | undefined {
    const { results } = this.session;
    const { outcomes } = this.runner;
    const base = this.bench.image.heapAddress;
    for (let index = from; index < to; index++) {
      if (this.operations.kind[index] !== OperationCode.malloc) continue;
      const expected = outcomes[index] as number;
      const address = results[index] as number;
      if (address === (expected < 0 ? 0 : base + expected)) continue;
      const found = address === 0 ? -1 : address - base;
      const size = this.operations.argument[index] as number;
      return {
        kind: "address",
        after: index + 1,
        message: `malloc(${size}) gives ${describeAddress(expected)} in the reference, ${describeAddress(found)} on the core`,
      };
    }
    return undefined;
  }

  private compareMetadata(): Difference | undefined {
    this.metadataComparisons++;
    const { bytes, mask } = metadataImage(this.bench.plan, this.runner.heap);
    const { heap } = this.session;
    for (let offset = 0; offset < bytes.length; offset++) {
      const wanted = mask[offset] as number;
      if (wanted === 0) continue;
      if ((((heap[offset] as number) ^ (bytes[offset] as number)) & wanted) !== 0) {
        return { kind: "metadata", after: this.done, message: this.describeByte(offset, bytes, mask, heap) };
      }
    }
    return undefined;
  }

  private describeByte(offset: number, bytes: Uint8Array, mask: Uint8Array, heap: Uint8Array): string {
    const wanted = mask[offset] as number;
    const hex = (value: number) => `0x${(value & wanted).toString(16).padStart(2, "0")}`;
    const expected = hex(bytes[offset] as number);
    const found = hex(heap[offset] as number);
    return `${this.placeOf(offset)} (offset ${offset}) is ${expected} in the reference, ${found} on the core`;
  }

  private placeOf(offset: number): string {
    const { plan } = this.bench;
    const field = plan.control.find(
      (candidate) =>
        offset >= candidate.offset && offset < candidate.offset + candidate.bytes * candidate.count,
    );
    if (field !== undefined) {
      return field.count === 1
        ? field.name
        : `${field.name}[${Math.floor((offset - field.offset) / field.bytes)}]`;
    }
    for (const block of this.runner.heap.blocks()) {
      if (offset < block.start || offset >= block.start + block.size) continue;
      const within = offset - block.start;
      if (within < plan.header.bytes)
        return `the header of the ${block.free ? "free " : ""}block at ${block.start}`;
      return `byte ${within} of the ${block.free ? "free " : ""}block at ${block.start}`;
    }
    return "the header behind the last block";
  }
}
