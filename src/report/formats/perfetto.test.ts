import { expect, it, vi } from "vitest";
import { examplePictures } from "../../pictures/pictures.fixture.js";
import { exampleReport } from "../run.fixture.js";
import { mostSlices, perfetto } from "./perfetto.js";

// The examples have no plan to draw.
vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "[the memory map]" }));

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

const eventsOf = (pictures = examplePictures): readonly Event[] => {
  const text = perfetto.print({ ...exampleReport(), pictures: [pictures] });
  return (JSON.parse(text) as { readonly traceEvents: readonly Event[] }).traceEvents;
};

it("has calls as slices and bytes as counters, in cycles", () => {
  expect(eventsOf()).toEqual([
    { ph: "M", pid: 1, name: "process_name", args: { name: "app_heap: uniform" } },
    { ph: "X", pid: 1, tid: 1, name: "malloc", ts: 0, dur: 40, args: { operation: 0 } },
    { ph: "X", pid: 1, tid: 1, name: "malloc", ts: 40, dur: 45, args: { operation: 1 } },
    { ph: "X", pid: 1, tid: 1, name: "free", ts: 85, dur: 30, args: { operation: 2 } },
    { ph: "C", pid: 1, name: "live", ts: 0, args: { bytes: 0 } },
    { ph: "C", pid: 1, name: "free", ts: 0, args: { bytes: 32000 } },
    { ph: "C", pid: 1, name: "largest free", ts: 0, args: { bytes: 32000 } },
    { ph: "C", pid: 1, name: "live", ts: 115, args: { bytes: 8 } },
    { ph: "C", pid: 1, name: "free", ts: 115, args: { bytes: 31984 } },
    { ph: "C", pid: 1, name: "largest free", ts: 115, args: { bytes: 31900 } },
  ]);
});

it("keeps the dearest of many calls, in their order, none over another", () => {
  const [first] = examplePictures.workloads;
  if (first === undefined) throw new Error("the example has a workload");
  const length = 191_683;
  const cycles = new Uint32Array(length).fill(50);
  cycles[123_457] = 900;
  const workload = { ...first, kinds: new Uint8Array(length).fill(1), cycles };
  const slices = eventsOf({ ...examplePictures, workloads: [workload] }).filter(({ ph }) => ph === "X");
  expect(slices.length).toBeLessThanOrEqual(mostSlices);
  expect(slices.filter(({ dur }) => dur === 900)).toMatchObject([{ args: { operation: 123_457 } }]);
  for (const [index, { ts = 0, dur = 0 }] of slices.entries())
    expect(slices[index + 1]?.ts ?? Infinity).toBeGreaterThanOrEqual(ts + dur);
});
