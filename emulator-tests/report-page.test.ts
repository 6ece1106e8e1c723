/** Reports as pages, in Chromium: every view is drawn, in light and dark, on a desk and on a phone, and can be used by keyboard. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processContext } from "../src/cli/context.js";
import { runProgram } from "../src/cli/program.js";
import { prepare } from "../src/pipeline.js";
import { metadataImage } from "../src/reference/image.js";
import { certificatePage } from "../src/report/page/certificate-page.js";
import { comparisonPage } from "../src/report/page/peers-page.js";
import {
  exampleCertificate,
  exampleComparison,
  exampleSizes,
  exampleTune,
} from "../src/report/page/reports.fixture.js";
import { sizePage } from "../src/report/page/size-page.js";
import { tunePage } from "../src/report/page/tune-page.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-page-"));
const quickstart = join(import.meta.dirname, "..", "examples", "quickstart");
const pageOf = (name: string): string => join(folder, `${name}.html`);
let browser: Browser;

/** Runs the tool; its page is `name`. */
async function run(name: string, words: readonly string[]): Promise<string> {
  const said: string[] = [];
  const context = {
    ...processContext(),
    folder,
    out: (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
    showsProgress: false,
    interactive: false,
  };
  await runProgram([...words, "--format", `html=${pageOf(name)}`], context);
  return said.join("");
}

interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

/** What a page in the browser said that is no success: errors, and what it asked the network for. */
async function opened(
  name: string,
  { colorScheme = "light", width = 1280 }: Look = {},
): Promise<{ readonly page: Page; readonly wrong: readonly string[] }> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) wrong.push(request.url());
  });
  await page.goto(`file://${pageOf(name)}`);
  const waiting = page.locator("figure[data-view]:not([data-drawn])");
  await expect.poll(() => waiting.count(), { timeout: 20_000 }).toBe(0);
  return { page, wrong };
}

