import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anonymise } from "./anonymise.js";
import { cutTrace } from "./cut.js";
import { describeTrace } from "./describe.js";
import { session } from "./import/session.fixture.js";
import { mergeTraces, noCommonTime } from "./merge.js";
import type { Trace } from "./operation.js";
import { parseTrace } from "./parse.js";
import { peakBytes } from "./peak.js";
import { formatOperation, formatTrace } from "./write.js";

const read = (text: string, name = "t"): Trace => parseTrace(text, name, name);
const lines = ({ operations }: Trace): string[] => operations.map(formatOperation);
const kinds = ["malloc", "calloc", "aligned", "realloc", "free", "failed"] as const;

/** A drawn trace. */
const traces = fc
  .tuple(session({ kinds, times: true }), fc.string())
  .filter(([{ operations }]) => operations.length > 0)
  .map(([{ operations, notes }, name]): Trace => {
    return { name, header: new Map(), operations, ...(notes === undefined ? {} : { notes }) };
  });

/** Every trace that is made can be read. */
function expectSound(trace: Trace): void {
  if (trace.operations.length === 0) return;
  const again = read(formatTrace(trace));
  expect(again.operations).toEqual(trace.operations);
  expect(again.notes).toEqual(trace.notes);
}

describe("notes of a trace", () => {
  it("stand in comments before the operations they are of", () => {
    const text =
      "# clock_hz: 100\na 0 8\n# at: 7\n# failed: m 64\n# tag: net\na 1 16\n# at: 9\nf 0\n# failed: r 4294967295\n";
    const trace = read(text);
    expect(trace.notes).toEqual({
      times: Float64Array.from([NaN, 7, 9]),
      tags: new Map([[1, "net"]]),
      failed: [
        { before: 1, kind: "aligned", size: 64 },
        { before: 3, kind: "realloc", size: 4294967295 },
      ],
    });
    expect(formatTrace(trace)).toBe(text);
  });

  it("are comments like any other where they say nothing that is known", () => {
    const { header, notes } = read("# at: noon\n# failed: a lot\n# failed: a 4294967296\na 0 1\n");
    expect([...header]).toEqual([
      ["at", "noon"],
      ["failed", "a 4294967296"],
    ]);
    expect(notes).toBeUndefined();
  });
});

describe("anonymise", () => {
  it("leaves names, tags and times out, and numbers blocks anew", () => {
    const trace = read(
      "# program: secret\n# at: 5\n# tag: key\na 900 8\n# failed: a 99\na 7 4\nf 900\na 8 1\n",
    );
    expect(formatTrace(anonymise(trace))).toBe("# events: 4\na 0 8\n# failed: a 99\na 1 4\nf 0\na 0 1\n");
  });

  it("keeps what is asked for", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const { times: _times, left, ...figures } = describeTrace(trace);
        const { times, left: leftAfter, ...after } = describeTrace(anonymise(trace));
        expect(times).toBeUndefined();
        expect([after, leftAfter.bytes]).toEqual([figures, left.bytes]);
        expectSound(anonymise(trace));
      }),
    );
  });
});

describe("cutTrace", () => {
  const trace = read(
    "# events: 7\n# program: p\na 0 8\nc 1 16\n# tag: x\nm 2 64 9\nr 0 80\nf 1\na 1 5\nf 2\n",
  );

  it("allocates what is live before it, the oldest first, with the size that it has by then", () => {
    expect(formatTrace(cutTrace(trace, { from: 5, to: 6, live: "allocate" }))).toBe(
      "# program: p\n# cut: operations 5 to 6 of 7\n# live_before_cut: 3 blocks, allocated first\n# events: 5\n" +
        "a 0 80\nc 1 16\n# tag: x\nm 2 64 9\nf 1\na 1 5\n",
    );
  });

  it("drops what is done to these on request, and nothing else", () => {
    expect(lines(cutTrace(trace, { from: 5, to: 7, live: "drop" }))).toEqual(["a 1 5"]);
    expect(lines(cutTrace(trace, { from: 1, to: 2, live: "drop" }))).toEqual(["a 0 8", "c 1 16"]);
  });

  it("gives a trace that leaves what the whole leaves, wherever it is cut", () => {
    fc.assert(
      fc.property(traces, fc.nat(1000), (whole, drawn) => {
        const from = (drawn % whole.operations.length) + 1;
        const to = whole.operations.length;
        const rest = cutTrace(whole, { from, to, live: "allocate" });
        const sizes = (one: Trace) => {
          const { left } = describeTrace(one);
          return [left.blocks, left.bytes, left.largest.map(({ bytes }) => bytes)];
        };
        expect(sizes(rest)).toEqual(sizes(whole));
        expectSound(rest);
        expectSound(cutTrace(whole, { from, to, live: "drop" }));
        const parts = cutTrace(whole, { from: 1, to: from, live: "allocate" });
        expect(lines(parts)).toEqual(lines(whole).slice(0, from));
      }),
    );
  });
});

