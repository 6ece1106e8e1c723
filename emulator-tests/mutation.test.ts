/** Mutants of the generated C: each of a sample over all policies must be noticed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openJudge } from "../src/mutation/judge.js";
import { openJudges } from "../src/mutation/judges.js";
import { runMutation } from "../src/mutation/run-mutation.js";
import { prepare } from "../src/pipeline.js";
import { makeMutationReport } from "../src/report/mutation-report.js";
import { compilerIn } from "../src/toolchain/kept-folder.js";
import { drawnEngine } from "./support/core-engines.js";
import { chooseSample } from "./support/sample.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-mutation-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const mutated = JSON.parse(
  readFileSync(new URL("./cases/mutated-configs.json", import.meta.url), "utf8"),
) as readonly { readonly name: string }[];

const heap = {
  name: "app_heap",
  target: "cortex-m4",
  heap: { size: "4KiB", alignment: 8 },
  policy: { kind: "segregated-fit" },
  verify: { seed: 1, operations: 2000, workloads: ["uniform", "exhaustion"] },
};

function configFile(name: string, config: object): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const judgeOf = (path: string) =>
  openJudge(prepare(path, {}), drawnEngine(), compilerIn(mkdtempSync(join(folder, "build-"))));

describe("the judge", () => {
  it("tells what is wrong, what is the same code, and what is no C", async () => {
    const judge = await judgeOf(configFile("judge", heap));
    const { source } = judge;
    const verdictOn = (text: string) => judge.judge(text);
    const with_ = (from: string, to: string): string => {
      expect(source.text).toContain(from);
      return source.text.replace(from, to);
    };
    expect(await verdictOn(source.text)).toEqual({ kind: "same code" });
    expect(await verdictOn(with_("return class << 1U", "return 2U * class"))).toEqual({ kind: "same code" });
    expect(await verdictOn(with_("return class << 1U", "return class <<"))).toEqual({ kind: "not compiled" });
    expect(await verdictOn(with_("return class << 1U", "return missing(class)"))).toEqual({
      kind: "not compiled",
    });
    expect(await verdictOn(with_("return class << 1U", "return class << 2U"))).toMatchObject({
      kind: "killed",
    });
    expect(await verdictOn(with_("return class << 1U", "for (;;) { } return class"))).toMatchObject({
      kind: "killed",
      stage: "first operations",
      message: expect.stringContaining("still running") as string,
    });
    // After all of these, nothing of theirs is left.
    expect(await verdictOn(source.text)).toEqual({ kind: "same code" });
  });

  it("calls a slower allocator that returns the same a survivor", async () => {
    const judge = await judgeOf(configFile("slow", heap));
    const { source } = judge;
    const slow = source.text.replace(
      "return class << 1U;",
      'for (uint32_t i = 0U; i < 9U; i++) { __asm__ volatile(""); }\nreturn class << 1U;',
    );
    const verdict = await judge.judge(slow);
    expect(verdict.kind).toBe("survived");
    if (verdict.kind === "survived") expect(verdict.cycles.mutant).toBeGreaterThan(verdict.cycles.original);
  });
});

it("a mutant of what only looks at a heap is noticed", async () => {
  const api = { check: true, usableSize: true };
  const judge = await judgeOf(configFile("looks", { ...heap, api }));
  const { text } = judge.source;
  const mutant = text.replace(/(app_heap_usable_size\([^{;]*\{)/, "$1\n    return 8U;");
  expect(mutant).not.toBe(text);
  expect(await judge.judge(mutant)).toMatchObject({ kind: "killed", stage: "interface" });
});

it("a mutant that reads what was in memory before init is noticed, whatever it was", async () => {
  const config = mutated.find(({ name }) => name === "seed");
  const judge = await judgeOf(configFile("untouched", { ...config }));
  const { source } = judge;
  const bounded = "(end < heap.control.wilderness) && is_free(header_at(end))";
  expect(source.text).toContain(bounded);
  expect(await judge.judge(source.text.replace(bounded, "is_free(header_at(end))"))).toMatchObject({
    kind: "killed",
  });
});

describe("mutants of the C", () => {
  /** Of these seeds each survivor was looked at. */
  const seeds = [1, 2];
  const drawn = chooseSample(
    mutated.flatMap((config) => seeds.map((seed) => ({ name: config.name, config, seed }))),
    4,
    "mutants",
  );
  it.each(drawn)("are all noticed: $name, seed $seed", async ({ name, config, seed }) => {
    const path = configFile(name, config);
    const judge = await judgeOf(path);
    const result = await runMutation({
      project: prepare(path, {}),
      seed,
      count: 8,
      judge: (text) => judge.judge(text),
      atOnce: 1,
    });
    const { survivors, killed } = makeMutationReport(result, 100);
    expect(survivors.map(({ diff }) => diff).join("\n")).toBe("");
    expect(killed).toBeGreaterThan(0);
  });
});

describe("the processes", () => {
  it("give the same verdicts however many there are, and end what lasts", async () => {
    const configPath = configFile("pool", heap);
    const project = prepare(configPath, {});
    const judges = openJudges(
      { configPath, options: {}, engine: "js" },
      { processes: 2, seconds: 100, execArgv: ["--import", "tsx"] },
    );
    const run = (atOnce: number) =>
      runMutation({ project, seed: 5, count: 6, judge: (text) => judges.judge(text), atOnce });
    try {
      const [one, two] = [await run(1), await run(2)];
      expect(one.tried).toEqual(two.tried);
      expect(one.tried.length).toBeGreaterThanOrEqual(6);
    } finally {
      await judges.close();
    }
    const hasty = openJudges(
      { configPath, options: {}, engine: "js" },
      { processes: 1, seconds: 0.001, execArgv: ["--import", "tsx"] },
    );
    try {
      expect(await hasty.judge("")).toEqual({
        kind: "killed",
        stage: "time limit",
        message: "undecided after 0.001 seconds",
      });
    } finally {
      await hasty.close();
    }
  });
});
