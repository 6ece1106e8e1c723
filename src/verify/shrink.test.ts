import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lowerTrace } from "../traces/lower.js";
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import { shrink, stepLines, toSteps, toTrace, type Step, type Trial } from "./shrink.js";

const limits = { trials: 5000, isSpent: () => false };

/** "a 5", "f 0": a request, or the free of what an earlier operation allocated. */
function operationsOf(lines: readonly string[]): HeapOperations {
  const words = lines.map((line) => line.split(" "));
  return {
    length: lines.length,
    kind: Uint8Array.from(words, ([letter]) => OperationCode[letter === "a" ? "malloc" : "free"]),
    argument: Uint32Array.from(words, ([, argument]) => Number(argument)),
  };
}

/** The operations of some steps, on a heap in which no request fails. */
function again(steps: readonly Step[]): HeapOperations {
  let next = 0;
  const serve = () => next++;
  const heap = { malloc: serve, free: () => undefined, calloc: serve, realloc: serve, alignedAlloc: serve };
  return lowerTrace(toTrace(steps), heap).operations;
}

const stepsOf = (lines: readonly string[]) => toSteps(operationsOf(lines), lines.length);

/** Fails behind the first step that `wrong` names. */
const failsWhere =
  (wrong: (step: Step, before: readonly Step[]) => boolean): Trial =>
  (steps) => {
    const at = steps.findIndex((step, index) => wrong(step, steps.slice(0, index)));
    return at < 0 ? undefined : at + 1;
  };

const requests = (count: number, size: number) => Array.from({ length: count }, () => `a ${size}`);

test("steps and operations are the same sequence", () => {
  const operations = operationsOf(["a 5", "a 7", "f 0", "a 9", "f 3"]);
  expect(again(toSteps(operations, 5))).toEqual(operations);
  expect(again(toSteps(operations, 3))).toEqual(operationsOf(["a 5", "a 7", "f 0"]));
});

test("a realloc, and what is done after it, names the block's first allocation", () => {
  const { malloc, free, realloc, alignedAlloc } = OperationCode;
  const operations = {
    length: 5,
    kind: Uint8Array.of(malloc, realloc, realloc, alignedAlloc, free),
    argument: Uint32Array.of(5, 9, 3, 12, 2),
    second: Uint32Array.of(0, 0, 1, 64, 0),
  };
  expect(stepLines(toSteps(operations, 5))).toEqual(["a 0 5", "r 0 9", "r 0 3", "m 1 64 12", "f 0"]);
  expect(again(toSteps(operations, 5))).toEqual(operations);
});

test("the notation numbers blocks anew", () => {
  expect(stepLines(stepsOf(["a 5", "a 7", "f 1", "a 9", "f 0"]))).toEqual([
    "a 0 5",
    "a 1 7",
    "f 1",
    "a 2 9",
    "f 0",
  ]);
});

describe("shrinks", () => {
  test("to the one request that is wrong, at the least wrong size", () => {
    const start = stepsOf([...requests(50, 10), "f 3", "a 1000", "f 7"]);
    const wrong = failsWhere((step) => step.kind === "malloc" && step.size > 321);
    expect(stepLines(shrink(start, wrong, limits))).toEqual(["a 0 322"]);
  });

  test("to a free and the request it frees", () => {
    const start = stepsOf([...requests(9, 40), "f 4", "f 8", "f 1"]);
    const wrong = failsWhere((step) => step.kind === "free");
    expect(stepLines(shrink(start, wrong, limits))).toEqual(["a 0 1", "f 0"]);
  });

  test("many requests to few when only their sum counts", () => {
    const start = stepsOf(requests(3000, 20));
    const wrong = failsWhere((_, before) => {
      const sum = before.reduce((total, step) => total + (step.kind === "malloc" ? step.size : 0), 0);
      return sum >= 50_000;
    });
    const minimal = shrink(start, wrong, limits);
    expect(stepLines(minimal)).toEqual(["a 0 50000", "a 1 1"]);
  });

  test("away two steps that hold each other in place", () => {
    // Wrong only while the number of steps is odd: no single step can go.
    const wrong: Trial = (steps) => (steps.length % 2 === 1 ? steps.length : undefined);
    expect(shrink(stepsOf(requests(31, 1)), wrong, limits)).toHaveLength(1);
  });

  test("nothing behind the first difference", () => {
    const start = stepsOf(["a 1", "a 2", "a 3"]);
    expect(shrink(start, () => 1, limits)).toHaveLength(1);
  });
});

test("a search out of trials or of work gives the best so far", () => {
  const start = stepsOf(requests(100, 50));
  let asked = 0;
  const wrong: Trial = (steps) => {
    asked++;
    return steps.length;
  };
  expect(shrink(start, wrong, { trials: 1, isSpent: () => false })).toHaveLength(50);
  expect(asked).toBe(1);
  expect(shrink(start, wrong, { trials: 100, isSpent: () => true })).toBe(start);
});

test("whatever is wrong, the minimal sequence is wrong, sound, and no longer than the start", () => {
  const choices = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(
      choices,
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 0, max: 5 }),
      (drawn, size, frees) => {
        const lines: string[] = [];
        for (const [bytes, freed] of drawn) {
          lines.push(`a ${bytes}`);
          if (freed) lines.push(`f ${lines.length - 1}`);
        }
        const wrong = failsWhere(
          (step, before) =>
            step.kind === "malloc" &&
            step.size >= size &&
            before.filter((each) => each.kind === "free").length >= frees,
        );
        const start = stepsOf(lines);
        if (wrong(start) === undefined) return;
        const minimal = shrink(start, wrong, limits);
        expect(wrong(minimal)).toBe(minimal.length);
        expect(minimal).toHaveLength(2 * frees + 1);
        expect(minimal.at(-1)).toEqual({ kind: "malloc", size });
        for (const [index, step] of minimal.entries()) {
          if (step.kind === "free") expect(minimal.indexOf(step.of)).toBeLessThan(index);
          if (step.kind === "free") expect(minimal).toContain(step.of);
        }
      },
    ),
    { numRuns: 60 },
  );
});