describe("mergeTraces", () => {
  const early = read("# at: 1\na 0 1\n# at: 5\nf 0\n# failed: a 9\n", "early");
  const late = read("# at: 1\na 0 2\n# at: 3\n# tag: t\na 1 3\n# at: 9\nf 0\n", "late");

  it("takes operations by their times, and at one time in the order of the traces", () => {
    const merged = mergeTraces([early, late], "auto");
    expect(formatTrace(merged)).toBe(
      "# merged: early, late\n# order: time\n# events: 5\n# at: 1\na 0 1\na 1 2\n# at: 3\n# tag: t\na 2 3\n# at: 5\nf 0\n# at: 9\nf 1\n# failed: a 9\n",
    );
  });

  it("brings clocks to the fastest one", () => {
    const slow = read("# clock_hz: 10\n# at: 1\na 0 1\n# at: 2\nf 0\n");
    const fast = read("# clock_hz: 1000\n# at: 150\na 0 2\n");
    const merged = mergeTraces([slow, fast], "time");
    expect(lines(merged)).toEqual(["a 0 1", "a 1 2", "f 0"]);
    expect(merged.notes?.times).toEqual(Float64Array.from([100, 150, 200]));
    expect(merged.header.get("clock_hz")).toBe("1000");
  });

  it("takes them in turn, or one trace after the other", () => {
    const [one, two] = [read("a 0 1\nf 0\na 0 2\n", "one"), read("a 5 7\n", "two")];
    expect(noCommonTime([one, two])).toBe("one has no times");
    expect(lines(mergeTraces([one, two], "auto"))).toEqual(["a 0 1", "a 1 7", "f 0", "a 0 2"]);
    expect(lines(mergeTraces([one, two], "concatenate"))).toEqual(["a 0 1", "f 0", "a 0 2", "a 1 7"]);
    const unknown = "the clocks of the traces are not all known (# clock_hz)";
    expect(noCommonTime([early, read("# clock_hz: 5\n# at: 1\na 0 1\n")])).toBe(unknown);
  });

  it("keeps each trace whole, in any order", () => {
    const order = fc.constantFrom("auto", "time", "round-robin", "concatenate" as const);
    fc.assert(
      fc.property(fc.array(traces, { minLength: 1, maxLength: 4 }), order, (several, how) => {
        const merged = mergeTraces(several, how);
        const figures = several.map(describeTrace);
        const sum = (of: (one: (typeof figures)[number]) => number): number =>
          figures.reduce((total, one) => total + of(one), 0);
        const { operations, left, failed } = describeTrace(merged);
        expect([operations, left.bytes, failed.count]).toEqual([
          sum((one) => one.operations),
          sum((one) => one.left.bytes),
          sum((one) => one.failed.count),
        ]);
        expectSound(merged);
      }),
    );
  });
});

describe("describeTrace", () => {
  it("counts sizes, lifetimes, the peak, and what is left and failed", () => {
    const trace = read(
      "# at: 10\na 0 8\n# tag: net\na 1 100\nr 0 24\nf 1\n# failed: a 500\n# tag: net\nc 1 0\n# at: 40\nm 2 16 3\n",
    );
    expect(describeTrace(trace)).toEqual({
      operations: 6,
      counts: { malloc: 2, calloc: 1, aligned: 1, realloc: 1, free: 1 },
      sizes: {
        count: 5,
        least: 0,
        median: 8,
        mean: 27,
        p90: 100,
        most: 100,
        bars: [
          { from: 0, to: 0, count: 1 },
          { from: 1, to: 1, count: 0 },
          { from: 2, to: 2, count: 0 },
          { from: 3, to: 4, count: 1 },
          { from: 5, to: 8, count: 1 },
          { from: 9, to: 16, count: 0 },
          { from: 17, to: 32, count: 1 },
          { from: 33, to: 64, count: 0 },
          { from: 65, to: 128, count: 1 },
        ],
      },
      lifetimes: {
        count: 1,
        ...{ least: 2, median: 2, mean: 2, p90: 2, most: 2 },
        bars: [{ from: 2, to: 2, count: 1 }],
      },
      peak: { bytes: 124, blocks: 2, operation: 3 },
      mostBlocks: 3,
      left: {
        blocks: 3,
        bytes: 27,
        byTag: [
          { tag: undefined, blocks: 2, bytes: 27 },
          { tag: "net", blocks: 1, bytes: 0 },
        ],
        largest: [
          { operation: 1, bytes: 24, tag: undefined },
          { operation: 6, bytes: 3, tag: undefined },
          { operation: 5, bytes: 0, tag: "net" },
        ],
      },
      failed: { count: 1, largest: 500, counts: { malloc: 1, calloc: 0, aligned: 0, realloc: 0 } },
      times: { first: 10, last: 40 },
    });
  });

  it("has the peak of the reference's own count", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        expect(describeTrace(trace).peak.bytes).toBe(peakBytes(trace, false));
      }),
    );
  });
});
