/** Replays on a second thread, against the same without it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAhead, type Ahead } from "../src/ahead/ahead.js";
import type { Session } from "../src/emulators/engine.js";
import { placedFunctions } from "../src/csource/source-lines.js";
import { proveTask } from "../src/proof/task.js";
import { temporaryFolder } from "../src/toolchain/kept-folder.js";
import { generateWorkload } from "../src/traces/generate.js";
import { openEngine } from "../src/verify/engines.js";
import { deriveCosts } from "../src/verify/prediction.js";
import type { Bench } from "../src/verify/equivalence.js";
import { proofTask } from "../src/verify/run-bounds.js";
import { beginDirected, beginTraces, verifyTraces } from "../src/verify/verify-traces.js";
import { verifyWorkload } from "../src/verify/workload.js";
import { benchFor } from "./support/bench.js";
import { drawnEngine } from "./support/core-engines.js";
import { segregated } from "./support/configs.js";
import { handMadeFaults } from "./support/faults.js";
import { editOf } from "./support/hand-made-fault.js";

const script = new URL("support/ahead-thread.mjs", import.meta.url);
const config = { policy: segregated() };

/** That of the benches here. */
const engineName = () => (drawnEngine().name === "js" ? "js" : "unicorn");

let ahead: Ahead;
beforeAll(async () => {
  const opened = await openAhead({ engine: engineName(), script, processors: 2 });
  if (opened === undefined) throw new Error("the thread does not start");
  ahead = opened;
});
afterAll(() => ahead.close());

const tracesOf = ({ heapBytes, maximumRequestBytes }: { heapBytes: number; maximumRequestBytes: number }) =>
  (["uniform", "exhaustion"] as const).map((name) =>
    generateWorkload(name, {
      ...{ seed: 1, operations: 5000, heapBytes, minimumRequest: 1 },
      maximumRequest: maximumRequestBytes,
    }),
  );

const withSession = (ahead: Session | undefined) => (ahead === undefined ? {} : { ahead });

/** What all workloads come to, and what the build's paths were found to cost by then. */
function outcomesOf(bench: Bench, thread?: Ahead) {
  const costs = deriveCosts(bench);
  const outcomes = beginTraces(bench, tracesOf(bench.plan), thread).map(
    ({ bench: filled, trace: { name }, operations, ahead: session }) =>
      verifyWorkload(filled, name, operations(), {
        costs,
        shrinks: false,
        ...withSession(session?.take()),
      }),
  );
  return { costs, outcomes };
}

test("the outcome is the same", async () => {
  const bench = await benchFor(config);
  const expected = outcomesOf(bench);
  expect(expected.outcomes.map(({ result }) => result.mismatch)).toEqual([undefined, undefined]);
  expect(outcomesOf(bench, ahead)).toEqual(expected);
});

test.each(handMadeFaults.slice(0, 6))("the outcome is the same: $name", async (fault) => {
  const bench = await benchFor(fault.config, editOf(fault));
  expect(outcomesOf(bench, ahead)).toEqual(outcomesOf(bench));
});

test("what is proven there is what is proven here, and behind it replays go on", async () => {
  const bench = await benchFor(config);
  const task = proofTask({
    bench,
    whole: { image: bench.image, uncalled: [] },
    source: { name: "app_heap.c", functions: placedFunctions("") },
  });
  const proven = ahead.prove(task);
  const outcome = outcomesOf(bench, ahead);
  expect(proven()).toEqual(proveTask(task));
  expect(outcome).toEqual(outcomesOf(bench));
  const broken = { ...task, image: { ...task.image, elf: new Uint8Array(3) } };
  expect(() => proveTask(broken)).toThrow();
  expect(ahead.prove(broken)()).toBeUndefined();
});

