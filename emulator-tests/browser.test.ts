/**
 * The package in Chromium: `src/browser.ts` as a bundle makes plan and reference of a config there, runs an image that was built
 * here, and must give what it gives in Node.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { planHeap, readImage, referenceOffsets, verifyImage, workloadsOf } from "../src/browser.js";
import { buildProject } from "../src/build-project.js";
import { generate, prepare } from "../src/pipeline.js";

const config = {
  name: "app_heap",
  target: "cortex-m4",
  heap: { size: "16KiB" },
  policy: { kind: "segregated-fit" },
  verify: { operations: 2000, workloads: ["uniform", "exhaustion"], traces: [] },
};
const targetFile = fileURLToPath(new URL("../targets/cortex-m4/target.json", import.meta.url));

/** What is done in both places. Its text goes into the page, so it knows its parameters alone. */
function tried(
  browser: Pick<
    typeof import("../src/browser.js"),
    "planHeap" | "readImage" | "referenceOffsets" | "verifyImage" | "workloadsOf"
  >,
  given: { readonly config: object; readonly target: unknown; readonly elf: Uint8Array },
) {
  const heap = browser.planHeap(given.config, { "cortex-m4": given.target });
  const image = browser.readImage(heap, given.elf);
  return browser.workloadsOf(heap, image.heapAddress).map((trace) => ({
    offsets: Array.from(browser.referenceOffsets(heap, trace.operations, image.heapAddress)),
    result: browser.verifyImage(heap, image, trace),
  }));
}

/** The page's text once its scripts ran. */
function inChromium(folder: string, script: string): string {
  writeFileSync(join(folder, "page.js"), script);
  writeFileSync(
    join(folder, "page.html"),
    '<meta charset="utf-8"><body><script src="browser.js"></script><script src="page.js"></script>',
  );
  const words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"];
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  return execFileSync("chromium", [...words, profile, `file://${join(folder, "page.html")}`], {
    encoding: "utf8",
    timeout: 100_000,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

it("a config and an image give in Chromium what they give in Node", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-browser-"));
  try {
    writeFileSync(join(folder, "alloc-gen.json"), JSON.stringify(config));
    const project = prepare(join(folder, "alloc-gen.json"), {});
    const { elf } = await buildProject(project, generate(project));
    const target: unknown = JSON.parse(readFileSync(targetFile, "utf8"));
    const here = tried(
      { planHeap, readImage, referenceOffsets, verifyImage, workloadsOf },
      { config, target, elf },
    );
    await build({
      entryPoints: [fileURLToPath(new URL("../src/browser.ts", import.meta.url))],
      bundle: true,
      platform: "browser",
      format: "iife",
      globalName: "allocGen",
      outfile: join(folder, "browser.js"),
      logLevel: "error",
    });
    const given = `{ config: ${JSON.stringify(config)}, target: ${JSON.stringify(target)}, elf: Uint8Array.from(atob("${Buffer.from(elf).toString("base64")}"), (one) => one.charCodeAt(0)) }`;
    const page = inChromium(
      folder,
      `let text; try { text = JSON.stringify((${tried.toString()})(allocGen, ${given})); } catch (error) { text = String(error.stack); }
document.body.textContent = "<<" + btoa(text) + ">>";`,
    );
    const [, text = ""] = /&lt;&lt;(.*)&gt;&gt;/.exec(page) ?? [];
    expect(JSON.parse(atob(text))).toEqual(JSON.parse(JSON.stringify(here)));
    for (const { offsets, result } of here) {
      expect(result.mismatch).toBeUndefined();
      expect(result.malloc.calls + result.free.calls).toBe(offsets.length);
      expect(result.malloc.cycles.max).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
