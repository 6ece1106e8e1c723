/** The smallest config: how much flash its three functions take, on two cores, and that a budget holds them to it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFolder } from "../src/package-folder.js";
import { buildProject, generate, prepare, run } from "../src/pipeline.js";
import { reportHeap } from "../src/report/make-report.js";

const folder = join(packageFolder(), "examples", "smallest");
const config = join(folder, "alloc-gen.json");
const most = 220;

async function flashOf(target: string, set: readonly string[]): Promise<number> {
  const project = prepare(config, { target, set });
  const { size } = await buildProject(project, generate(project));
  return size.flashBytes;
}

describe.each(["cortex-m4", "cortex-m0plus"])("%s", (target) => {
  test.each(["16KiB", "64KiB", "128KiB", "512KiB", "1MiB"])("in a heap of %s", async (size) => {
    expect(await flashOf(target, [`heap.size=${size}`])).toBeLessThanOrEqual(most);
  });

  test.each(["16KiB", "64KiB"])("with links of 16 bits, in a heap of %s", async (size) => {
    const set = [`heap.size=${size}`, "header.links.width=16"];
    expect(await flashOf(target, set)).toBeLessThanOrEqual(most);
  });

  test("best fit takes little more", async () => {
    expect(await flashOf(target, ["policy.fit=best"])).toBeLessThanOrEqual(224);
  });

  test("the figures of its page are those of the build", async () => {
    const page = readFileSync(join(folder, "README.md"), "utf8");
    const name = target === "cortex-m4" ? "Cortex-M4" : "Cortex-M0+";
    const row = await Promise.all(["16KiB", "1MiB"].map((size) => flashOf(target, [`heap.size=${size}`])));
    expect(page).toContain(`| ${name} | ${row.join(" | ")} |`);
  });
});

test("flash above its budget fails the run", async () => {
  const project = prepare(config, {
    set: ["budgets.flash=180", "verify.operations=200", "verify.traces=[]"],
  });
  const report = reportHeap(await run(project));
  expect(report.budgets).toMatchObject([{ what: "flash bytes", limit: 180, ok: false }]);
  expect(report.ok).toBe(false);
});
