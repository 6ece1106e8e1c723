/** The report of the main job as a page. */
import { namesOf } from "../../traces/operation.js";
import type { HeapPictures, WorstCall } from "../../pictures/pictures.js";
import type { Format } from "../format.js";
import { text } from "../formats/text.js";
import { formatCount, formatFigure } from "../table.js";
import { differs, type HeapReport, type Report } from "../report.js";
import type { View } from "./data.js";
import { printPage } from "./document.js";
import {
  bars,
  details,
  escaped,
  facts,
  figure,
  joined,
  nothing,
  paragraph,
  preformatted,
  tableMarkup,
  type Markup,
  type PageSection,
} from "./markup.js";
import { histogramViews, timeView } from "./run-views.js";

export const runPage: Format<Report> = { print, drawsRuns: true };

function print(report: Report): string {
  const { heaps, pictures = [] } = report;
  const views: View[] = [];
  const sections = heaps.flatMap((heap, index) => {
    const own = pictures.find(({ name }) => name === heap.name);
    const prefix = heaps.length === 1 ? "" : `${index}-`;
    return heapSections(heap, own, views).map(({ id, title, content }) => ({
      id: prefix + id,
      title: heaps.length === 1 ? title : `${heap.name}: ${title.toLowerCase()}`,
      content,
    }));
  });
  const whole = details("As it is printed", preformatted(text.print(report)));
  return printPage({
    title: heaps.map(({ name, target }) => `${name} for ${target}`).join(", "),
    verdict: verdictOf(report),
    introduction: joined(heaps.map(introduction)),
    sections: [...sections, { id: "text", title: "Text", content: whole }],
    views,
  });
}

function verdictOf(report: Report): { readonly ok: boolean; readonly text: string } {
  if (report.ok) return { ok: true, text: "OK: the C matches the reference." };
  if (differs(report)) return { ok: false, text: "FAILED: the C and the reference differ." };
  return { ok: false, text: "FAILED: see budgets, baseline and bounds." };
}

function introduction(heap: HeapReport): Markup {
  const { plan } = heap;
  return facts([
    ["core", heap.targetDescription],
    ["policy", `${heap.policy}, blocks from ${plan.minimumBlockBytes} B`],
    ["heap", `${formatCount(plan.heapBytes)} B, control ${formatCount(plan.controlBytes)} B`],
    ["header", `${plan.headerBytes} B, alignment ${plan.alignmentBytes}`],
    ["flash", `${formatCount(heap.size.flashBytes)} B`],
    ["toolchain", heap.toolchain],
    ["engine", heap.engine],
    ["cycles", `modelled: ${heap.cycleModel}`],
    ["config", heap.config.file],
  ]);
}

/** Views are added to `views` as sections name them. */
function heapSections(
  heap: HeapReport,
  pictures: HeapPictures | undefined,
  views: View[],
): readonly PageSection[] {
  const all: readonly PageSection[] = [
    { id: "differences", title: "Differences", content: differences(heap) },
    { id: "time", title: "Heap in time", content: timeSection(heap, pictures, views) },
    { id: "cycles", title: "Cycles", content: cycleSection(heap, pictures, views) },
    {
      id: "worst",
      title: "Worst calls",
      content: joined((pictures?.worst ?? []).map((call) => worstCall(call, boundFor(heap, call.function)))),
    },
    { id: "workloads", title: "Workloads", content: workloadTable(heap) },
    { id: "size", title: "Size", content: sizeSection(heap) },
    { id: "budgets", title: "Budgets", content: budgetSection(heap) },
    { id: "baseline", title: "Baseline", content: baselineSection(heap) },
    { id: "layout", title: "Memory map", content: preformatted(heap.memoryMap) },
  ];
  return all.filter(({ content }) => content.html !== "");
}

function differences({ workloads, interface: called }: HeapReport): Markup {
  const parts = workloads.flatMap(({ name, mismatch }) =>
    mismatch === undefined
      ? []
      : [
          paragraph(`${name}, operation ${mismatch.operation}: ${mismatch.message}`),
          preformatted(mismatch.minimal.join("\n")),
          preformatted(`${mismatch.referenceDrawing}\n\n${mismatch.emulatedDrawing}`),
        ],
  );
  const { mismatch } = called;
  const call =
    mismatch === undefined
      ? []
      : [paragraph(`${mismatch.call}: expected ${mismatch.expected}, found ${mismatch.found}`)];
  return joined([...parts, ...call]);
}

function timeSection({ name }: HeapReport, pictures: HeapPictures | undefined, views: View[]): Markup {
  if (pictures === undefined) return nothing;
  const index = views.push(timeView(pictures)) - 1;
  return figure(index, `Blocks of ${name} by address and operation, and what the memory is used for`);
}

function cycleSection({ proofs }: HeapReport, pictures: HeapPictures | undefined, views: View[]): Markup {
  const drawn = histogramViews(pictures, (name) => boundFor({ proofs }, name)).map((view) =>
    figure(views.push(view) - 1, `${view.name}: calls by modelled cycles`),
  );
  const rows = proofs.map(({ function: name, cycles, stackBytes }) => [
    name,
    "bound" in cycles ? formatCount(cycles.bound) : `none: ${cycles.unproven}`,
    cycles.observed === undefined ? "-" : formatCount(cycles.observed),
    "bound" in stackBytes ? formatCount(stackBytes.bound) : "none",
    stackBytes.observed === undefined ? "-" : formatCount(stackBytes.observed),
    "bound" in cycles ? (cycles.formula ?? "") : "",
  ]);
  return joined([
    { html: `<div class="grid">${joined(drawn).html}</div>` },
    tableMarkup(
      ["left", "right", "right", "right", "right", "left"],
      ["", "cycles at most", "seen", "stack at most", "seen", ""],
      rows,
      "Bounds on any call, proven on the binary",
    ),
  ]);
}

