/** The proof of a heap that interrupts may use, or why there is none. */
import type { Image } from "../../toolchain/image.js";
import type { Bench } from "../equivalence.js";
import type { InterfaceProof, NotRun } from "../interface.js";
import type { LockProof } from "./lock-proof.js";
import { witnessedProof } from "./witnessed-proof.js";

export interface InterruptsProof {
  /** Absent where interrupts may not use the heap. */
  readonly interrupts?: LockProof;
  readonly interface: InterfaceProof;
}

/**
 * @param whole the C, and its image with every public function
 * @param proven what was run of the interface: interrupts that were not are added to it
 * @param isWrong whether the C is wrong without interrupts: then none are tried
 */
export async function proveInterrupts(
  { plan, target, engine }: Bench,
  whole: { readonly image: Image; readonly source: { readonly name: string; readonly text: string } },
  proven: InterfaceProof,
  isWrong: boolean,
): Promise<InterruptsProof> {
  const isUsed = plan.lock.kind !== "none" || plan.rules.isLockFree?.(plan) === true;
  if (!isUsed) return { interface: proven };
  const not = (reason: string): InterruptsProof => {
    const interrupts: NotRun = { what: "interrupts between instructions", reason };
    return { interface: { ...proven, notRun: [...proven.notRun, interrupts] } };
  };
  const { caller } = engine;
  if (caller === undefined) return not(`${engine.name} cannot take them`);
  if (isWrong) return not("the C differs from the reference without them");
  // Loaded where a heap has a lock alone.
  const { proveLock } = await import("./prove-lock.js");
  const proof = proveLock({ plan, target, caller, ...whole });
  const witness = engine.witness?.kind === "engine" ? engine.witness.engine : undefined;
  if (witness?.caller === undefined) return { interrupts: proof, interface: proven };
  const other = proveLock({ plan, target, caller: witness.caller, ...whole });
  const interrupts = witnessedProof({ name: engine.name, proof }, { name: witness.name, proof: other });
  return { interrupts, interface: proven };
}
