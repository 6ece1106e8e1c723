import { describe, expect, it } from "vitest";
import { segregated, sequential, testConfig } from "../../emulator-tests/support/configs.js";
import { AllocGenError } from "../diagnostics.js";
import { loadTarget } from "../targets/load.js";
import { seededRandom } from "../traces/random.js";
import type { Trace, TraceOperation } from "../traces/operation.js";
import { planAt, heapToSize, Sizing, windowBytes } from "./sizing.js";

const target = loadTarget("cortex-m4");

/** Blocks come and go; `seed` decides. */
function randomTrace(seed: number): Trace {
  const random = seededRandom(seed, "sizing");
  const live: number[] = [];
  const operations: TraceOperation[] = [];
  for (let id = 0; operations.length < 160; id++) {
    if (live.length > 12 || (live.length > 0 && random.below(100) < 40)) {
      const [freed = 0] = live.splice(random.below(live.length), 1);
      operations.push({ kind: "free", id: freed });
    } else {
      operations.push({ kind: "malloc", id, size: 1 + random.below(90) });
      live.push(id);
    }
  }
  return { name: `seed ${seed}`, header: new Map(), operations };
}

/** By the reference alone, told apart from the search: the first operation that gets NULL. */
function refusedAt(
  config: ReturnType<typeof testConfig>,
  trace: Trace,
  heapBytes: number,
): number | "no plan" | "served" {
  const plan = planAt(config, target, heapBytes);
  if (plan instanceof AllocGenError) return "no plan";
  const heap = plan.rules.reference(plan);
  const blocks = new Map<number, number>();
  for (const [index, operation] of trace.operations.entries()) {
    if (operation.kind === "free") heap.free(blocks.get(operation.id) ?? -1);
    if (operation.kind !== "malloc") continue;
    const { payload } = heap.malloc(operation.size, 0);
    if (payload < 0) return index;
    blocks.set(operation.id, payload);
  }
  return "served";
}

describe("the least heap of a config", () => {
  const configs = {
    "segregated fit": testConfig({ policy: segregated() }),
    "first fit": testConfig({ policy: sequential() }),
    "best fit of alignment 16": testConfig({ policy: sequential({ fit: "best" }), alignment: 16 }),
  };

  it.each(Object.entries(configs))("of %s has its edge where brute force has it", async (_name, config) => {
    for (const seed of [1, 2, 3]) {
      const trace = randomTrace(seed);
      const least = await new Sizing(heapToSize(config, target, false), trace).least();
      expect(least).toBeDefined();
      const { heapBytes = 0, below } = least ?? {};
      const step = config.heap.alignment;
      for (let size = heapBytes; size <= heapBytes + windowBytes; size += step) {
        expect(refusedAt(config, trace, size), `seed ${seed}, ${size} bytes`).toBe("served");
      }
      const refused = refusedAt(config, trace, heapBytes - step);
      expect(refused).not.toBe("served");
      const told = below?.operation ?? (below?.why === undefined ? undefined : "no plan");
      expect(told).toBe(refused);
    }
  });

  it("of several traces serves each of them", async () => {
    const traces = [4, 5, 6].map(randomTrace);
    const config = configs["segregated fit"];
    const sizings = traces.map((trace) => new Sizing(heapToSize(config, target, false), trace));
    const all = (await Sizing.leastOfAll(sizings)) ?? 0;
    const each = await Promise.all(sizings.map(async (sizing) => (await sizing.least())?.heapBytes ?? 0));
    expect(all).toBeGreaterThanOrEqual(Math.max(...each));
    for (const trace of traces) expect(refusedAt(config, trace, all)).toBe("served");
    expect(traces.some((trace) => refusedAt(config, trace, all - 8) !== "served")).toBe(true);
  });

  it("is unknown where no heap in the RAM serves", async () => {
    const operations: TraceOperation[] = [{ kind: "malloc", id: 0, size: 8 << 20 }];
    const trace: Trace = { name: "huge", header: new Map(), operations };
    expect(await new Sizing(heapToSize(configs["first fit"], target, false), trace).least()).toBeUndefined();
  });
});
