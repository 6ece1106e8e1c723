/** Made-up reports of the commands that compare, size, tune and certify. */
import type { CertificateReport } from "../certificate-report.js";
import type { ComparisonReport, EntryTraceReport } from "../peers-report.js";
import type { SizeReport } from "../size-report.js";
import type { TuneReport, TuneRow } from "../tune-report.js";

const about = { version: 1, name: "app_heap", target: "cortex-m4", engine: "js 20" } as const;
const toolchain = "arm-none-eabi-gcc 12.2.1";

const figures = (mean: number, max: number) => {
  const cycles = { mean, p50: mean, p99: max, max };
  return { calls: 10, failed: 0, instructions: cycles, cycles };
};

const measured = (mean: number, ramBytes: number): EntryTraceReport => ({
  name: "radio",
  malloc: figures(mean, 2 * mean),
  free: figures(mean / 2, mean),
  leastHeap: { heapBytes: ramBytes - 8, ramBytes, ratio: ramBytes / 19_660 },
});

const entry = {
  compiler: toolchain,
  precompiled: false,
  optimize: "-O2",
  alignmentBytes: 8,
  strideBytes: {},
};

export const exampleComparison: ComparisonReport = {
  ...about,
  ok: false,
  toolchain,
  cycleModel: "a model",
  heapBytes: 65_536,
  realloc: "the allocators' own",
  traces: [{ name: "radio", operations: 20_000, peakBytes: 19_660 }],
  allocators: [
    { ...entry, name: "app_heap", flashBytes: 620, controlBytes: 58, traces: [measured(77, 24_680)] },
    { ...entry, name: "newlib", flashBytes: 1628, controlBytes: null, traces: [measured(197, 25_788)] },
    { ...entry, name: "tiny", flashBytes: 180, controlBytes: 68, traces: [measured(41, 31_044)] },
    {
      ...entry,
      name: "broken",
      flashBytes: 90,
      controlBytes: 4,
      traces: [{ ...measured(1, 1), broken: "operation 3: the heap is on <fire>" }],
    },
  ],
};

const perturbed = {
  copies: 20,
  seed: 1,
  confidence: 0.95,
  fragmentation: { median: 1.1, quantile: 1.2, worst: 1.25 },
  peakBytes: 20_400,
  heapBytes: 24_480,
  checked: 20,
  served: 20,
};

export const exampleSizes: SizeReport = {
  ...about,
  ok: true,
  toolchain,
  policy: "segregated-fit",
  alignmentBytes: 8,
  windowBytes: 512,
  traces: [
    {
      name: "radio",
      operations: 20_000,
      peakBytes: 19_660,
      leastHeapBytes: 22_000,
      ratio: 1.119,
      confirmed: true,
      perturbed,
    },
  ],
  leastHeapBytes: 22_000,
  confidentHeapBytes: 24_480,
};

const row = (number: number, ramBytes: number, meanCycles: number, bound: number | null): TuneRow => ({
  row: number,
  family: number < 3 ? "segregated-fit" : "sequential-fit",
  differs: number === 0 ? "defaults" : `classes ${number}`,
  settings: { "policy.classes": String(number) },
  leastHeapBytes: ramBytes - 400,
  heapBytes: ramBytes - 8,
  marginPercent: 2,
  ramBytes,
  flashBytes: 600 + 10 * number,
  boundCycles: { malloc: bound, free: 80 + number },
  meanCycles,
  perturbed: [perturbed],
});

export const exampleTune: TuneReport = {
  ...about,
  ok: true,
  toolchain,
  minimise: "ram",
  seed: 1,
  confidence: 0.95,
  copies: 20,
  budgets: [],
  traces: [{ name: "radio", operations: 20_000 }],
  counts: { candidates: 90, raced: 30, robust: 10, built: 6 },
  front: [row(1, 22_100, 120, null), row(2, 23_000, 90, 130), row(3, 25_000, 70, 91)],
  own: row(0, 24_000, 95, 91),
  peers: [
    {
      name: "newlib-nano",
      leastRamBytes: 24_900,
      flashBytes: 628,
      worstCycles: { malloc: 3000, free: 400 },
      meanCycles: 88,
    },
  ],
};

export const exampleCertificate: CertificateReport = {
  ...about,
  ok: false,
  policy: "segregated-fit",
  functions: ["malloc", "free"],
  demand: { liveBytes: 8192, blocks: null, smallest: 8, largest: 512 },
  liveBlockBytes: 9000,
  heapBytes: 32_768,
  isEnough: false,
  enough: { heapBytes: 60_000, blockBytes: 59_900, theorem: "firstFit", says: "what fits is found" },
  adversary: { heapBytes: 20_000, operations: 900, onCore: true },
  neededByAny: 18_000,
  o1heapBytes: 70_000,
  proposals: [{ change: "policy.kind = pool", heapBytes: 12_000 }],
};
