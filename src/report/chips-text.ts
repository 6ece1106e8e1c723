/** `alloc-gen chips` for people: one chip in full, several as a table, all as a summary. */
import type { RegionKind } from "../chips/memory.js";
import type { ChipReport, ChipsReport, CoreReport, RegionReport } from "./chips-report.js";
import type { Format } from "./format.js";
import { autoTable, formatCount, reportWidth, wrap, wrapLines } from "./table.js";

export const chipsText: Format<ChipsReport> = {
  print: (report, width = reportWidth) => `${linesOf(report, Math.min(width, reportWidth)).join("\n")}\n`,
};

function linesOf(report: ChipsReport, width: number): readonly string[] {
  if ("cores" in report) return summary(report, width);
  const [first, ...others] = report.chips;
  return first !== undefined && others.length === 0
    ? oneChip(first, width)
    : severalChips(report.chips, width);
}

const targetWords = ({ target, nearest }: CoreReport): string =>
  target ?? `no target yet; nearest: ${nearest?.target ?? "none"}`;

function summary(
  { cores, count }: Extract<ChipsReport, { readonly cores: unknown }>,
  width: number,
): readonly string[] {
  const blocks = cores.map((core) => {
    // A name and its number stay on one line.
    const families = Object.entries(core.families).map(([name, chips]) => `${name}_${chips}`);
    return [
      ...wrapLines(
        [
          `${core.core}: ${formatCount(core.chips)} ${core.chips === 1 ? "chip" : "chips"}, ${targetWords(core)}`,
        ],
        width,
      ),
      ...wrap(families.join(", "), width - 2).map((line) => `  ${line.replaceAll("_", " ")}`),
      "",
    ];
  });
  return [...blocks.flat(), `${formatCount(count)} chips; "alloc-gen chips STM32F4" lists those of a name`];
}

/** A line each; RAM that does not fit beside the name goes on below. */
function severalChips(chips: readonly ChipReport[], most: number): readonly string[] {
  const head = autoTable(
    ["left", "left", "left"],
    [["chip", "core", "target"], ...chips.map((chip) => [chip.name, chip.core, targetWords(chip)])],
  );
  const width = Math.max(...head.map((line) => line.length)) + 2;
  const ram = ["RAM", ...chips.map(({ regions }) => regions.filter(isMemory).map(inShort).join(", "))];
  const space = Math.max(most - width, 30);
  return head.flatMap((line, index) =>
    wrap(ram[index] ?? "", space).map((part, row) => (row === 0 ? line : "").padEnd(width) + part),
  );
}

const isMemory = ({ kind }: RegionReport): boolean => kind !== "alias";
const inShort = ({ name, bytes }: RegionReport): string => `${name} ${inKiB(bytes)}`;
const inKiB = (bytes: number): string =>
  bytes % 1024 === 0 ? `${formatCount(bytes / 1024)} KiB` : `${formatCount(bytes)} B`;

const kindWords: Readonly<Record<RegionKind, string>> = {
  ram: "",
  coupled: "Tightly coupled to the core.",
  instructions: "For code.",
  special: "Of a peripheral, another processor, or kept in sleep.",
  alias: "Other addresses of another region's bytes.",
};

function oneChip(chip: ChipReport, most: number): readonly string[] {
  const { name, core, otherCores = [], nearest, regions, notes = [] } = chip;
  const rows = regions.map((region) => [
    region.name,
    `0x${region.start.toString(16).padStart(8, "0")}`,
    inKiB(region.bytes),
  ]);
  const head = autoTable(["left", "left", "right"], rows);
  const width = Math.max(...head.map((line) => line.length)) + 2;
  const why = nearest === undefined ? [] : wrap(`(${nearest.why})`, most);
  return [
    ...wrapLines([`${name}: ${[core, ...otherCores].join(" and ")}; target: ${targetWords(chip)}`], most),
    ...why,
    ...head.flatMap((line, index) => {
      const region = regions[index];
      const words = region === undefined ? "" : factWords(region);
      return wrap(words, Math.max(most - width, 40)).map((part, row) =>
        ((row === 0 ? line : "").padEnd(width) + part).trimEnd(),
      );
    }),
    ...notes.flatMap(({ note, source }) => wrap(`${note} (${source})`, most)),
  ];
}

function factWords({ kind, facts }: RegionReport): string {
  const known = facts === undefined ? "" : `${facts.reach} (${facts.source})`;
  const unknown = kind === "ram" || kind === "coupled" ? "Whether DMA reaches it is not known here." : "";
  return [kindWords[kind], known === "" ? unknown : known].filter((words) => words !== "").join(" ");
}
