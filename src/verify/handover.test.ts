import { expect, test } from "vitest";
import { Handover } from "./handover.js";

function replays(...lengths: readonly number[]) {
  const begun: number[] = [];
  const handover = new Handover(100);
  const all = lengths.map((length, index) => ({ length, begin: () => void begun.push(index) }));
  for (const replay of all) handover.add(replay);
  return { begun, all, handover };
}

test("as many begin as there is room for, the others as room is made, in their order", () => {
  const { begun, all, handover } = replays(60, 40, 50, 10, 90);
  expect(begun).toEqual([0, 1]);
  for (const [index, replay] of all.entries()) {
    expect(handover.take(replay)).toBe(true);
    handover.done(replay);
    expect(begun).toEqual(
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3],
        [0, 1, 2, 3, 4],
      ][index] ?? [0, 1, 2, 3, 4],
    );
  }
});

test("one that there is never room for is left out when its turn comes, and holds up none behind it", () => {
  const { begun, all, handover } = replays(10, 101, 20);
  const [first, large, last] = all;
  if (first === undefined || large === undefined || last === undefined) throw new Error("three are expected");
  expect(begun).toEqual([0]);
  handover.done(first);
  expect(handover.take(large)).toBe(false);
  expect(begun).toEqual([0, 2]);
  expect(handover.take(last)).toBe(true);
});
