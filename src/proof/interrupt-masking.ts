/** The costliest stretch with interrupts kept out: from behind what masks them to the end of what unmasks them. */
import { Unprovable } from "./execute.js";
import type { Edge, Node } from "./graph.js";
import { longestWay, type BudgetsOf, type CycleFormula } from "./longest.js";

/** Whether any way through the graph masks interrupts. */
export const masks = (nodes: readonly Node[]): boolean =>
  nodes.some(({ edges }) => edges.some(({ mask }) => mask === "set"));

/** Of a graph that masks them. @throws Unprovable where it may return with interrupts masked. */
export function longestMasking(nodes: readonly Node[], budgetsOf: BudgetsOf): CycleFormula {
  const begins = nodes.flatMap(({ edges }) =>
    edges.flatMap(({ mask, to }) => (mask === "set" && to !== undefined ? [to] : [])),
  );
  return longestWay(maskedNodes(nodes, new Set(begins)), budgetsOf);
}

/** The graph of what runs masked, behind an entry of its own. Ways end where the mask does. */
function maskedNodes(nodes: readonly Node[], begins: ReadonlySet<number>): readonly Node[] {
  const numbers = new Map<number, number>();
  const reached: number[] = [];
  const number = (node: number): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    reached.push(node);
    numbers.set(node, reached.length);
    return reached.length;
  };
  const entry = { at: -1, instructions: [], edges: [...begins].map((to) => ({ cycles: 0, to: number(to) })) };
  const masked: Node[] = [entry];
  for (let index = 0; index < reached.length; index++) {
    const node = nodes[reached[index] ?? 0];
    if (node === undefined) throw new Error("an edge leads to no node");
    masked.push({ ...node, edges: node.edges.map((edge) => onward(edge, number)) });
  }
  return masked;
}

function onward({ cycles, to, mask }: Edge, number: (node: number) => number): Edge {
  if (mask === "restored") return { cycles, to: undefined };
  if (to === undefined) throw new Unprovable("it may return with interrupts masked");
  return { cycles, to: number(to) };
}
