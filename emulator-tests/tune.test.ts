/** `alloc-gen tune`: what it says of a config is what the built config does. */
import { describe, expect, test } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeRow } from "../src/cli/commands/tune.js";
import { generate, prepare } from "../src/pipeline.js";
import { loadPeer } from "../src/peers/load.js";
import { packageFolder } from "../src/package-folder.js";
import { bitmap } from "../src/policies/bitmap/index.js";
import { segregatedFit } from "../src/policies/segregated-fit/index.js";
import { makeTuneReport } from "../src/report/tune-report.js";
import { tuneText } from "../src/report/tune-text.js";
import { openCache } from "../src/toolchain/cache.js";
import { temporaryFolder } from "../src/toolchain/kept-folder.js";
import { formatTrace } from "../src/traces/write.js";
import { readTrace } from "../src/traces/read.js";
import type { Trace } from "../src/traces/operation.js";
import { candidatesOf, variedCandidate } from "../src/tune/candidates.js";
import { buildCandidate, emulate, predictedMean } from "../src/tune/cycles.js";
import { Need } from "../src/tune/need.js";
import { identityOf, keptHands, ownHands, type Hands } from "../src/tune/hands.js";
import { processHands } from "../src/tune/processes.js";
import { partialText, readParts } from "../src/tune/shard.js";
import { searchFamilies, tune, type TuneRequest, type TuneResult } from "../src/tune/tune.js";
import { TuneWork } from "../src/tune/work.js";
import { openEngine } from "../src/verify/engines.js";
import { drawnEngine } from "./support/core-engines.js";

const recorded = readTrace(join(packageFolder(), "examples/traces/coap-server.trace.gz"));
const trace: Trace = { ...recorded, operations: recorded.operations.slice(0, 800) };
const base = {
  name: "app_heap",
  target: "cortex-m4",
  heap: { size: "64KiB", alignment: 8 },
  policy: { kind: "segregated-fit" },
};
const request = (): TuneRequest => ({
  base,
  file: "alloc-gen.json",
  traces: [trace],
  confidence: { copies: 4, confidence: 0.95, seed: 3 },
  levels: ["-Os", "-O2"],
  budgets: [],
  minimise: "ram",
  peers: [],
  engine: drawnEngine(),
  policies: [bitmap, { ...segregatedFit, variants: segregatedFit.variants.slice(0, 2) }],
});

