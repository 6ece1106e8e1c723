/** Faults of the command line that have no place of their own. */
import { AllocGenError, diagnose } from "../diagnostics.js";

/** @param what a sentence's part, to which the way to the help is added */
export function usageError(what: string): AllocGenError {
  return new AllocGenError(2, [diagnose("usage", { what })]);
}
