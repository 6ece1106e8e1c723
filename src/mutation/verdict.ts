/** What became of a mutant. */

export type Verdict =
  /** The compiler or the linker refuses it. */
  | { readonly kind: "not compiled" }
  /** Code and constants are the original's: nothing can tell the two apart. */
  | { readonly kind: "same code" }
  | { readonly kind: "killed"; readonly stage: string; readonly message: string }
  | { readonly kind: "survived"; readonly cycles: SurvivorCycles };

/** Whether a survivor's operations take as long as the original's. */
export interface SurvivorCycles {
  /** Modelled cycles of all operations of the workloads, of the mutant and of the original. */
  readonly mutant: number;
  readonly original: number;
}
