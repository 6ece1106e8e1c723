/** The report of `alloc-gen tune` as a page: the configs that no other beats, as points to choose from. */
import type { Format } from "../format.js";
import { formatCount, formatFigure, formatMean } from "../table.js";
import type { TuneReport, TuneRow } from "../tune-report.js";
import { tuneText } from "../tune-text.js";
import type { ScatterPoint, ScatterView } from "./data.js";
import { printPage } from "./document.js";
import { details, facts, figure, joined, preformatted, tableMarkup } from "./markup.js";

export const tunePage: Format<TuneReport> = { print };

const axes = [
  { key: "ram", name: "RAM in bytes" },
  { key: "mean", name: "mean cycles" },
  { key: "malloc", name: "malloc, cycles at most" },
  { key: "free", name: "free, cycles at most" },
  { key: "flash", name: "flash in bytes" },
] as const;

function print(report: TuneReport): string {
  const { name, target, ok, front, traces } = report;
  return printPage({
    title: `${name} for ${target}: configs that no other beats`,
    verdict: {
      ok,
      text: ok
        ? "OK: on each row's heap the core does every operation of the traces as the reference does."
        : front.length === 0
          ? "NOTHING FOUND: no config keeps the budgets within the target's RAM."
          : "DIFFERENT on the core and in the reference",
    },
    introduction: facts([
      ["traces", traces.map((trace) => `${trace.name} (${formatCount(trace.operations)})`).join(", ")],
      ["toolchain", report.toolchain],
      ["engine", report.engine],
      ["sizes", `${report.copies} perturbed copies, confidence ${report.confidence}`],
      ["tried", `${formatCount(report.counts.candidates)} configs, ${report.counts.built} of them built`],
    ]),
    sections: [
      { id: "front", title: "Front", content: figure(0, "Configs by two of their figures") },
      { id: "configs", title: "Configs", content: configs(report) },
      {
        id: "text",
        title: "Text",
        content: details("As it is printed", preformatted(tuneText.print(report)), true),
      },
    ],
    views: [scatter(report)],
  });
}

const figuresOf = (row: TuneRow) => ({
  ram: row.ramBytes,
  mean: row.meanCycles,
  malloc: row.boundCycles.malloc,
  free: row.boundCycles.free,
  flash: row.flashBytes,
});

function pointOf(row: TuneRow, group: "front" | "own"): ScatterPoint {
  return {
    label: group === "front" ? String(row.row) : "",
    name: row.family,
    group,
    at: figuresOf(row),
    about: [
      row.differs,
      `heap.size ${formatCount(row.heapBytes)}, ${formatMean(row.marginPercent)} % above the least of the traces`,
      ...axes.map(({ key, name }) => {
        const value = figuresOf(row)[key];
        return `${name}: ${value === null ? "none" : formatFigure(value)}`;
      }),
      ...Object.entries(row.settings).map(([key, value]) => `${key} = ${value}`),
      ...(group === "front" ? [`alloc-gen tune --write ${row.row} writes it as alloc-gen.json`] : []),
    ],
  };
}

const scatter = ({ front, own, peers }: TuneReport): ScatterView => ({
  kind: "scatter",
  axes,
  points: [
    ...front.map((row) => pointOf(row, "front")),
    ...(own === null ? [] : [pointOf(own, "own")]),
    ...peers.map((peer): ScatterPoint => ({
      label: "",
      name: peer.name,
      group: "peer",
      at: {
        ram: peer.leastRamBytes,
        mean: peer.meanCycles,
        malloc: peer.worstCycles.malloc,
        free: peer.worstCycles.free,
        flash: peer.flashBytes,
      },
      about: [
        "Measured on the traces as they are: least RAM without a margin, the most cycles that were seen.",
      ],
    })),
  ],
});

function configs({ front, own }: TuneReport) {
  const rows = [...front, ...(own === null ? [] : [own])].map((row) => [
    row.row === 0 ? "as it was" : String(row.row),
    row.family,
    row.differs,
    formatCount(row.ramBytes),
    formatCount(row.heapBytes),
    formatMean(row.meanCycles),
    row.boundCycles.malloc === null ? "none" : formatCount(row.boundCycles.malloc),
    row.boundCycles.free === null ? "none" : formatCount(row.boundCycles.free),
    formatCount(row.flashBytes),
  ]);
  const head = ["row", "family", "differs", "RAM", "heap.size", "mean", "malloc", "free", "flash"];
  const aligns = ["right", "left", "left", ...Array.from({ length: 6 }, () => "right" as const)] as const;
  return joined([tableMarkup(aligns, head, rows, "Rows: RAM in bytes with confidence, cycles proven")]);
}
