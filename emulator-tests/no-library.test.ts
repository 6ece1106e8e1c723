/** The main job where libunicorn is not there: it runs, and says that nobody witnessed it. */
import { defaultMachine } from "../src/machine/registry.js";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, vi } from "vitest";
import { timingEngine } from "../src/function-timing/engines.js";
import { prepare, run } from "../src/pipeline.js";
import { reportHeap } from "../src/report/make-report.js";
import { openEngine } from "../src/verify/engines.js";

// The library is looked for once a process: no test here may find it.
beforeAll(() => void vi.stubEnv("ALLOC_GEN_UNICORN", "/nowhere/libunicorn.so"));

const config = fileURLToPath(new URL("../examples/seed/alloc-gen.json", import.meta.url));
const project = () => prepare(config, { set: ["verify.operations=300", "verify.traces=[]"] });

it("the main job proves the C without a witness, and says so", async () => {
  const result = await run(project());
  const report = reportHeap(result);
  expect(report.ok).toBe(true);
  expect(report.engine).toMatch(/^js \d/);
  expect(report.witnessed).toMatchObject({
    reason: expect.stringMatching(/^libunicorn was not found \(/) as string,
    workloads: { witnessed: 0 },
    directed: { witnessed: 0 },
    calls: { witnessed: 0 },
  });
  expect(report.witnessed).not.toHaveProperty("by");
});

it("functions of any program are called in JavaScript", () => {
  expect(timingEngine("auto", defaultMachine).title).toMatch(/^js \d/);
  expect(() => timingEngine("unicorn", defaultMachine)).toThrow("libunicorn was not found");
});

it("who asks for Unicorn is told that it is missing", () => {
  expect(() => openEngine("unicorn")).toThrow("libunicorn was not found (tried: /nowhere/libunicorn.so)");
  expect(() => openEngine("js+unicorn")).toThrow("libunicorn was not found");
});