describe("the front", () => {
  test("has sizes that serve, and figures that the binary has", async () => {
    const peers = [loadPeer("newlib-nano", packageFolder())];
    const result = await tune({ ...request(), peers });
    expect(result.rows.length).toBeGreaterThan(1);
    for (const row of result.rows) {
      expect(row.difference).toBeUndefined();
      expect(row.heapBytes).toBeGreaterThanOrEqual(row.leastHeapBytes);
      expect(new Need(row.candidate, [trace]).serves(row.heapBytes)).toBe(true);
      expect(row.candidate.project.plan.heapBytes).toBe(row.heapBytes);
      const built = await buildCandidate(row.candidate.project, request().engine);
      expect(row).toMatchObject({
        flashBytes: built.flashBytes,
        ramBytes: built.ramBytes,
        worst: built.worst,
      });
      expect(row.meanCycles).toBeLessThanOrEqual(Math.max(built.worst.malloc, built.worst.free));
    }
    const folder = temporaryFolder();
    try {
      // Each row's config is written whole, and means what was proven.
      for (const [index, row] of result.rows.entries()) {
        const path = join(folder.path, `${index}.json`);
        writeRow(row, { value: base }, path);
        const { loaded, plan } = prepare(path, {});
        expect(plan.heapBytes).toBe(row.heapBytes);
        const { optimize } = row.candidate.project.loaded.config.toolchain;
        expect(loaded.config.toolchain.optimize).toBe(optimize);
        expect(generate({ ...row.candidate.project, plan })).toEqual(generate(row.candidate.project));
      }
    } finally {
      folder.remove();
    }
    const report = makeTuneReport(result);
    expect(report).toMatchObject({ ok: true, seed: 3, copies: 4, minimise: "ram" });
    expect(report.peers).toMatchObject([{ name: "newlib-nano" }]);
    const text = tuneText.print(report);
    for (const { ramBytes } of result.rows) expect(text).toContain(ramBytes.toLocaleString("en-US"));
    expect(text).toMatch(/^OK: on each row's heap/m);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(128);
  });

  test("is empty where no config keeps the budgets", async () => {
    const result = await tune({ ...request(), policies: [bitmap], budgets: [{ name: "flash", most: 10 }] });
    expect(result.rows).toEqual([]);
    const report = makeTuneReport(result);
    expect(report.ok).toBe(false);
    expect(tuneText.print(report)).toContain("NOTHING FOUND: no config keeps the budgets");
  });
});

let whole: Promise<TuneResult> | undefined;
/** What is found in one piece, here. */
const inOnePiece = (): Promise<TuneResult> => (whole ??= tune(request()));

describe("a search", () => {
  test("in parts is the same as in one piece", async () => {
    const folder = temporaryFolder();
    try {
      const files = await Promise.all(
        [1, 2, 3].map(async (part) => {
          const shard = { part, of: 3 };
          const file = `${part}.json`;
          const path = join(folder.path, file);
          writeFileSync(
            path,
            partialText({ identity: "one", shard, families: await searchFamilies(request(), shard) }),
          );
          return { file, path };
        }),
      );
      const joined = await tune({ ...request(), found: readParts(files.toReversed(), "one") });
      expect(makeTuneReport(joined)).toEqual(makeTuneReport(await inOnePiece()));
    } finally {
      folder.remove();
    }
  });

  test("goes on where it was stopped", async () => {
    const folder = temporaryFolder();
    try {
      const cache = openCache(folder.path);
      const begun: Promise<unknown>[] = [];
      const hands = (most: number): Hands => {
        const own = ownHands(new TuneWork(request(), request().engine));
        let left = most;
        return {
          ...own,
          do: (work) => {
            if (left-- <= 0) return Promise.reject(new Error("stopped"));
            const result = own.do(work);
            begun.push(result);
            return result;
          },
        };
      };
      const identity = identityOf(request(), ["this one"]);
      await expect(tune({ ...request(), hands: keptHands(hands(3), cache, identity) })).rejects.toThrow(
        "stopped",
      );
      await Promise.all(begun);
      expect(begun).toHaveLength(3);
      const resumed = await tune({ ...request(), hands: keptHands(hands(Infinity), cache, identity) });
      expect(begun.length).toBeGreaterThan(6);
      expect(makeTuneReport(resumed)).toEqual(makeTuneReport(await inOnePiece()));
      // Of the same search nothing is left to do, of another one all.
      await tune({ ...request(), hands: keptHands(hands(0), cache, identity) });
      const other = identityOf({ ...request(), confidence: { ...request().confidence, seed: 4 } }, [
        "this one",
      ]);
      await expect(tune({ ...request(), hands: keptHands(hands(0), cache, other) })).rejects.toThrow(
        "stopped",
      );
    } finally {
      folder.remove();
    }
  });

  test("is done by other processes as it is here", async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, "short.trace");
    writeFileSync(file, formatTrace(trace));
    const { confidence, levels } = request();
    const asked = { base, file: "alloc-gen.json", confidence, levels };
    const open = (compiler: string) =>
      processHands(
        { ...asked, base: { ...base, toolchain: { compiler } }, traceFiles: [file], engine: "js" },
        { processes: 2, execArgv: ["--import", "tsx"] },
      );
    const [good, bad] = [open("arm-none-eabi-gcc"), open("no-such-arm-none-eabi-gcc")];
    try {
      const here = new TuneWork({ ...asked, traces: [trace] }, openEngine("js"));
      const works = (["bitmap", "as configured"] as const).map(
        (family) => ({ kind: "race", family }) as const,
      );
      const results = await Promise.all(works.map((work) => good.do(work)));
      expect(results).toEqual(await Promise.all(works.map((work) => here.do(work))));
      const [, own = []] = results;
      expect(own).toHaveLength(1);
      const figures = { kind: "figures", family: "as configured", raced: own } as const;
      expect(await good.do(figures)).toEqual(await here.do(figures));
      await expect(bad.do(figures)).rejects.toMatchObject({ exitCode: 3 });
    } finally {
      await Promise.all([good.close(), bad.close()]);
      folder.remove();
    }
  });
});

test("mean cycles that are predicted are those of the emulated core", async () => {
  const { own, others } = candidatesOf({ base, file: "alloc-gen.json", withRealloc: false });
  const quick = others.find(({ family }) => family.includes("quick"));
  for (const candidate of [own, ...(quick === undefined ? [] : [quick])]) {
    const { project } = variedCandidate(candidate, { optimize: "-O2", heapBytes: 16384 });
    const built = await buildCandidate(project, request().engine);
    const { meanCycles, difference } = emulate(built, [trace]);
    expect(difference).toBeUndefined();
    const predicted = predictedMean(built.bench, [trace]) ?? 0;
    expect(Math.abs(predicted / meanCycles - 1)).toBeLessThan(candidate === own ? 0.002 : 0.1);
  }
});
