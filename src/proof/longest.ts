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
  const ends = new Map(nodes.map(({ edges }, number) => [number, endCost(edges)]));
  const [ways] = new Ways(nodes, budgetsOf, charge).through(new Set(nodes.keys()), new Set(), [ends]);
  return { base: ways?.get(0) ?? -Infinity, terms: [...terms.values()] };
}

/** The costliest edge that leaves the function. */
const endCost = (edges: Node["edges"]): number =>
  Math.max(-Infinity, ...edges.map(({ cycles, to }) => (to === undefined ? cycles : -Infinity)));

/** By node, what the costliest way from it to some goal costs; -Infinity where none leads there. */
type Costs = ReadonlyMap<number, number>;

type Cut = (to: number) => boolean;

/**
 * Any walk through a loop falls apart into ways that come back to one node, and into such ways in what is left without
 * that node, and so on; taken out, they leave a walk that meets no node twice. Whoever comes back to where he was has been
 * round a loop of the C, so that there are no more such ways than iterations, whichever of them they are.
 */
class Ways {
  constructor(
    private readonly nodes: readonly Node[],
    private readonly budgetsOf: BudgetsOf,
    private readonly charge: (budgets: readonly string[], cycles: number) => void,
  ) {}

  /**
   * For each goal the costs of the ways from each node to it, within the region and into none of the barred nodes; of a
   * goal it is known what the last step costs. Ways that come back are charged, not counted.
   */
  through(
    region: ReadonlySet<number>,
    barred: ReadonlySet<number>,
    goals: readonly Costs[],
  ): readonly Costs[] {
    const best = goals.map(() => new Map<number, number>());
    const isCut: Cut = (to) => barred.has(to);
    for (const component of components(this.nodes, region, isCut)) {
      const onward = goals.map((goal, index) => {
        const known = best[index] ?? new Map<number, number>();
        return new Map(
          [...component].map((number) => [number, this.#leaving(number, component, isCut, goal, known)]),
        );
      });
      const found = isLoop(this.nodes, component, isCut) ? this.#loop(component, barred, onward) : onward;
      for (const [index, costs] of found.entries()) {
        for (const [number, cost] of costs) best[index]?.set(number, cost);
      }
    }
    return best;
  }

  /** What leaving the component from a node costs, by its own last step or by what is known of the next nodes. */
  #leaving(number: number, component: ReadonlySet<number>, isCut: Cut, goal: Costs, known: Costs): number {
    const ways = this.#node(number).edges.map(({ cycles, to }) =>
      to === undefined || isCut(to) || component.has(to) ? -Infinity : cycles + (known.get(to) ?? -Infinity),
    );
    return Math.max(goal.get(number) ?? -Infinity, ...ways);
  }

  #loop(
    component: ReadonlySet<number>,
    barred: ReadonlySet<number>,
    goals: readonly Costs[],
  ): readonly Costs[] {
    const head = this.#head(component, barred);
    const back = new Map(
      [...component].map((number) => {
        const edges = this.#node(number).edges.filter(({ to }) => to === head);
        return [number, Math.max(-Infinity, ...edges.map(({ cycles }) => cycles))];
      }),
    );
    const inside = this.through(component, new Set([...barred, head]), [...goals, back]);
    const toHead = inside.at(-1) ?? new Map<number, number>();
    const instructions = new Set([...component].flatMap((number) => this.#node(number).instructions));
    const budgets = this.budgetsOf(instructions);
    if (budgets.length === 0) {
      throw new Unprovable(
        `the number of iterations of the loop at ${hex(Math.min(...instructions))} is not known`,
      );
    }
    this.charge(budgets, toHead.get(head) ?? 0);
    return inside.slice(0, -1).map((leaving) => {
      const fromHead = leaving.get(head) ?? -Infinity;
      return new Map(
        [...leaving].map(([number, cost]) => [
          number,
          Math.max(cost, (toHead.get(number) ?? -Infinity) + fromHead),
        ]),
      );
    });
  }

  /** The node without which the least is left that goes round. */
  #head(component: ReadonlySet<number>, barred: ReadonlySet<number>): number {
    let best = { head: 0, left: Infinity };
    for (const head of [...component].sort((a, b) => a - b)) {
      const isCut: Cut = (to) => to === head || barred.has(to);
      const left = components(this.nodes, component, isCut)
        .filter((part) => isLoop(this.nodes, part, isCut))
        .reduce((sum, { size }) => sum + size, 0);
      if (left < best.left) best = { head, left };
    }
    return best.head;
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
