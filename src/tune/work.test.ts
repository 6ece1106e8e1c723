import { expect, test } from "vitest";
import type { TraceOperation } from "../traces/operation.js";
import { pool } from "../policies/pool/index.js";
import { segregatedFit } from "../policies/segregated-fit/index.js";
import { requestedCandidates, type WorkRequest } from "./work.js";

const operations = Array.from({ length: 80 }, (_, id): TraceOperation => ({ kind: "malloc", id, size: 12 }));
const request: WorkRequest = {
  base: {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "16KiB" },
    policy: { kind: "segregated-fit" },
  },
  file: "alloc-gen.json",
  traces: [{ name: "made", header: new Map(), operations }],
  confidence: { copies: 4, confidence: 0.95, seed: 1 },
  levels: ["-O3"],
  policies: [pool, { ...segregatedFit, variants: segregatedFit.variants.slice(0, 1) }],
};

test("other alignments are tried where they are asked for, with pools for sizes as they are then", () => {
  const plain = requestedCandidates(request);
  expect(plain.map(({ family }) => family)).toEqual([
    "as configured",
    "size classes",
    "pools, size classes",
    "pools, size classes",
  ]);
  // The base's own is no other.
  const both = requestedCandidates({ ...request, alignments: [4, 8] });
  expect(both.slice(plain.length).map(({ family, settings }) => [family, settings["pools"]])).toEqual([
    ["size classes, alignment 4", undefined],
    ["pools, size classes, alignment 4", "72 x 12"],
    ["pools, size classes, alignment 4", "60 x 12"],
  ]);
  for (const { project, settings } of both) {
    expect(project.plan.alignment).toBe(Number(settings["heap.alignment"] ?? 8));
  }
});

test("pools are tried where a front has all functions of the base", () => {
  const withStats = { ...request, base: { ...request.base, api: { stats: true } } };
  expect(requestedCandidates(withStats).some(({ front }) => front !== undefined)).toBe(false);
  const aligning = { ...request, base: { ...request.base, api: { alignedAlloc: true, calloc: true } } };
  const [hybrid] = requestedCandidates(aligning).filter(({ front }) => front !== undefined);
  expect(hybrid?.front?.config.api).toMatchObject({ alignedAlloc: true, calloc: true, realloc: false });
});
