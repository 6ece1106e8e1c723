/** What came of misuse that was injected on purpose: input of the report. */
import type { FaultKind } from "../../plan/fault-kinds.js";

/** Kinds of misuse, in the order of the report. */
export const misuseKinds = [
  "double free",
  "double free, memory reused",
  "foreign pointer",
  "interior pointer",
  "interior pointer, imitated header",
  "overflow",
  "underflow",
  "write after free",
  "flip in a header",
  "flip in a free block",
  "flip in the control data",
] as const;
export type MisuseKind = (typeof misuseKinds)[number];

/** Misuses of one kind, by what became of them. */
export interface MisuseCount {
  readonly misuse: MisuseKind;
  readonly tried: number;
  /** Told, by a right name. */
  readonly named: number;
  /** Told, by another. */
  readonly namedOtherwise: number;
  /** Not told, and nothing came of it. */
  readonly harmless: number;
  /** Not told before memory was handed out twice, a payload changed, or memory was lost for good. */
  readonly undetected: number;
  /** Most of those tried that may be told by another name than a right one. */
  readonly mayBeNamedOtherwise: number;
  /** Most of those tried of which nothing may be told, though nothing came of them. */
  readonly mayBeHarmless: number;
  /** Most of those tried that may be undetected. */
  readonly mayBeUndetected: number;
}

/** A misuse that had a consequence it must not have. */
export interface InjectionFailure {
  readonly misuse: MisuseKind;
  /** "free(offset 72) of a block freed before, its right neighbour freed in between" */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface InjectionProof {
  readonly counts: readonly MisuseCount[];
  /** The first. */
  readonly failure?: InjectionFailure;
}

/** What one misuse came to. */
export type Verdict =
  | { readonly kind: "told"; readonly first: FaultKind }
  | { readonly kind: "harmless" }
  | { readonly kind: "undetected"; readonly why: string }
  /** Whether or not it was told: a hang, an access outside the heap, an instruction that stops the core. */
  | { readonly kind: "unsafe"; readonly why: string };
