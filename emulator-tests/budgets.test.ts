/** Budgets and baselines end to end: the program on a real config, with the toolchain and the emulator. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWords } from "../src/cli/run-words.fixture.js";
import { packageFolder } from "../src/package-folder.js";
import { formatCount, formatMean } from "../src/report/table.js";

const config = {
  name: "app_heap",
  target: "cortex-m0",
  heap: { size: "4KiB" },
  policy: { kind: "segregated-fit" },
  toolchain: { optimize: "-Os" },
  verify: { operations: 400, workloads: ["uniform", "holes"] },
};

let folder: string;

/** Runs a command line in `folder` as a user would. */
const program = (...words: string[]) =>
  runWords(words, { folder, debug: true, pipeline: () => import("../src/pipeline.js") });

interface Measured {
  readonly bounds: Readonly<Record<string, { readonly cycles: number }>>;
  readonly ok: boolean;
  readonly size: {
    readonly flashBytes: number;
    readonly ramBytes: number;
    readonly stackBytes: Readonly<Record<string, number>>;
  };
  readonly workloads: readonly {
    readonly name: string;
    readonly malloc: { readonly cycles: { readonly mean: number; readonly max: number } };
    readonly free: { readonly cycles: { readonly mean: number; readonly max: number } };
  }[];
}

let measured: Measured;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-budgets-"));
  writeFileSync(join(folder, "alloc-gen.json"), JSON.stringify(config));
  process.chdir(folder);
  measured = JSON.parse((await program("verify", "--json")).out) as Measured;
});
afterAll(() => {
  process.chdir(packageFolder());
  rmSync(folder, { recursive: true, force: true });
});

test("the run without budgets is good", () => {
  expect(measured).toMatchObject({ ok: true });
  expect(measured.workloads.map(({ name }) => name)).toEqual(["uniform", "holes"]);
});

describe("a budget", () => {
  const highest = (name: "malloc" | "free", figure: "mean" | "max"): number =>
    Math.max(...measured.workloads.map((workload) => workload[name].cycles[figure]));
  const kinds: readonly { key: string; what: string; actual: () => number }[] = [
    { key: "cycles.malloc.worst", what: "malloc worst cycles", actual: () => highest("malloc", "max") },
    { key: "cycles.malloc.mean", what: "malloc mean cycles", actual: () => highest("malloc", "mean") },
    { key: "cycles.free.worst", what: "free worst cycles", actual: () => highest("free", "max") },
    { key: "cycles.free.mean", what: "free mean cycles", actual: () => highest("free", "mean") },
    {
      key: "cycles.malloc.bound",
      what: "malloc bound cycles",
      actual: () => measured.bounds["malloc"]?.cycles ?? 0,
    },
    {
      key: "cycles.free.bound",
      what: "free bound cycles",
      actual: () => measured.bounds["free"]?.cycles ?? 0,
    },
    { key: "flash", what: "flash bytes", actual: () => measured.size.flashBytes },
    { key: "ram", what: "RAM bytes", actual: () => measured.size.ramBytes },
    { key: "stack", what: "stack bytes", actual: () => Math.max(...Object.values(measured.size.stackBytes)) },
  ];

  test.each(kinds)(
    "of $key passes when it is met, and fails the run when it is not",
    async ({ key, what, actual }) => {
      const limit = actual();
      expect(limit).toBeGreaterThan(0);
      const met = await program("verify", "--set", `budgets.${key}=${limit}`);
      expect(met).toMatchObject({ code: 0, err: "" });
      expect(met.out).toContain("OK: the C matches the reference.");

      const below = Math.ceil(limit) - 1;
      const exceeded = await program("verify", "--set", `budgets.${key}=${below}`);
      expect(exceeded).toMatchObject({ code: 1, err: "" });
      const format = (value: number) => (Number.isInteger(value) ? formatCount(value) : formatMean(value));
      expect(exceeded.out).toContain(`${what}  ${format(limit)}  of  ${format(below)}  exceeded\n`);
      expect(exceeded.out).toContain(`\nFAILED: over budget: ${what}.\n`);
    },
  );

  test("that is exceeded is in the JSON too, beside those that are met", async () => {
    const words = ["budgets.flash=1", "budgets.ram=1MiB"].flatMap((setting) => ["--set", setting]);
    const { code, out } = await program("verify", "--json", ...words);
    expect(code).toBe(1);
    const { flashBytes, ramBytes } = measured.size;
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      budgets: [
        { what: "flash bytes", limit: 1, actual: flashBytes, ok: false },
        { what: "RAM bytes", limit: 1048576, actual: ramBytes, ok: true },
      ],
    });
  });
});

describe("a baseline", () => {
  const file = "alloc-gen.baseline.json";

  test("is stored, found unchanged, and told apart from a run that is slower", async () => {
    const written = await program("verify", "--write-baseline");
    expect(written).toMatchObject({ code: 0, err: `wrote ${file}\n` });
    expect(readdirSync(folder)).toEqual([file, "alloc-gen.json"]);
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toContain(`\n    "flash bytes": ${measured.size.flashBytes},\n`);
    expect(text).toMatch(/\n {4}"holes: free worst instructions": \d+,\n/);

    const again = await program("verify", "--fail-on-regression", "0");
    expect(again.code).toBe(0);
    expect(again.out).toContain(`\nBaseline ${file}: nothing changed\n`);
    await program("verify", "--write-baseline");
    expect(readFileSync(join(folder, file), "utf8")).toBe(text);

    const larger = ["--set", "toolchain.optimize=-O3"];
    const told = await program("verify", ...larger);
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/The baseline was measured with another toolchain: [^]*-Os,\s+now\s[^]*-O3\.\n/);
    expect(told.out).toMatch(/\nflash bytes +\d[\d,]* +\d[\d,]* +\+\d+\.\d\d %\n/);
    const { code, out } = await program("verify", ...larger, "--fail-on-regression", "5");
    expect(code).toBe(1);
    expect(out).toMatch(/\nflash bytes .* regression\n/);
    expect(out).toContain("\nFAILED: more than 5 % above the baseline: flash bytes");
  });

  test("of the main job is compared too, and a regression does not keep the C from being written", async () => {
    await program("verify", "--write-baseline");
    const low = readFileSync(join(folder, file), "utf8").replace(/("RAM bytes": )\d+/, "$14000");
    writeFileSync(join(folder, file), low);
    const { code, out, err } = await program("--fail-on-regression", "2");
    expect(code).toBe(1);
    expect(out).toContain("\nRAM bytes   4,000  4,096  +2.40 %  regression\n");
    expect(out).toContain("\nFAILED: more than 2 % above the baseline: RAM bytes.\n");
    expect(err).toContain("wrote generated/app_heap.c\n");
  });
});
