/** What the C's header says of time: the order of growth, and cycles where the config has every run prove them. */
import type { CycleBounds } from "../../plan/plan.js";
import type { View } from "../../csource/view.js";

/**
 * Lines of the header, the first without its ` * `.
 *
 * @param policy the policy's view: `mallocBound` and `freeBound` are orders of growth
 */
export function timeBound(bounds: CycleBounds, policy: View, targetName: string): string {
  const { malloc, free, optimize, waitStates } = bounds;
  const orderOf = (key: string): string => {
    const order = policy[key];
    if (typeof order !== "string") throw new Error(`the policy's view has no ${key}`);
    return order;
  };
  const of = (order: string, cycles: number | undefined): string =>
    cycles === undefined ? order : `${order}, at most ${cycles} cycles`;
  const orders = `malloc ${of(orderOf("mallocBound"), malloc)}; free ${of(orderOf("freeBound"), free)}.`;
  if (malloc === undefined && free === undefined) return `Time bound: ${orders}`;
  const states =
    waitStates === 0 ? "zero wait states" : `${waitStates} wait state${waitStates === 1 ? "" : "s"}`;
  return `Time bound: ${orders}\n * Cycles are modelled on ${targetName} at ${optimize}, ${states}; every run proves the bound.`;
}
