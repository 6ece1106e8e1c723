/** How many perturbed copies of a trace are asked for, and how much a size is to cover of them. */
import type { ConfidenceQuestion } from "../sizing/confidence.js";
import type { Values } from "./option.js";
import type { perturbOptions } from "./options.js";
import { usageError } from "./usage-error.js";

const mostCopies = 1000;
const defaultConfidence = 0.95;

/**
 * @param copies without --perturb; undefined: then there are none
 * @throws AllocGenError, exit code 2: a number is none, or out of its range
 */
export function givenConfidence(
  { perturb, confidence, checkCopies, seed }: Values<typeof perturbOptions>,
  copies?: number,
): ConfidenceQuestion | undefined {
  if (perturb === undefined && copies === undefined) {
    const alone = Object.entries({ confidence, "check-copies": checkCopies, seed }).find(
      ([, given]) => given !== undefined,
    )?.[0];
    if (alone !== undefined) throw usageError(`--${alone} needs --perturb N: so many copies of the trace`);
    return undefined;
  }
  return {
    copies: perturb === undefined ? (copies ?? 0) : wholeNumber("--perturb", perturb, 1, mostCopies),
    confidence: confidence === undefined ? defaultConfidence : shareOf(confidence),
    ...(checkCopies === undefined
      ? {}
      : { checks: wholeNumber("--check-copies", checkCopies, 1, mostCopies) }),
    seed: seed === undefined ? 1 : wholeNumber("--seed", seed, 0, 2 ** 32 - 1),
  };
}

/** @throws AllocGenError, exit code 2 */
export function wholeNumber(option: string, written: string, least: number, most: number): number {
  const value = Number(written);
  if (/^\d+$/.test(written) && value >= least && value <= most) return value;
  throw usageError(`${option} is ${JSON.stringify(written)} (allowed: ${least} to ${most})`);
}

function shareOf(written: string): number {
  const value = Number(written);
  if (/^\d*\.?\d+$/.test(written) && value > 0 && value <= 1) return value;
  throw usageError(`--confidence is ${JSON.stringify(written)} (allowed: above 0, up to 1, such as 0.95)`);
}
