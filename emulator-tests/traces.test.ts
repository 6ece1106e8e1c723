/**
 * Recorded programs on the policies people will choose, on every target, at two sizes: one that serves the whole trace
 * and one at which some requests fail. All of it is hours of work, so each run takes a sample; its seed is printed, and
 * ALLOC_GEN_SEED repeats it. ALLOC_GEN_SAMPLE is the sample's size ("all": everything), ALLOC_GEN_TRACES names folders
 * of further traces, separated by colons.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../src/package-folder.js";
import { lowered } from "../src/verify/lowered.js";
import { readTrace } from "../src/traces/read.js";
import type { Trace } from "../src/traces/operation.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { roundUp } from "../src/units.js";
import { targetNames } from "./support/targets.js";
import { benchFor } from "./support/bench.js";
import { seed, segregated, sequential, type TestConfig } from "./support/configs.js";
import { chooseSample } from "./support/sample.js";

const policies: readonly (readonly [string, Pick<TestConfig, "policy" | "links">])[] = [
  ["seed", { policy: seed, links: { place: "slots", slots: 64 } }],
  ["segregated", { policy: segregated() }],
  ...(["first", "next", "best", "worst"] as const).flatMap((fit) =>
    (["address", "lifo"] as const).map(
      (order) => [`${fit} fit, ${order}`, { policy: sequential({ fit, order }) }] as const,
    ),
  ),
];
const folders = [
  join(packageFolder(), "examples", "traces"),
  ...(process.env["ALLOC_GEN_TRACES"]?.split(":") ?? []),
];
const files = [
  ...new Map(
    folders
      .flatMap((folder) => readdirSync(folder).map((name) => [name, join(folder, name)] as const))
      .filter(([name]) => name.endsWith(".trace.gz")),
  ).values(),
];

interface Case {
  readonly policyName: string;
  readonly policy: Pick<TestConfig, "policy" | "links">;
  readonly optimize: "-Os" | "-O2";
  readonly target: string;
  readonly file: string;
  readonly tight: boolean;
}

const cases: readonly Case[] = policies.flatMap(([policyName, policy]) =>
  targetNames.flatMap((target) =>
    (["-Os", "-O2"] as const).flatMap((optimize) =>
      files.flatMap((file) =>
        [false, true].map((tight) => ({ policyName, policy, optimize, target, file, tight })),
      ),
    ),
  ),
);

const traces = new Map<string, { readonly trace: Trace; readonly peak: number; readonly largest: number }>();

/** A trace, with the most bytes live at once (a realloc counts old and new) and its largest request. */
function known(file: string) {
  const cached = traces.get(file);
  if (cached !== undefined) return cached;
  const trace = readTrace(file);
  const sizes = new Map<number, number>();
  let live = 0;
  let peak = 0;
  let largest = 0;
  for (const operation of trace.operations) {
    const old = sizes.get(operation.id) ?? 0;
    if (operation.kind === "free") {
      sizes.delete(operation.id);
    } else {
      largest = Math.max(largest, operation.size);
      peak = Math.max(peak, live + operation.size);
      sizes.set(operation.id, operation.size);
      live += operation.size;
    }
    live -= old;
  }
  const result = { trace, peak, largest };
  traces.set(file, result);
  return result;
}

/** Six times the peak holds every trace kept here (the seed, which hardly merges, needs more); 0.9 of it cannot. */
function heapSize({ file, tight, policyName }: Case): number {
  const { peak, largest } = known(file);
  const ample = policyName === "seed" ? 12 : 6;
  return Math.min(
    Math.max(roundUp(peak * (tight ? 0.9 : ample), 1024), roundUp(largest + 4096, 1024)),
    1024 * 1024,
  );
}

const sample = chooseSample(cases, 24, "traces");

describe(`${sample.length} of ${cases.length} replays`, () => {
  test.each(sample)(
    "$policyName, $optimize, $target, $file, tight: $tight",
    async (chosen) => {
      const { policy, target, optimize, file, tight } = chosen;
      const bench = await benchFor({ ...policy, target, optimize, size: heapSize(chosen) });
      const { trace } = known(file);
      const { result } = verifyWorkload(bench, trace.name, lowered(bench.plan, trace));
      expect(result.mismatch).toBeUndefined();
      expect(result.malloc.calls + result.free.calls).toBe(result.operations);
      if (tight) expect(result.malloc.failed).toBeGreaterThan(0);
      else expect(result.malloc.failed).toBe(0);
    },
    600_000,
  );
});
