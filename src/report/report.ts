/**
 * The report of a run as one value: whatever any format prints is in it, so that a format is a function of it alone.
 * The JSON format prints its keys. People and CI scripts depend on those of `HeapReport`, so a key is renamed, removed
 * or given another meaning only together with `version`.
 */
import type { Source } from "../config/resolve-document.js";
import type { HeapPictures } from "../pictures/pictures.js";
import type { OutputProof } from "../outputs/output.js";
import { isSound, type LockProof } from "../verify/interrupts/lock-proof.js";
import type { ByFunction } from "../traces/operation.js";
import type {
  Coverage,
  FunctionFigures,
  Mismatch,
  Verification,
  Witnessed,
  WrongPrediction,
} from "../verify/verification.js";
import type { WaitStatesSweep } from "../verify/wait-states.js";
import type { HardeningPrice } from "../prove-price.js";
import type { InjectionProof } from "../verify/injection/injection.js";
import type { InterfaceProof } from "../verify/interface.js";
import type { BudgetResult } from "./budgets.js";
import type { BaselineReport } from "./regression.js";
import type { BoundReport, FunctionProof, InterruptMaskingReport } from "./proofs.js";

/** All heaps of a config, and what outputs proved by themselves. */
export interface Report {
  /** Whether all of them are. */
  readonly ok: boolean;
  /** Of alloc-gen. */
  readonly toolVersion: string;
  /** In the order of the config, at least one. */
  readonly heaps: readonly HeapReport[];
  readonly outputProofs: readonly OutputProof[];
  /** Of the heaps whose C is right, where a format shows them; the JSON has none. */
  readonly pictures?: readonly HeapPictures[];
}

/** calloc, realloc and alignedAlloc are there where the interface has the function. */
export interface WorkloadReport extends ByFunction<FunctionFigures> {
  readonly name: string;
  readonly operations: number;
  /** 1 when the C and the reference differ: a workload ends at its first difference. */
  readonly mismatches: number;
  /** Present when `mismatches` is not 0. */
  readonly mismatch?: Mismatch;
  /** Present when a prediction was wrong: the first. */
  readonly wrongPrediction?: WrongPrediction;
  /** What asks for it. */
  readonly place: Source;
}

export interface HeapReport {
  readonly version: 1;
  /**
   * False when the C and the reference differ anywhere, a call exceeds its bound, a budget is exceeded, a figure
   * regressed, or, if `strict`, a prediction is wrong.
   */
  readonly ok: boolean;
  /** Prefix of its functions. */
  readonly name: string;
  readonly target: string;
  /** "Arm Cortex-M4 (ARMv7E-M)" */
  readonly targetDescription: string;
  /** "arm-none-eabi-gcc 12.2.1 -O2" */
  readonly toolchain: string;
  /** "unicorn 2.0.1" */
  readonly engine: string;
  /** Name of the model; ends in "(estimate)" where the core's timing is not published in full. */
  readonly cycleModel: string;
  /** What the run was asked for. */
  readonly config: {
    /** As the user named it. */
    readonly file: string;
    /** Hash of what decides the generated C. */
    readonly sha256: string;
    /** Of each generated workload. */
    readonly operations: number;
    readonly seed: number;
  };
  /** Folder that the C stands in, or would stand in, as messages name it; absent where that is not known. */
  readonly sourceFolder?: string;
  /** Name of the C file that was proven; absent where it is the generated one. */
  readonly givenSource?: string;
  /** Whether a wrong prediction fails the run; else it is a warning. */
  readonly strict: boolean;
  readonly policy: string;
  /** What keeps interrupts out; "none" for a heap without a lock. */
  readonly lock: string;
  /** The heap's regions, drawn for people. */
  readonly memoryMap: string;
  readonly plan: {
    readonly heapBytes: number;
    readonly alignmentBytes: number;
    readonly granuleBytes: number;
    readonly headerBytes: number;
    readonly controlBytes: number;
    readonly minimumBlockBytes: number;
    readonly maximumRequestBytes: number;
  };
  readonly size: {
    readonly flashBytes: number;
    readonly ramBytes: number;
    /** Code bytes by function. */
    readonly functions: Readonly<Record<string, number>>;
    /** Deepest stack seen. */
    readonly stackBytes: Readonly<Record<string, number>>;
  };
  readonly workloads: readonly WorkloadReport[];
  /** Names of the workloads that were not run, because one before them differs. Absent where all were. */
  readonly notReached?: readonly string[];
  /** How much was compared, over all workloads. */
  /** Bytes of other memories that all was run in, where the heap takes what there is. */
  readonly sizes?: readonly number[];
  readonly checked: Verification["checked"];
  /** What a second engine executed too, or why none did; absent where the engines were chosen. */
  readonly witnessed?: Witnessed;
  /** Public functions called one by one, and what of the config was not run: nothing, for most engines. */
  readonly interface: InterfaceProof;
  /** What is proven of each function, or why it is not. */
  readonly proofs: readonly FunctionProof[];
  /** Proven bounds of any call by function, held against the worst call of the run; without those that have none. */
  readonly bounds: Readonly<Record<string, BoundReport>>;
  /** How long interrupts wait, by function. Present where the heap has a lock. */
  readonly interruptLatency?: Readonly<Record<string, InterruptMaskingReport>>;
  /**
   * Calls that interrupts were taken in, at every boundary between two instructions, by handlers that use the heap.
   * Present where the heap has a lock, or needs none.
   */
  readonly interrupts?: LockProof;
  /** Bounds and cycles with flash of other wait states; absent where they were not asked for. */
  readonly waitStates?: WaitStatesSweep;
  /** What finding misuse costs: this build, and the same config's without it. Present where the heap is to find misuse. */
  readonly hardeningPrice?: HardeningPrice;
  /** Misuse that was injected, by kinds, and what became of it. Present where the heap is to find misuse. */
  readonly injection?: InjectionProof;
  /** Conditional branches of the allocator, and those seen both taken and not taken. */
  readonly coverage: Coverage;
  readonly budgets: readonly BudgetResult[];
  /** Present when the run was compared with a baseline. */
  readonly baseline?: BaselineReport;
  /** Wall time by stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Whether the C and the reference differ anywhere: then the C is not to be written. */
export function differs({ heaps, outputProofs }: Report): boolean {
  return (
    heaps.some(({ workloads }) => workloads.some(({ mismatches }) => mismatches > 0)) ||
    heaps.some(({ interface: called }) => called.mismatch !== undefined) ||
    heaps.some(({ injection }) => injection?.failure !== undefined) ||
    heaps.some(({ interrupts }) => interrupts !== undefined && !isSound(interrupts)) ||
    outputProofs.some(({ failure }) => failure !== undefined)
  );
}
