import { expect, it } from "vitest";
import { OperationPath } from "./operation-path.js";

type Steps = readonly (readonly [block: number, taken: number])[];

const path = new OperationPath(8);
const pathOf = (steps: Steps): number => {
  for (const [block, taken] of steps) path.pass(block, taken);
  return path.end();
};

it("tells operations apart by blocks and by the ways out of them", () => {
  const ways: readonly Steps[] = [
    [],
    [[0, 0]],
    [[0, 1]],
    [[1, 0]],
    [[1, 1]],
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0, 0],
      [1, 1],
    ],
  ];
  const numbers = ways.map(pathOf);
  expect(new Set(numbers).size).toBe(ways.length);
  expect(ways.map(pathOf)).toEqual(numbers);
});

it("is the same however often a loop goes round, if it does", () => {
  const looping = (rounds: number): Steps => [
    ...Array.from({ length: rounds }, () => [[1, 0] as const, [2, 1] as const]).flat(),
    [1, 1],
  ];
  const [none, once, often] = [0, 1, 50].map((rounds) => pathOf(looping(rounds)));
  expect(none).not.toBe(once);
  expect(often).toBe(once);
});
