/** All mutants of a C file, and an order to try them in. */
import { seededRandom, type Random } from "../traces/random.js";
import type { Mutant } from "./mutant.js";
import type { MutationOperator } from "./operators/operator.js";
import { placesOf } from "./place.js";
import { mutationOperators } from "./registry.js";

export interface Selection {
  /** Names of operators; empty: all. */
  readonly operators?: readonly string[];
  /** Names of functions and constants; empty: all. */
  readonly functions?: readonly string[];
}

/** Every mutant that the operators make of a text, in their order, none of them twice. */
export function mutantsOf(
  text: string,
  { operators = [], functions = [] }: Selection = {},
  all: readonly MutationOperator[] = mutationOperators,
): readonly Mutant[] {
  const places = placesOf(text).filter(({ name }) => functions.length === 0 || functions.includes(name));
  const known = new Set<string>();
  return all
    .filter(({ name }) => operators.length === 0 || operators.includes(name))
    .flatMap(({ name: operator, mutants }) =>
      places.flatMap((place) =>
        mutants(place).map((edits) => ({
          operator,
          function: place.name,
          line: lineAt(text, Math.min(...edits.map(({ start }) => start))),
          edits,
        })),
      ),
    )
    .filter(({ edits }) => {
      const key = JSON.stringify(edits);
      const isNew = !known.has(key);
      known.add(key);
      return isNew;
    });
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/**
 * All of them in the order of a draw without replacement: first an operator, then one of its mutants, so that operators
 * with many places do not crowd out those with few. The same seed draws the same.
 * @param seed from 0 to 2^32 - 1
 */
export function drawn(mutants: readonly Mutant[], seed: number): readonly Mutant[] {
  const random = seededRandom(seed, "mutants");
  const byOperator = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    byOperator.set(mutant.operator, [...(byOperator.get(mutant.operator) ?? []), mutant]);
  }
  const groups = [...byOperator.values()].map((group) => shuffled(group, random));
  const order: Mutant[] = [];
  while (order.length < mutants.length) {
    const left = groups.filter((group) => group.length > 0);
    const next = left[random.below(left.length)]?.pop();
    if (next === undefined) break;
    order.push(next);
  }
  return order;
}

/** Fisher and Yates. */
function shuffled(mutants: readonly Mutant[], random: Random): Mutant[] {
  const order = [...mutants];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [order[last], order[other]];
    if (a === undefined || b === undefined) break;
    [order[last], order[other]] = [b, a];
  }
  return order;
}
