import { expect, test } from "vitest";
import type { Node } from "./graph.js";
import { longestMasking, masks } from "./interrupt-masking.js";

const node = (at: number, ...edges: Node["edges"]): Node => ({ at, edges, instructions: [at] });
const noBudget = () => [];

test("counts from behind the mask to the end of what restores it, on the costliest way", () => {
  const nodes = [
    node(0, { cycles: 100, mask: "set", to: 1 }, { cycles: 50, to: undefined }),
    node(2, { cycles: 7, to: 2 }, { cycles: 30, to: 3 }),
    node(4, { cycles: 40, mask: "restored", to: 4 }),
    node(6, { cycles: 2, mask: "restored", to: 4 }),
    node(8, { cycles: 1000, to: undefined }),
  ];
  expect(masks(nodes)).toBe(true);
  expect(longestMasking(nodes, noBudget)).toEqual({ base: 47, terms: [] });
});

test("takes the longest of several stretches, and what is masked again goes on", () => {
  const nodes = [
    node(0, { cycles: 1, mask: "set", to: 1 }),
    node(2, { cycles: 3, mask: "restored", to: 2 }),
    node(4, { cycles: 1, mask: "set", to: 3 }),
    node(6, { cycles: 5, mask: "set", to: 4 }),
    node(8, { cycles: 6, mask: "restored", to: 5 }),
    node(10, { cycles: 9, to: undefined }),
  ];
  expect(longestMasking(nodes, noBudget)).toEqual({ base: 11, terms: [] });
});

test("charges loops by their budgets", () => {
  const nodes = [
    node(0, { cycles: 1, mask: "set", to: 1 }),
    node(2, { cycles: 4, to: 1 }, { cycles: 3, mask: "restored", to: 2 }),
    node(4, { cycles: 9, to: undefined }),
  ];
  const { terms } = longestMasking(nodes, () => ["listed block"]);
  expect(terms).toEqual([{ budgets: ["listed block"], cycles: 4 }]);
});

test("proves nothing where a way returns masked, and sees no mask where there is none", () => {
  const open = [node(0, { cycles: 1, mask: "set", to: 1 }), node(2, { cycles: 1, to: undefined })];
  expect(() => longestMasking(open, noBudget)).toThrow("it may return with interrupts masked");
  expect(
    masks([node(0, { cycles: 1, to: undefined }), node(2, { cycles: 1, mask: "restored", to: 0 })]),
  ).toBe(false);
});
