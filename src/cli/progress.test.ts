import { afterEach, describe, expect, it, vi } from "vitest";
import { makeProgressBar } from "./progress.js";
import type { CliContext } from "./context.js";

const bars = vi.hoisted(() => ({ started: [] as unknown[], updated: [] as unknown[] }));
vi.mock("cli-progress", () => ({
  default: {
    SingleBar: class {
      start(total: number, done: number, payload: unknown) {
        bars.started.push([total, done, payload]);
      }
      setTotal() {
        // The bar is only pretended.
      }
      update(done: number, payload: unknown) {
        bars.updated.push([done, payload]);
      }
      stop() {
        // The bar is only pretended.
      }
    },
  },
}));
afterEach(() => {
  bars.started.length = 0;
  bars.updated.length = 0;
});

const terminal = { showsProgress: true } as CliContext;

describe("makeProgressBar", () => {
  it("draws nothing in the first second, then starts where the work is", async () => {
    let time = 0;
    const { progress, stop } = await makeProgressBar(terminal, false, () => time);
    progress("emulate", 1, 10);
    time = 999;
    progress("emulate", 4, 10);
    expect(bars.started).toEqual([]);
    time = 1000;
    progress("emulate", 5, 10);
    progress("compare", 1, 3);
    stop();
    expect(bars.started).toEqual([[10, 5, { stage: "emulate" }]]);
    expect(bars.updated).toEqual([[1, { stage: "compare" }]]);
  });

  it.each([
    ["not on a terminal", { showsProgress: false } as CliContext, false],
    ["when quiet", terminal, true],
  ])("draws nothing %s", async (_when, context, quiet) => {
    let time = 0;
    const { progress } = await makeProgressBar(context, quiet, () => (time += 5000));
    progress("emulate", 5, 10);
    progress("emulate", 6, 10);
    expect(bars.started).toEqual([]);
  });
});
