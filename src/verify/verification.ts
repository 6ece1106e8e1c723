/** What comparing the C on the emulated core with the reference gave. Input of the report. */

import type { InjectionProof } from "./injection/injection.js";
import type { InterfaceProof } from "./interface.js";
import type { LockProof } from "./interrupts/lock-proof.js";
import type { ByFunction, OperationName } from "../traces/operation.js";

/** Order statistics over the calls of one function; zeros when there was none. */
export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface FunctionFigures {
  readonly calls: number;
  /** Calls that returned NULL; 0 for free. */
  readonly failed: number;
  readonly instructions: Distribution;
  readonly cycles: Distribution;
  /** Operations whose cycles the reference predicted: exactly, and not. */
  readonly predicted: PredictionCount;
}

export interface PredictionCount {
  readonly exact: number;
  readonly wrong: number;
}

/** A prediction that did not come true. */
export interface WrongPrediction {
  readonly function: OperationName;
  /** What the reference noted of the way it went, for whoever looks into it: choices, and iterations by kind. */
  readonly path: string;
  /** Index in the workload, from 0. */
  readonly operation: number;
  readonly predicted: number;
  readonly measured: number;
}

/** The first difference of a workload, and the shortest sequence found that still differs. */
export interface Mismatch {
  readonly kind: "address" | "metadata" | "fault";
  /** Index in the workload, from 0. */
  readonly operation: number;
  /** One sentence: what the reference says, what the C did. */
  readonly message: string;
  /** The minimal sequence, one operation a line in trace notation. */
  readonly minimal: readonly string[];
  /** Where in the C the core stopped, "app_heap.c:120"; absent where it did not, or no debug information tells. */
  readonly source?: string;
  /** What differs at the end of the minimal sequence. */
  readonly minimalMessage: string;
  /** Both heaps after the minimal sequence. */
  readonly referenceDrawing: string;
  readonly emulatedDrawing: string;
}

/** Figures of calloc, realloc and aligned allocations are there where the interface has the function. */
export interface WorkloadResult extends ByFunction<FunctionFigures> {
  readonly name: string;
  readonly operations: number;
  readonly mismatch?: Mismatch;
  /** The first of those that are wrong. */
  readonly wrongPrediction?: WrongPrediction;
}

/** A way of a conditional branch that no operation went. */
export interface BranchLeft {
  readonly address: number;
  readonly never: "taken" | "not taken";
  /** "app_heap.c:120", where debug information tells. */
  readonly source?: string;
}

/** Conditional branches of the allocator. */
export interface Coverage {
  readonly branches: number;
  /** Those that went both ways. */
  readonly covered: number;
  readonly left: readonly BranchLeft[];
}

/** Of what a run did. */
export interface WitnessedShare {
  readonly witnessed: number;
  readonly of: number;
}

/** What a second engine executed too, and came to the same end. */
export interface Witnessed {
  /** "unicorn 2.0.1"; absent where nobody did. */
  readonly by?: string;
  /** Why nobody did, a clause for people. */
  readonly reason?: string;
  /** Operations of the workloads: with the first that went each way through the code, the others as drawn. */
  readonly workloads: WitnessedShare;
  /** Operations that every run asks for, and those that were searched. */
  readonly directed: WitnessedShare;
  /** Calls of single functions. */
  readonly calls: WitnessedShare;
  /** Boundaries at which interrupts were taken; absent where interrupts may not use the heap. */
  readonly boundaries?: WitnessedShare;
}

export interface Verification {
  readonly engine: string;
  readonly workloads: readonly WorkloadResult[];
  /** How much was compared, over all workloads. */
  readonly checked: {
    readonly operations: number;
    readonly addresses: number;
    /** Times the whole metadata was compared. */
    readonly metadata: number;
    readonly payloadBytes: number;
  };
  /** Bytes of other memories that all was run in, where the heap takes what there is. */
  readonly sizes?: readonly number[];
  readonly stackBytes: ByFunction<number>;
  readonly coverage: Coverage;
  /** What interrupts that use the heap do to it; absent where they may not, or where the C is wrong without them. */
  readonly interrupts?: LockProof;
  /** What became of misuse that was injected; absent where the heap is not to find any. */
  readonly injection?: InjectionProof;
  /** Names of the workloads that were not run, because one before them differs. */
  readonly notReached?: readonly string[];
  /** What a second engine executed too; absent where none was to take a share. */
  readonly witnessed?: Witnessed;
  /** What calling all public functions showed. */
  readonly interface: InterfaceProof;
}
