/** The costliest way through a graph of blocks, with loops whose iterations are limited by budgets. */
import { Unprovable, hex } from "./execute.js";
import type { Node } from "./graph.js";

/**
 * A budget limits how often loops go round, all loops that name it together, in one call of the function explored.
 * The names of the budgets that the loop of these instructions takes from; empty: the loop is not known.
 */
export type BudgetsOf = (instructions: ReadonlySet<number>) => readonly string[];

/** cycles <= base + sum of terms; a term is the cycles of one iteration, times the sum of its budgets. */
export interface CycleFormula {
  readonly base: number;
  readonly terms: readonly { readonly budgets: readonly string[]; readonly cycles: number }[];
}

/** Whether any way through the graph comes back to where it was. */
export function hasLoop(nodes: readonly Node[]): boolean {
  const all = new Set(nodes.keys());
  return components(nodes, all, () => false).some((component) => isLoop(nodes, component, () => false));
}

/** @throws Unprovable where a loop has no budget. */
export function longestWay(nodes: readonly Node[], budgetsOf: BudgetsOf): CycleFormula {
  const terms = new Map<string, { readonly budgets: readonly string[]; readonly cycles: number }>();
  const charge = (budgets: readonly string[], cycles: number): void => {
    const key = budgets.join("+");
    // All iterations of loops with these budgets are limited together: none costs more than the costliest.
    if ((terms.get(key)?.cycles ?? -1) < cycles) terms.set(key, { budgets, cycles });
  };
  const ways = new Ways(nodes, budgetsOf, charge);
  const base = ways.through(new Set(nodes.keys()), () => false, true).get(0) ?? -Infinity;
  return { base, terms: [...terms.values()] };
}

type Cut = (to: number) => boolean;

class Ways {
  /** Nodes from which each node is reached, and whether it is the entry. */
  readonly #from = new Map<number, number[]>();

  constructor(
    private readonly nodes: readonly Node[],
    private readonly budgetsOf: BudgetsOf,
    private readonly charge: (budgets: readonly string[], cycles: number) => void,
  ) {
    for (const [number, { edges }] of nodes.entries()) {
      for (const { to } of edges) {
        if (to === undefined) continue;
        const known = this.#from.get(to);
        if (known === undefined) this.#from.set(to, [number]);
        else known.push(number);
      }
    }
  }

  /**
   * The cost of the costliest walk from each node on: to the end of the function, to an edge that is cut, or to where it
   * leaves the region (whose last edge is not counted). Iterations of loops are charged, not counted.
   */
  through(region: ReadonlySet<number>, isCut: Cut, outermost: boolean): ReadonlyMap<number, number> {
    const best = new Map<number, number>();
    for (const component of components(this.nodes, region, isCut)) {
      const loop = isLoop(this.nodes, component, isCut);
      const inner = loop ? this.#iteration(component, region, outermost) : 0;
      let onward = loop ? 0 : -Infinity;
      for (const number of component) {
        for (const { cycles, to } of this.#node(number).edges) {
          if (to === undefined) onward = Math.max(onward, outermost ? cycles : 0);
          else if (isCut(to) && region.has(to)) onward = Math.max(onward, cycles);
          else if (!region.has(to)) onward = Math.max(onward, 0);
          else if (!component.has(to)) onward = Math.max(onward, cycles + (best.get(to) ?? -Infinity));
        }
      }
      for (const number of component) best.set(number, inner + onward);
    }
    return best;
  }

  /** The costliest way once round the loop, which is also charged for every iteration. */
  #iteration(component: ReadonlySet<number>, region: ReadonlySet<number>, outermost: boolean): number {
    const isEntered = (number: number): boolean =>
      (outermost && number === 0) ||
      (this.#from.get(number) ?? []).some((from) => !component.has(from) || !region.has(from));
    const heads = new Set([...component].filter(isEntered).map((number) => this.#node(number).at));
    // A loop inside a loop is entered by what the outer one cuts.
    if (heads.size === 0) for (const number of component) heads.add(this.#node(number).at);
    const inside = this.through(component, (to) => heads.has(this.#node(to).at), false);
    const cycles = Math.max(...inside.values());
    const instructions = new Set([...component].flatMap((number) => this.#node(number).instructions));
    const budgets = this.budgetsOf(instructions);
    if (budgets.length === 0) {
      throw new Unprovable(`how often the loop at ${hex(Math.min(...instructions))} runs is not known`);
    }
    // Where a loop has several heads, an iteration may pass each of them.
    this.charge(budgets, cycles * heads.size);
    return cycles;
  }

  #node(number: number): Node {
    const node = this.nodes[number];
    if (node === undefined) throw new Error(`there is no node ${number}`);
    return node;
  }
}

function isLoop(nodes: readonly Node[], component: ReadonlySet<number>, isCut: Cut): boolean {
  if (component.size > 1) return true;
  return [...component].some((number) => nodes[number]?.edges.some(({ to }) => to === number && !isCut(to)));
}

/** Strongly connected components (Tarjan 1972), those that are reached last first. */
function components(
  nodes: readonly Node[],
  region: ReadonlySet<number>,
  isCut: Cut,
): readonly ReadonlySet<number>[] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const found: Set<number>[] = [];
  const targets = (number: number): number[] =>
    (nodes[number]?.edges ?? []).flatMap(({ to }) =>
      to !== undefined && region.has(to) && !isCut(to) ? [to] : [],
    );
  const lowOf = (number: number): number => low.get(number) ?? 0;
  const enter = (number: number) => {
    index.set(number, index.size);
    low.set(number, index.size - 1);
    open.push(number);
    isOpen.add(number);
    return { number, left: targets(number) };
  };
  for (const start of region) {
    if (index.has(start)) continue;
    // A stack of our own: paths are longer than that of the language is deep.
    const path = [enter(start)];
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const to = here.left.pop();
      if (to !== undefined) {
        if (!index.has(to)) path.push(enter(to));
        else if (isOpen.has(to)) low.set(here.number, Math.min(lowOf(here.number), index.get(to) ?? 0));
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before !== undefined) low.set(before.number, Math.min(lowOf(before.number), lowOf(here.number)));
      if (lowOf(here.number) !== index.get(here.number)) continue;
      const component = new Set(open.splice(open.lastIndexOf(here.number)));
      for (const number of component) isOpen.delete(number);
      found.push(component);
    }
  }
  return found;
}