test("a session gives each batch what a session here does, however many heaps are kept", async () => {
  const bench = await benchFor(config);
  const { image, target, engine } = bench;
  const [trace] = beginTraces(bench, tracesOf(bench.plan));
  const lowered = trace?.operations() ?? { length: 0, kind: new Uint8Array(), argument: new Uint32Array() };
  for (const interval of [1, 1000]) {
    const replay = {
      isWitness: false,
      image,
      target,
      operations: lowered,
      options: {},
      heapFill: 0,
      interval,
    };
    const [there, here] = [ahead.begin(replay), engine.open(image, target, lowered)];
    expect(there.reset(0)).toEqual(here.reset(0));
    for (let from = 0; from < 3000; from += interval) {
      expect(there.execute(from, from + interval)).toEqual(here.execute(from, from + interval));
      expect(Buffer.compare(there.heap, here.heap)).toBe(0);
    }
    const figures = ({ results, instructions, cycles, maskingCycles }: Session) =>
      [results, instructions, cycles, maskingCycles].map((all) => Array.from(all.subarray(0, 3000)));
    expect(figures(there)).toEqual(figures(here));
    expect(() => there.execute(0, interval)).toThrow("is not the replay's next batch");
    there.close();
    here.close();
  }
});

test("a thread has the same witness, of the same operations", async () => {
  const witnessed = await openAhead({ engine: "witnessed", script, processors: 2 });
  const witness = { kind: "share", seed: 5 } as const;
  const bench: Bench = { ...(await benchFor(config)), engine: openEngine("witnessed"), witness };
  const expected = outcomesOf(bench);
  const shares = expected.outcomes.map((outcome) => outcome.witnessed);
  expect(Math.min(...shares)).toBeGreaterThan(0);
  expect(Math.max(...shares)).toBeLessThan(5000);
  expect(witnessed).toBeDefined();
  expect(outcomesOf(bench, witnessed)).toEqual(expected);
  witnessed?.close();
});

test("what the plan asks for is replayed there too, by the witness where there is one", async () => {
  for (const name of ["js", "witnessed"] as const) {
    const thread = await openAhead({ engine: name, script, processors: 2 });
    const bench: Bench = { ...(await benchFor(config)), engine: openEngine(name) };
    const here = verifyTraces(bench, [], { seed: 3 });
    const begun = beginDirected(bench, 3, thread);
    expect(begun.map(({ isWitness }) => isWitness)).toEqual(begun.map(() => name === "witnessed"));
    for (const { ahead: session } of begun) expect(session?.take()).toBeDefined();
    expect(verifyTraces(bench, [], { directed: begun })).toEqual(here);
    expect(here.directed.every(({ witnessed }) => witnessed > 0)).toBe(name === "witnessed");
    thread?.close();
  }
});

test("where it does not start, or there is one processor, there is none", async () => {
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, "broken.mjs");
    writeFileSync(file, "throw new Error('no');");
    expect(await openAhead({ engine: "js", script: pathToFileURL(file), processors: 2 })).toBeUndefined();
    expect(await openAhead({ engine: "js", script, processors: 1 })).toBeUndefined();
  } finally {
    folder.remove();
  }
});

test("what a thread does not do that died is done here", async () => {
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, "silent.mjs");
    const words = 'parentPort.on("message", () => undefined); parentPort.postMessage("ready");';
    writeFileSync(file, `import { parentPort } from "node:worker_threads"; ${words}`);
    const silent = await openAhead({ engine: "js", script: pathToFileURL(file), processors: 2, silence: 10 });
    const bench = await benchFor(config);
    expect(silent).toBeDefined();
    expect(outcomesOf(bench, silent)).toEqual(outcomesOf(bench));
    const whole = { image: bench.image, uncalled: [] };
    const source = { name: "app_heap.c", functions: placedFunctions("") };
    expect(silent?.prove(proofTask({ bench, whole, source }))()).toBeUndefined();
    silent?.close();
  } finally {
    folder.remove();
  }
});

test("what fails there is done here", async () => {
  const bench = await benchFor(config);
  const broken = { ...bench.target, unicornModel: 9999 };
  const fails: Ahead = { ...ahead, begin: (replay) => ahead.begin({ ...replay, target: broken }) };
  expect(outcomesOf(bench, fails)).toEqual(outcomesOf(bench));
});
