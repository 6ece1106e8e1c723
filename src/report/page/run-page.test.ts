import { describe, expect, it, vi } from "vitest";
import { examplePictures } from "../../pictures/pictures.fixture.js";
import { exampleReport, exampleResult, failingReport, workload } from "../run.fixture.js";
import { runPage } from "./run-page.js";

// The examples have no plan to draw.
vi.mock("../../plan/draw.js", () => ({ drawMemoryMap: () => "[the memory map]" }));
// The script is built, and tried in a browser.
vi.mock("./assets.js", () => ({ pageAssets: () => ({ script: "run();", style: "body {}" }) }));

const pictures = examplePictures;

const titles = (page: string): readonly string[] =>
  Array.from(page.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g), ([, title = ""]) => title);
const viewsOf = (page: string): unknown =>
  JSON.parse(/<script type="application\/json" id="views">(.*)<\/script>/.exec(page)?.[1] ?? "");

describe("the page of a run", () => {
  it("has a section for all that the run has, and its views as data", () => {
    const page = runPage.print({ ...exampleReport(), pictures: [pictures] });
    expect(titles(page)).toEqual([
      "Heap in time",
      "Cycles",
      "Worst calls",
      "Workloads",
      "Size",
      "Memory map",
      "Text",
    ]);
    expect(viewsOf(page)).toMatchObject([
      { kind: "time", heapBytes: 32768, workloads: [{ name: "uniform", operations: 3 }] },
      {
        kind: "histogram",
        name: "malloc",
        bins: [
          [40, 1],
          [45, 1],
        ],
        bound: null,
      },
      { kind: "histogram", name: "free", bins: [[30, 1]] },
    ]);
    expect(page).toContain("malloc: 45 cycles, malloc(8) of uniform, operation 1");
    expect(page).toContain("<code>return a &lt; b &amp;&amp; c;</code>");
    expect(page).toContain("OK: the C matches the reference.");
  });

  it("names nothing that a browser would load, and forbids it", () => {
    const page = runPage.print({ ...exampleReport(), pictures: [pictures] });
    expect(page).not.toMatch(/(?:src|href)="(?!#)|url\(|@import|https?:/);
    expect(page).toContain("default-src 'none'");
  });

  it("shows what differs, budgets and the baseline, and no pictures of C that is wrong", () => {
    const page = runPage.print(failingReport());
    expect(titles(page).slice(0, 2)).toEqual(["Differences", "Cycles"]);
    expect(titles(page)).toEqual(expect.arrayContaining(["Budgets", "Baseline"]));
    expect(viewsOf(page)).toEqual([]);
    expect(page).toContain("FAILED: the C and the reference differ.");
    expect(page).toContain("malloc(24): the reference says offset 128, the C returned offset 136");
    // A workload may be called what it likes.
    expect(page).toContain("odd &lt;&amp;&quot;|`:,%");
    expect(page).not.toContain("odd <&");
  });

  it("ends no element by a name", () => {
    const name = "</script><b>";
    const named = { ...pictures, workloads: pictures.workloads.map((each) => ({ ...each, name })) };
    const page = runPage.print({
      ...exampleReport(exampleResult([workload(name)])),
      pictures: [named],
    });
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toContain("<b>");
    expect(viewsOf(page)).toMatchObject([{ workloads: [{ name }] }, {}, {}]);
  });
});
