import { expect, it, vi } from "vitest";
import { certificatePage } from "./certificate-page.js";
import { comparisonPage } from "./peers-page.js";
import { exampleCertificate, exampleComparison, exampleSizes, exampleTune } from "./reports.fixture.js";
import { sizePage } from "./size-page.js";
import { tunePage } from "./tune-page.js";

// The script is built, and tried in a browser.
vi.mock("./assets.js", () => ({ pageAssets: () => ({ script: "run();", style: "body {}" }) }));

/** The labels of a figure's bars, in their order. */
function labelsOf(page: string, caption: string): readonly string[] {
  const table = page.split("<table").find((each) => each.includes(`<caption>${caption} `)) ?? "";
  return Array.from(table.matchAll(/<th scope="row">([^<]*)</g), ([, label = ""]) => label);
}

it("compares with the least first, and what is not known last", () => {
  const page = comparisonPage.print(exampleComparison);
  expect(labelsOf(page, "Flash")).toEqual(["broken -O2", "tiny -O2", "app_heap -O2", "newlib -O2"]);
  expect(labelsOf(page, "Control data").at(-1)).toBe("newlib -O2");
  expect(labelsOf(page, "malloc, mean")).toEqual(["tiny -O2", "app_heap -O2", "newlib -O2", "broken -O2"]);
  expect(page).toContain("broken -O2: operation 3: the heap is on &lt;fire&gt;");
  expect(page).toContain('<p class="verdict bad">BROKEN PROMISES</p>');
});

it("has a front's configs, that which was, and peers as points", () => {
  const page = tunePage.print(exampleTune);
  const [, json = ""] = /id="views">(.*)<\/script>/.exec(page) ?? [];
  const [view] = JSON.parse(json) as readonly { readonly points: readonly object[] }[];
  expect(view?.points).toMatchObject([
    { label: "1", group: "front", at: { ram: 22_100, mean: 120, malloc: null } },
    { label: "2", group: "front" },
    { label: "3", group: "front" },
    { label: "", name: "segregated-fit", group: "own" },
    { label: "", name: "newlib-nano", group: "peer", at: { ram: 24_900 } },
  ]);
  expect(page).toContain("alloc-gen tune --write 2 writes it as alloc-gen.json");
});

it("says what the text says, whatever is shown beside", () => {
  expect(sizePage.print(exampleSizes)).toContain("OK: 22,000 bytes serve all traces.");
  expect(sizePage.print({ ...exampleSizes, ok: false, leastHeapBytes: null })).toContain("NOT SERVED");
  const certificate = certificatePage.print(exampleCertificate);
  expect(certificate).toContain('<p class="verdict bad">NOT CERTIFIED</p>');
  expect(labelsOf(certificate, "With other configs")).toEqual(["policy.kind = pool"]);
  expect(certificate).toContain("NOT CERTIFIED: heap.size 60000 would be.");
});
