/** One sequence on both sides: the reference heap and the C on the emulated core, held against each other. */
import type { Image } from "../toolchain/image.js";
import type {
  Engine,
  Fault,
  FaultCause,
  Session,
  SessionOptions,
  WitnessShare,
} from "../emulators/engine.js";
import { dirtOf } from "../emulators/image-regions.js";
import { tagBits } from "../header/facts.js";
import type { Plan } from "../plan/plan.js";
import { MetadataComparison, numbersAt } from "../reference/image.js";
import { calloc } from "../reference/calloc.js";
import type { Path } from "../reference/path.js";
import type { Outcome, ReferenceHeap } from "../reference/reference-heap.js";
import type { Target } from "../targets/target.js";
import {
  OperationCode,
  operationName,
  secondArgument,
  type HeapOperations,
  type OperationName,
} from "../traces/operation.js";
import { describeNumbers } from "./describe-numbers.js";
import { bytesOfNobody, gapsOf, type Gap } from "./gaps.js";
import { describeStop, sourceLine } from "./source-line.js";

/** Everything a comparison needs beside the operations. */
export interface Bench {
  readonly plan: Plan;
  readonly image: Image;
  readonly engine: Engine;
  readonly target: Target;
  /** What each byte of the heap is before init; where left out, bytes that differ. */
  readonly heapFill?: number | undefined;
  /** Whether reading or writing bytes that belong to nothing is a fault, which slows down a run. */
  readonly isStrict?: boolean;
  /** How much of each session a witness of the engine's takes, where it has one. */
  readonly witness?: WitnessShare;
}

/** What an engine is told of it. @param image by default the bench's */
export const strictness = ({ plan, isStrict, image: own }: Bench, image = own) =>
  isStrict === true ? { forbidden: bytesOfNobody(plan, image) } : {};

/** What a session is told of it. */
export const sessionOptionsOf = (bench: Bench): SessionOptions => ({
  ...strictness(bench),
  ...(bench.witness === undefined ? {} : { witness: bench.witness }),
});

/** How the two sides differ. */
export interface Difference {
  readonly kind: "address" | "metadata" | "fault";
  /** Operations executed when it was seen; it arose in the last of them or before. */
  readonly after: number;
  readonly message: string;
  /** Of a fault. */
  readonly cause?: FaultCause;
  /** Line of the C in which the core stopped, where that is known. */
  readonly source?: string;
}

/** The reference, made to execute `HeapOperations` one by one. */
export class ReferenceRunner {
  readonly heap: ReferenceHeap;
  /** Payload offset that each operation gave, -1 for NULL; -1 for a free. */
  readonly outcomes: Int32Array;
  /** Path of each operation done since they were taken; empty unless it was asked for. */
  readonly paths: Path[] = [];
  private done = 0;
  private readonly tagMask: number;

  constructor(
    private readonly plan: Plan,
    private readonly operations: HeapOperations,
    private readonly keepsPaths = false,
    /** Where the heap begins: aligned allocations depend on it. */
    private readonly heapAddress = 0,
  ) {
    this.heap = plan.rules.reference(plan);
    this.outcomes = new Int32Array(operations.length);
    this.tagMask = tagMask(plan);
  }

  /** Execute operations up to `to`, which is not executed. */
  advance(to: number): void {
    const { kind, argument } = this.operations;
    for (; this.done < to; this.done++) {
      const value = argument[this.done] as number;
      const { payload, path } = this.execute(operationName(kind[this.done] as number), value);
      this.outcomes[this.done] = payload;
      if (this.keepsPaths) this.paths.push(path);
    }
  }

  private execute(name: OperationName, argument: number): Outcome {
    const { heap, done } = this;
    switch (name) {
      case "malloc":
        return heap.malloc(argument, (done & this.tagMask) >>> 0);
      case "free":
        return heap.free(this.outcomes[argument] as number);
      case "calloc":
        return calloc(this.plan, heap, argument);
      case "realloc": {
        const block = this.outcomes[secondArgument(this.operations, done)] as number;
        return heap.realloc?.(block, argument, this.heapAddress) ?? refuse(name);
      }
      case "alignedAlloc": {
        const alignment = secondArgument(this.operations, done);
        return heap.alignedAlloc?.(alignment, argument, this.heapAddress) ?? refuse(name);
      }
    }
  }
}

function refuse(name: OperationName): never {
  throw new Error(`the policy's reference has no ${name}`);
}

/** The tag of operation i is i, cut to the field's width; 0 where headers have no tag. */
export function tagMask(plan: Plan): number {
  return 2 ** tagBits(plan.header) - 1;
}