/** No call takes more; null where nothing is proven. */
function boundFor({ proofs }: Pick<HeapReport, "proofs">, name: string): number | null {
  const found = proofs.find(({ function: of }) => of === name)?.cycles;
  return found !== undefined && "bound" in found ? found.bound : null;
}

/** Each line of the C with its instructions. A call that takes what the bound allows went the way that is proven to be the longest. */
function worstCall(
  { function: name, workload, operation, call, cycles, file, lines }: WorstCall,
  bound: number | null,
): Markup {
  const most = Math.max(1, ...lines.map((line) => line.cycles));
  const rows = lines.map((line) => [
    line.line === 0 ? "" : String(line.line),
    { html: `<code>${escaped(line.text.trim())}</code>` },
    formatCount(line.cycles),
    {
      html: `<span class="line"><span class="bar" style="width:${((100 * line.cycles) / most).toFixed(1)}%"></span></span>`,
    },
    {
      html: line.instructions
        .map(
          ({ address, text: words, count, cycles: own }) =>
            `<code>${address.toString(16)}  ${escaped(words)}</code><small>${own}${count > 1 ? ` in ${count}` : ""}</small>`,
        )
        .join("<br>"),
    },
  ]);
  const title = `${name}: ${formatCount(cycles)} cycles, ${call} of ${workload}, operation ${formatCount(operation)}${boundText(cycles, bound)}`;
  const table = tableMarkup(
    ["right", "left", "right", "left", "left"],
    ["line", file, "cycles", "", "instructions, each with its cycles"],
    rows,
    "",
    title,
  );
  return details(title, { html: `<div class="listing">${table.html}</div>` }, true);
}

function boundText(cycles: number, bound: number | null): string {
  if (bound === null) return "";
  return bound === cycles ? "; no call takes more" : `; no call takes more than ${formatCount(bound)}`;
}

function workloadTable({ workloads }: HeapReport): Markup {
  const rows = workloads.flatMap((workload) =>
    namesOf(workload).flatMap((name) => {
      const figures = workload[name];
      if (figures === undefined || figures.calls === 0) return [];
      const { instructions, cycles } = figures;
      const numbers = [instructions, cycles].flatMap(({ mean, p50, p99, max }) => [
        mean.toFixed(1),
        p50,
        p99,
        max,
      ]);
      return [
        [
          workload.name,
          name,
          formatCount(figures.calls),
          formatCount(figures.failed),
          ...numbers.map((value) => (typeof value === "string" ? value : formatCount(value))),
        ],
      ];
    }),
  );
  const four = ["mean", "median", "p99", "most"];
  return tableMarkup(
    ["left", "left", ...Array.from({ length: 10 }, () => "right" as const)],
    [
      "workload",
      "function",
      "calls",
      "failed",
      ...four.map((each) => `instr. ${each}`),
      ...four.map((each) => `cycles ${each}`),
    ],
    rows,
    "Figures by workload",
  );
}

function sizeSection({ size }: HeapReport): Markup {
  const sorted = (record: Readonly<Record<string, number | undefined>>) =>
    Object.entries(record)
      .map(([label, value = 0]) => ({ label, value }))
      .toSorted((left, right) => right.value - left.value);
  return {
    html: `<div class="grid">${
      joined([
        bars("Flash by function", `${formatCount(size.flashBytes)} bytes in all`, sorted(size.functions)),
        bars("Stack", "bytes, the deepest of the run", sorted(size.stackBytes)),
      ]).html
    }</div>`,
  };
}

function budgetSection({ budgets }: HeapReport): Markup {
  if (budgets.length === 0) return nothing;
  return joined(
    budgets.map(({ what, limit, actual, ok }) =>
      bars(what, "", [
        {
          label: ok ? "kept" : "exceeded",
          value: Number.isFinite(actual) ? actual : null,
          limit,
          note: `of ${formatFigure(limit)}`,
          tone: ok ? "own" : "bad",
        },
      ]),
    ),
  );
}

function baselineSection({ baseline }: HeapReport): Markup {
  if (baseline === undefined) return nothing;
  const { file, changes, conditions } = baseline;
  const figureText = (value: number | null): string => (value === null ? "-" : formatFigure(value));
  const rows = changes.map(({ what, before, now, percent, regression }) => [
    what,
    figureText(before),
    figureText(now),
    percent === null ? "-" : `${percent > 0 ? "+" : ""}${percent.toFixed(2)} %`,
    regression ? "regression" : "",
  ]);
  return joined([
    ...conditions.map(({ what, before, now }) =>
      paragraph(`Measured with another ${what}: ${before}, now ${now}.`),
    ),
    changes.length === 0
      ? paragraph(`${file}: nothing changed.`)
      : tableMarkup(
          ["left", "right", "right", "right", "left"],
          ["figure", "before", "now", "change", ""],
          rows,
          `Against ${file}`,
        ),
  ]);
}
