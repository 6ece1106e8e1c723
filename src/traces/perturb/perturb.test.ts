import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packageFolder } from "../../package-folder.js";
import { generateWorkload } from "../generate.js";
import type { Trace, TraceOperation } from "../operation.js";
import { peakBytes } from "../peak.js";
import { readTrace } from "../read.js";
import { perturbed, perturbedCopies } from "./perturb.js";
import { transactionStarts } from "./transactions.js";

const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Of all functions, with ids that are used again. */
const traces = fc
  .tuple(seeds, fc.integer({ min: 1, max: 600 }), fc.constantFrom("mixed", "lifo", "fifo", "uniform"))
  .map(([seed, operations, name]) =>
    withIdsUsedAgain(
      generateWorkload(name as "mixed", {
        seed,
        operations,
        heapBytes: 8192,
        maximumRequest: 2000,
        minimumRequest: 1,
      }),
    ),
  );

/** Each new block has the lowest id that is not live. */
function withIdsUsedAgain(trace: Trace): Trace {
  const ids = new Map<number, number>();
  const taken = new Set<number>();
  const operations = trace.operations.map((operation): TraceOperation => {
    if (!ids.has(operation.id)) {
      let id = 0;
      while (taken.has(id)) id++;
      ids.set(operation.id, id);
      taken.add(id);
    }
    const id = ids.get(operation.id) ?? 0;
    if (operation.kind === "free") {
      ids.delete(operation.id);
      taken.delete(id);
    }
    return { ...operation, id };
  });
  return { ...trace, operations };
}

/** What `parseTrace` asks of ids. */
function faultOf({ operations }: Trace): string | undefined {
  const live = new Set<number>();
  for (const [index, { kind, id }] of operations.entries()) {
    const isNew = kind !== "free" && kind !== "realloc";
    if (isNew === live.has(id)) return `operation ${index}: ${kind} of ${id}`;
    if (kind === "free") live.delete(id);
    else live.add(id);
  }
  return undefined;
}

const textOf = (operation: TraceOperation): string => {
  const { id, ...rest } = operation;
  return `${JSON.stringify(rest)}${String(id < 0)}`;
};

/** The operations of each block, in the order of the allocations. */
const livesOf = ({ operations }: Trace): readonly string[] => {
  const lives = new Map<number, string>();
  const done: string[] = [];
  for (const operation of operations) {
    const life = `${lives.get(operation.id) ?? ""} ${textOf(operation)}`;
    if (operation.kind === "free") {
      done.push(life);
      lives.delete(operation.id);
    } else lives.set(operation.id, life);
  }
  return [...done, ...lives.values()];
};

const recorded = (name: string): Trace =>
  readTrace(join(packageFolder(), "examples/traces", `${name}.trace.gz`));

describe("a perturbed copy of a trace", () => {
  it("is a sound trace whose blocks live the lives of the trace's blocks", () => {
    fc.assert(
      fc.property(traces, seeds, (trace, seed) => {
        expect(faultOf(trace)).toBeUndefined();
        const copy = perturbed(trace, seed);
        expect(faultOf(copy)).toBeUndefined();
        const lives = new Set(livesOf(trace));
        for (const life of livesOf(copy)) expect(lives).toContain(life);
      }),
    );
  });

  it("is decided by its seed", () => {
    fc.assert(
      fc.property(traces, seeds, (trace, seed) => {
        expect(perturbed(trace, seed)).toEqual(perturbed(trace, seed));
      }),
      { numRuns: 20 },
    );
    const trace = recorded("libpng");
    const [first, second] = perturbedCopies(trace, 2, 7);
    expect(first).toEqual(perturbed(trace, 7));
    expect(second).toEqual(perturbed(trace, 8));
    expect(first?.operations).not.toEqual(second?.operations);
  });

  it("of a recorded program has about as many operations, and other peaks", () => {
    for (const name of ["mosquitto-broker", "libpng", "sqlite-mem"]) {
      const trace = recorded(name);
      const copies = perturbedCopies(trace, 8, 1);
      const peaks = new Set(copies.map((copy) => peakBytes(copy)));
      expect(peaks.size).toBeGreaterThan(4);
      for (const copy of copies) {
        expect(faultOf(copy)).toBeUndefined();
        const share = copy.operations.length / trace.operations.length;
        expect(Math.abs(share - 1)).toBeLessThan(0.02);
        // Neighbours changed places.
        const moved = copy.operations.filter(
          (operation, index) => operation.kind !== trace.operations[index]?.kind,
        );
        expect(moved.length).toBeGreaterThan(trace.operations.length / 20);
      }
    }
  });

  it("has its transactions in another order, and what depends on another behind it", () => {
    const operations = Array.from({ length: 400 }, (_, index): readonly TraceOperation[] => {
      const [first, second] = [2 * index, 2 * index + 1];
      return [
        ...Array.from({ length: 8 }, (_unused, grown): TraceOperation =>
          grown === 0
            ? { kind: "malloc", id: first, size: 1000 }
            : { kind: "realloc", id: first, size: 1000 + 10 * grown },
        ),
        { kind: "malloc", id: second, size: 1000 + index },
        ...Array.from({ length: 8 }, (_unused, shrunk): TraceOperation => ({
          kind: "realloc",
          id: first,
          size: 900 - 10 * shrunk,
        })),
        { kind: "free", id: second },
        { kind: "free", id: first },
      ];
    }).flat();
    const trace: Trace = { name: "sessions", header: new Map(), operations };
    expect(transactionStarts(operations)).toHaveLength(400);
    const order = perturbed(trace, 3).operations.flatMap((operation) =>
      operation.kind === "malloc" && operation.size >= 1000 ? [Math.floor(operation.id / 2)] : [],
    );
    const moved = order.filter((session, at) => Math.abs(session - at / 2) > 2);
    expect(moved.length).toBeGreaterThan(200);
    for (const [at, session] of order.entries()) expect(Math.abs(session - at / 2)).toBeLessThan(13);
  });
});