const describeAddress = (offset: number): string => (offset < 0 ? "NULL" : `offset ${offset}`);

/** "malloc(24)", "realloc(of operation 3, 40)" */
export function describeCall(operations: HeapOperations, index: number): string {
  const name = operationName(operations.kind[index] as number);
  const size = operations.argument[index] as number;
  const second = secondArgument(operations, index);
  switch (name) {
    case "malloc":
    case "free":
      return `${name}(${size})`;
    case "calloc":
      return `calloc(1, ${size})`;
    case "realloc":
      return `realloc(of operation ${second}, ${size})`;
    case "alignedAlloc":
      return `aligned_alloc(${second}, ${size})`;
  }
}

/** Runs both sides in step, batch by batch. */
export class Equivalence {
  private readonly runner: ReferenceRunner;
  private readonly session: Session;
  /** The heap's bytes before init. */
  private readonly untouched: (offset: number) => number | undefined;
  private readonly metadata: MetadataComparison;
  private readonly gaps: readonly Gap[];
  private done = 0;
  metadataComparisons = 0;

  constructor(
    private readonly bench: Bench,
    private readonly operations: HeapOperations,
    options: SessionOptions = {},
    keepsPaths = false,
  ) {
    this.runner = new ReferenceRunner(bench.plan, operations, keepsPaths, bench.image.heapAddress);
    const { heapFill } = bench;
    const dirt = heapFill === undefined ? dirtOf(bench.image.heapBytes) : [];
    this.untouched = (offset) => heapFill ?? dirt[offset];
    this.metadata = new MetadataComparison(bench.plan);
    this.gaps = gapsOf(bench.plan);
    const { engine, image, target } = bench;
    this.session = engine.open(image, target, operations, { ...sessionOptionsOf(bench), ...options });
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

  /** The reference's paths since they were taken last, when they were asked for: none is kept longer than it is needed. */
  takePaths(): readonly Path[] {
    return this.runner.paths.splice(0);
  }

  /** Fresh memory and init on the emulated side. Call it once, before the first batch. */
  start(): Difference | undefined {
    const fault = this.session.reset(this.bench.heapFill);
    return fault === undefined ? this.compareMetadata() : this.differenceOf(fault, 0, "init");
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
    return this.differenceOf(fault, fault.operation + 1, fault.cause);
  }

  private differenceOf(fault: Fault, after: number, what: string): Difference {
    const { cause, pc } = fault;
    const source = pc === undefined ? undefined : sourceLine(this.bench.image, pc);
    const message = `${what}: ${describeStop(this.bench.image, fault, source)}`;
    return { kind: "fault", cause, after, message, ...(source === undefined ? {} : { source }) };
  }

  private compareAddresses(from: number, to: number): Difference | undefined {
    const { results } = this.session;
    const { outcomes } = this.runner;
    const base = this.bench.image.heapAddress;
    for (let index = from; index < to; index++) {
      const code = this.operations.kind[index] as number;
      if (code === OperationCode.free) continue;
      const expected = outcomes[index] as number;
      const address = results[index] as number;
      if (address === (expected < 0 ? 0 : base + expected)) continue;
      const found = address === 0 ? -1 : address - base;
      return {
        kind: "address",
        after: index + 1,
        message: `${describeCall(this.operations, index)} returns ${describeAddress(expected)} in the reference, ${describeAddress(found)} on the core`,
      };
    }
    return undefined;
  }

  private compareMetadata(): Difference | undefined {
    this.metadataComparisons++;
    const offset = this.metadata.firstDifference(
      this.runner.heap,
      this.session.heap,
      this.bench.image.heapAddress,
    );
    if (offset !== undefined) {
      return { kind: "metadata", after: this.done, message: this.describeByte(offset) };
    }
    return this.compareGaps();
  }

  /** What was in memory before init must still be there. */
  private compareGaps(): Difference | undefined {
    const { heap } = this.session;
    const { untouched } = this;
    for (const { start, end } of this.gaps) {
      for (let offset = start; offset < end; offset++) {
        if (heap[offset] === untouched(offset)) continue;
        const message = `byte ${offset} of the heap belongs to nothing, and was written`;
        return { kind: "metadata", after: this.done, message };
      }
    }
    return undefined;
  }

  private describeByte(offset: number): string {
    return describeNumbers(numbersAt(this.bench.plan, this.runner.heap, offset), {
      offset,
      expected: this.metadata.expected,
      found: this.session.heap,
    });
  }
}