/** Canvases with how many colours each shows. */
const canvasColours = (page: Page): Promise<readonly number[]> =>
  page.evaluate(`[...document.querySelectorAll("canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })`);

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the page of the main job", () => {
  beforeAll(async () => {
    expect(await run("main", ["verify", quickstart, "--quiet"])).toContain(
      "OK: the C matches the reference.",
    );
  });

  it("is small and complete in itself", () => {
    expect(statSync(pageOf("main")).size).toBeLessThan(1_000_000);
    expect(readFileSync(pageOf("main"), "utf8")).not.toMatch(/<(?:link|img|iframe)\b|<script src/);
  });

  it.each<Look>([
    { colorScheme: "light", width: 1280 },
    { colorScheme: "dark", width: 1280 },
    { colorScheme: "light", width: 390 },
    { colorScheme: "dark", width: 390 },
  ])("draws every view: %o", async (look) => {
    const { page, wrong } = await opened("main", look);
    expect(await page.locator("figure .bad").count()).toBe(0);
    const colours = await canvasColours(page);
    // The map, the memory, and a histogram each of malloc and free.
    expect(colours).toHaveLength(4);
    for (const each of colours) expect(each).toBeGreaterThan(3);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    const back = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(back).toBe(look.colorScheme === "dark" ? "rgb(20, 23, 29)" : "rgb(255, 255, 255)");
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("shows each workload, a recorded one of 190,000 operations too, by keyboard alone", async () => {
    const { page, wrong } = await opened("main");
    const map = page.locator("canvas.map");
    const told = page.locator("figure .told").first();
    const names = await page.locator("figure select").first().locator("option").allTextContents();
    expect(names).toContain("busybox-awk");
    // It has no tags to show.
    const offered = await page.getByLabel("Colour by").locator("option").allTextContents();
    expect(offered).toEqual(["size", "lifetime", "state"]);
    await page.locator("figure select").first().selectOption({ label: "busybox-awk" });
    await expect.poll(() => page.locator(".operations").textContent()).toContain("191,683");
    await map.focus();
    for (const key of ["Home", "ArrowRight", "ArrowUp", "+", "Alt++", "PageDown", "Shift+ArrowRight"])
      await page.keyboard.press(key);
    expect(await told.textContent()).toMatch(/^Operation [\d,]+ (?:gets|frees|returns).* cycles\. At 0x/);
    expect(await page.locator(".operations").textContent()).not.toContain("191,683");
    await page.keyboard.press("0");
    expect(await page.locator(".operations").textContent()).toContain("191,683");
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("tells of the block under a pointer, and is drawn in light for paper", async () => {
    const { page, wrong } = await opened("main", { colorScheme: "dark" });
    const box = await page.locator("canvas.map").boundingBox();
    await page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 100);
    expect(await page.locator("figure .told").first().textContent()).toMatch(/^Operation [\d,]+ /);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    expect(wrong).toEqual([]);
    await page.context().close();
  });
});

it("colours the map by tag, where headers have one", async () => {
  const config = join(folder, "tagged.json");
  writeFileSync(
    config,
    JSON.stringify({
      name: "app_heap",
      target: "cortex-m4",
      heap: { size: 8192 },
      policy: { kind: "segregated-fit" },
      header: { fields: { tag: { bits: 3 } } },
      verify: { operations: 1000, workloads: ["uniform"] },
    }),
  );
  expect(await run("tagged", [config, "--engine", "js"])).toContain("OK: ");
  const { page, wrong } = await opened("tagged");
  const swatches = () => page.locator("figure .legend").first().textContent();
  await page.getByLabel("Colour by").selectOption("tag");
  for (const tag of [0, 1, 2, 3, 4, 5, 6, 7]) expect(await swatches()).toContain(`tag ${tag}`);
  expect((await canvasColours(page))[0]).toBeGreaterThan(8);
  expect(wrong).toEqual([]);
  await page.context().close();
});

/** A heap with blocks in use and free ones, in memory. */
function dumpFile(): string {
  const { plan } = prepare(join(quickstart, "alloc-gen.json"), {});
  const heap = plan.rules.reference(plan);
  const payloads = [24, 100, 600, 8, 40].map((size) => heap.malloc(size, 0).payload);
  for (const freed of [1, 3]) heap.free(payloads[freed] ?? -1);
  const file = join(folder, "heap.bin");
  writeFileSync(file, metadataImage(plan, heap).bytes);
  return file;
}

describe("the pages of other commands", () => {
  beforeAll(async () => {
    writeFileSync(pageOf("compare"), comparisonPage.print(exampleComparison));
    writeFileSync(pageOf("size"), sizePage.print(exampleSizes));
    writeFileSync(pageOf("tune"), tunePage.print(exampleTune));
    writeFileSync(pageOf("certify"), certificatePage.print(exampleCertificate));
    const words = [dumpFile(), "--config", join(quickstart, "alloc-gen.json"), "--offset", "0"];
    expect(await run("inspect", ["inspect", ...words])).toContain("OK: ");
  });

  it.each(["compare", "size", "tune", "certify", "inspect"])(
    "draws %s on a desk and on a phone",
    async (name) => {
      for (const look of [{ width: 1280 }, { width: 390, colorScheme: "dark" }] as const) {
        const { page, wrong } = await opened(name, look);
        expect(await page.locator(".bars .bar, circle, canvas").count()).toBeGreaterThan(3);
        for (const each of await canvasColours(page)) expect(each).toBeGreaterThan(2);
        expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        expect(wrong).toEqual([]);
        await page.context().close();
      }
    },
  );

  it("chooses a point of the front by keyboard and by pointer, and other axes", async () => {
    const { page, wrong } = await opened("tune");
    const told = page.locator("figure .told");
    await page.locator('[role="button"]').first().focus();
    await page.keyboard.press("Enter");
    expect(await told.textContent()).toContain("alloc-gen tune --write 1 writes it");
    await page.locator(".dot.peer circle").click();
    expect(await told.textContent()).toContain("newlib-nano");
    await page.locator("figure select").first().selectOption("malloc");
    // Of the first row no bound is proven.
    expect(await page.locator(".dot").count()).toBe(4);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("goes through a dump's blocks by keyboard", async () => {
    const { page, wrong } = await opened("inspect");
    await page.locator("canvas.map").focus();
    for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    expect(await page.locator("figure .told").textContent()).toMatch(
      /^0x[0-9a-f]+: [\d,]+ bytes, (?:in use|free)/,
    );
    expect(wrong).toEqual([]);
    await page.context().close();
  });
});

it("a page that is watched follows the config", { timeout: 120_000 }, async () => {
  const config = join(folder, "watched.json");
  const written = { target: "cortex-m4", heap: { size: "8KiB" }, policy: { kind: "segregated-fit" } };
  const verify = { operations: 500, workloads: ["uniform"], traces: [] };
  const write = (name: string): void => writeFileSync(config, JSON.stringify({ name, ...written, verify }));
  write("first_heap");
  const ended = new AbortController();
  const said: string[] = [];
  const watching = runProgram(["watch", config, "--out", join(folder, "watched"), "--quiet"], {
    ...processContext(),
    folder,
    ended: ended.signal,
    out: () => undefined,
    err: (text) => void said.push(text),
    showsProgress: false,
  });
  const context = await browser.newContext();
  try {
    await expect.poll(() => said.join(""), { timeout: 20_000 }).toMatch(/http:\S+/);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => wrong.push(message.text()));
    await page.goto(/http:\S+/.exec(said.join(""))?.[0] ?? "");
    await page.getByRole("heading", { name: "first_heap for cortex-m4" }).waitFor({ timeout: 40_000 });
    write("second_heap");
    await page.getByRole("heading", { name: "second_heap for cortex-m4" }).waitFor({ timeout: 40_000 });
    await expect.poll(() => page.locator("figure[data-drawn=yes]").count()).toBe(3);
    expect(wrong).toEqual([]);
  } finally {
    await context.close();
    ended.abort();
  }
  expect(await watching).toBe(0);
});
