/** What an operator of mutation is. */
import type { Edits } from "../mutant.js";
import type { Place } from "../place.js";

export interface MutationOperator {
  /** As --operator and the report name it. */
  readonly name: string;
  /** One line of the documentation. */
  readonly about: string;
  /** All mutants it makes of a place; none of a kind of place that it has nothing to do with. */
  readonly mutants: (place: Place) => readonly Edits[];
}

/** An operator of functions only: constants of the file have no statements. */
export const ofFunctions = (operator: MutationOperator): MutationOperator => ({
  ...operator,
  mutants: (place) => (place.kind === "function" ? operator.mutants(place) : []),
});
