/** The proof of a lock that two engines made. */
import { boundariesOf, isSound, type BrokenCall, type LockProof } from "./lock-proof.js";

/** An engine's name and what it found. */
export interface Finding {
  readonly name: string;
  readonly proof: LockProof;
}

/** That of the first, unless the witness finds the heap unprotected, or another number of boundaries. */
export function witnessedProof(first: Finding, witness: Finding): LockProof {
  if (!isSound(first.proof)) return first.proof;
  if (!isSound(witness.proof)) return witness.proof;
  const broken = first.proof.functions.flatMap(({ name, calls, boundaries, open }): BrokenCall[] => {
    const other = witness.proof.functions.find((each) => each.name === name);
    if (other?.calls === calls && other.boundaries === boundaries && other.open === open) return [];
    const counted = `${open} of ${boundaries} boundaries are open in ${first.name}`;
    const message = `${counted}, ${other?.open ?? 0} of ${other?.boundaries ?? 0} in ${witness.name}`;
    return [{ function: name, call: `${calls} calls of ${name}`, message }];
  });
  return broken.length === 0
    ? { ...first.proof, witnessedBoundaries: boundariesOf(witness.proof) }
    : { ...first.proof, broken, brokenBoundaries: broken.length };
}
