/** `alloc-gen size`: its answer is the exact edge, and every size in the window above it serves, on the core too. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unicornEngine } from "../src/emulators/unicorn/engine.js";
import { buildProject, generate, prepare, type Project } from "../src/pipeline.js";
import { makeSizeReport } from "../src/report/size-report.js";
import { sizeText } from "../src/report/size-text.js";
import { runSizing, type SizedTrace } from "../src/sizing/run-sizing.js";
import { planAt, resized, windowBytes } from "../src/sizing/sizing.js";
import { AllocGenError } from "../src/diagnostics.js";
import {
  OperationCode,
  type HeapOperations,
  type Trace,
  type TraceOperation,
} from "../src/traces/operation.js";
import { seededRandom } from "../src/traces/random.js";
import { ReferenceRunner } from "../src/verify/equivalence.js";
import { lowered } from "../src/verify/lowered.js";

const sampleSeed = Number(process.env["ALLOC_GEN_SEED"] ?? 1);
const functions = { calloc: true, realloc: true, alignedAlloc: true };
const configs: Readonly<Record<string, object>> = {
  "segregated-fit": { policy: { kind: "segregated-fit" } },
  "segregated-fit, all functions": { policy: { kind: "segregated-fit" }, api: functions },
  "best fit, all functions": { policy: { kind: "sequential-fit", fit: "best" }, api: functions },
  "deferred, in slots": {
    policy: { kind: "sequential-fit", coalesce: "deferred" },
    header: { links: { place: "slots", slots: 6 } },
  },
  buddies: { policy: { kind: "buddy" } },
  bitmap: { policy: { kind: "bitmap" }, api: { calloc: true } },
  "boundary bits": { policy: { kind: "segregated-fit" }, header: { boundaryTag: "bits" }, api: functions },
};

/** Blocks of every function come and go. The last request is a calloc that needs what nothing before it did. */
function drawTrace(seed: number): Trace {
  const random = seededRandom(seed, "sizes");
  const live: number[] = [];
  const operations: TraceOperation[] = [];
  for (let id = 0; operations.length < 120; id++) {
    // A request for nothing gets NULL in any heap.
    const size = random.chance(0.05) ? 0 : 1 + random.below(90);
    if (live.length > 10 || (live.length > 0 && random.chance(0.3))) {
      const [freed = 0] = live.splice(random.below(live.length), 1);
      operations.push({ kind: "free", id: freed });
      continue;
    }
    const chosen = live[random.below(live.length)];
    if (chosen !== undefined && random.chance(0.25)) {
      operations.push({ kind: "realloc", id: chosen, size });
      continue;
    }
    const draw = random.unit();
    if (draw < 0.1) operations.push({ kind: "aligned", id, alignment: 32, size });
    else operations.push({ kind: draw < 0.4 ? "calloc" : "malloc", id, size });
    live.push(id);
  }
  operations.push({ kind: "calloc", id: 1000, size: 1500 });
  return { name: `seed ${seed}`, header: new Map(), operations };
}

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "alloc-gen-size-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function projectOf(config: object): Project {
  const path = join(folder, "alloc-gen.json");
  const heap = { size: "16KiB" };
  writeFileSync(path, JSON.stringify({ name: "app_heap", target: "cortex-m4", heap, ...config }));
  return prepare(path, {});
}

const isRequest = ({ kind, argument }: HeapOperations, index: number): boolean =>
  kind[index] !== OperationCode.free && (argument[index] ?? 0) > 0;

/** The first request that gets NULL, by the reference alone; "none", or that there is no such heap. */
function refusedAt(
  { loaded, target }: Project,
  trace: Trace,
  heapBytes: number,
): number | "none" | "no plan" {
  const plan = planAt(loaded.config, target, heapBytes);
  if (plan instanceof AllocGenError) return "no plan";
  const operations = lowered(plan, trace);
  const runner = new ReferenceRunner(plan, operations);
  runner.advance(operations.length);
  const first = runner.outcomes.findIndex((payload, index) => payload < 0 && isRequest(operations, index));
  return first < 0 ? "none" : first;
}

/** Requests that get NULL on the core. */
async function refusedOnCore(project: Project, trace: Trace, heapBytes: number): Promise<number> {
  const other = resized(project, heapBytes);
  const image = await buildProject(other, generate(other), [], false, { heapAt: "round" });
  const operations = lowered(other.plan, trace, image.heapAddress);
  const session = unicornEngine().open(image, other.target, operations);
  try {
    expect(session.reset()).toBeUndefined();
    expect(session.execute(0, operations.length)).toEqual({ completed: operations.length });
    return session.results.filter((address, index) => address === 0 && isRequest(operations, index)).length;
  } finally {
    session.close();
  }
}

async function sizeOf(project: Project, trace: Trace): Promise<SizedTrace> {
  const result = await runSizing(project, [trace], { engine: unicornEngine() });
  const report = makeSizeReport(result);
  expect(report.ok, sizeText.print(report)).toBe(true);
  return result.traces[0] ?? expect.fail("nothing was sized");
}

describe.each(Object.entries(configs))("%s", (_name, config) => {
  test("the answer is the edge, and all above it serve", async () => {
    const project = projectOf(config);
    const step = project.loaded.config.heap.alignment;
    const trace = drawTrace(sampleSeed);
    const { heapBytes = 0, below } = await sizeOf(project, trace);
    expect(heapBytes).toBeGreaterThan(0);
    for (let size = heapBytes; size <= heapBytes + windowBytes; size += step) {
      expect(refusedAt(project, trace, size), `${size} bytes`).toBe("none");
    }
    const refused = refusedAt(project, trace, heapBytes - step);
    expect(refused).not.toBe("none");
    if (refused !== "no plan") {
      expect(below?.operation).toBeDefined();
      expect(await refusedOnCore(project, trace, heapBytes - step)).toBeGreaterThan(0);
    }
    const random = seededRandom(sampleSeed, "window");
    const steps = Math.floor(windowBytes / step);
    for (const some of [0, 1, random.between(2, steps - 1), steps]) {
      expect(await refusedOnCore(project, trace, heapBytes + some * step), `${some} steps above`).toBe(0);
    }
  });
});
