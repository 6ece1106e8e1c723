/**
 * The table of docs/policies.md: every policy on one trace, and what the seed's three faults come to. Prints Markdown.
 * Run: npx tsx bench/policies.ts
 */
import { join } from "node:path";
import { packageFolder } from "../src/package-folder.js";
import { planAt } from "../src/sizing/sizing.js";
import { leastSize } from "../src/sizing/least.js";
import { firstRefused } from "../src/sizing/reference-run.js";
import { peakBytes } from "../src/traces/peak.js";
import { readTrace } from "../src/traces/read.js";
import { ReferenceRunner } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";
import { verifyWorkload } from "../src/verify/workload.js";
import type { Project } from "../src/pipeline.js";
import { benchOf, benchProject } from "./project.js";

const trace = readTrace(join(packageFolder(), "examples", "traces", "synthetic-w1.trace.gz"));
const peak = peakBytes(trace);
const heapBytes = 65536;

const segregated = { kind: "segregated-fit" };
const twoEnded = { ...segregated, split: "two-ended" };
const sequential = { kind: "sequential-fit" };
const seed = { ...sequential, preset: "seed" };

interface Measured {
  readonly policy: object;
  readonly header?: object;
  /** Serves no trace of many sizes: a least heap says nothing. */
  readonly special?: true;
}

const lowEnd: Measured = { policy: { ...segregated, split: "low" } };
const firstFit: Measured = { policy: sequential };
const bestFit: Measured = { policy: { ...sequential, fit: "best", order: "lifo" } };
const discarded: Measured = { policy: seed, header: { links: { slots: 256 } } };

const policies: Readonly<Record<string, Measured>> = {
  "`segregated-fit`": { policy: twoEnded },
  "… `split: low`": lowEnd,
  "… `split: by-neighbour`": { policy: { ...segregated, split: "by-neighbour" } },
  "… `subdivisions: 8`": { policy: { ...twoEnded, subdivisions: 8 } },
  "… `quickLists: {}`": { policy: { ...twoEnded, quickLists: { upTo: 128, most: 32 } } },
  "… `quickLists`, up to 256 bytes, 128 blocks": {
    policy: { ...twoEnded, quickLists: { upTo: 256, most: 128 } },
  },
  "… `coalesce: deferred`": { policy: { ...twoEnded, coalesce: "deferred" } },
  "… `boundaryTag: bits`": { policy: twoEnded, header: { boundaryTag: "bits" } },
  "… `boundaryTag: bits`, `subdivisions: 4`": {
    policy: { ...twoEnded, subdivisions: 4 },
    header: { boundaryTag: "bits" },
  },
  "… `preset: tlsf`": { policy: { ...segregated, preset: "tlsf" } },
  "… `preset: half-fit`": { policy: { ...segregated, preset: "half-fit" } },
  "`sequential-fit`, first fit by address": firstFit,
  "… best fit, lifo": bestFit,
  "… next fit, lifo": { policy: { ...sequential, fit: "next", order: "lifo" } },
  "… `preset: seed`": discarded,
  "`buddy`": { policy: { kind: "buddy" } },
  "`bitmap`": { policy: { kind: "bitmap" } },
  "`pool`, one class of 1 KiB": { policy: { kind: "pool", classes: [{ size: 1024 }] }, special: true },
  "`bump`": { policy: { kind: "bump" }, special: true },
};

/** The least heap that serves the trace, over the payload live at most. */
async function leastRatio({ loaded, target }: Project): Promise<string> {
  const least = await leastSize({
    works: (size) => {
      const plan = planAt(loaded.config, target, size);
      return !(plan instanceof Error) && firstRefused(plan, trace, false) === undefined;
    },
    from: peak,
    to: 64 * peak,
    step: 64,
    window: 0,
  });
  return least === undefined || least > 8 * peak ? "-" : (least / peak).toFixed(2);
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell)).join(" | ")} |`;
}

async function measure(name: string, measured: Measured): Promise<string> {
  const project = benchProject({ ...measured, heapBytes });
  const bench = await benchOf(project);
  const { result } = verifyWorkload(bench, trace.name, lowered(bench.plan, trace));
  if (result.mismatch !== undefined) throw new Error(`${name}: ${result.mismatch.message}`);
  const cycles = (of: "malloc" | "free") =>
    `${result[of].cycles.mean.toFixed(0)} / ${result[of].cycles.max.toLocaleString("en-US")}`;
  const { plan, image } = bench;
  const failed = result.malloc.failed;
  const least = measured.special === true ? "-" : await leastRatio(project);
  return row([
    name,
    cycles("malloc"),
    cycles("free"),
    image.size.flashBytes,
    plan.header.bytes,
    plan.controlBytes,
    least,
    failed,
  ]);
}

/** What the seed was discarded for, as the reference counts it. */
function faults(name: string, measured: Measured): string {
  const { plan } = benchProject(measured);
  const operations = lowered(plan, trace);
  const runner = new ReferenceRunner(plan, operations, true);
  let touching = 0;
  let free = 0;
  for (let to = 500; to <= operations.length; to += 500) {
    runner.advance(to);
    const blocks = [...runner.heap.blocks()];
    free += blocks.filter((block) => block.free).length;
    touching += blocks.filter((block, index) => block.free && blocks[index + 1]?.free === true).length;
  }
  const steps = (code: number) => {
    const walked = runner.paths
      .filter((_path, index) => operations.kind[index] === code)
      .map(({ loops }) => loops.reduce((sum, count) => sum + count, 0));
    const mean = walked.reduce((sum, count) => sum + count, 0) / walked.length;
    return `${mean.toFixed(1)} / ${walked.reduce((most, count) => Math.max(most, count), 0)}`;
  };
  return row([name, steps(1), steps(2), `${Math.round((100 * touching) / Math.max(1, free))} %`]);
}

console.log(
  row([
    "policy",
    "malloc mean / worst",
    "free mean / worst",
    "flash",
    "header",
    "control",
    "least heap",
    "refused",
  ]),
);
console.log("|---|---|---|---|---|---|---|---|");
for (const [name, measured] of Object.entries(policies)) console.log(await measure(name, measured));
console.log(
  `\n${row(["policy", "blocks walked by malloc", "by free", "free blocks that touch a free one"])}`,
);
console.log("|---|---|---|---|");
for (const [name, measured] of Object.entries({
  "`preset: seed`": discarded,
  "first fit by address": firstFit,
  "best fit, lifo": bestFit,
  "`segregated-fit`": lowEnd,
}))
  console.log(faults(name, measured));
