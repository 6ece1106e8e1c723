/** The report of `alloc-gen tune` for people. */
import type { Format } from "./format.js";
import { fitTable } from "./fit-table.js";
import { formatCount, formatFigure, formatMean, reportWidth, wrapLines } from "./table.js";
import type { TuneReport, TuneRow } from "./tune-report.js";

export const tuneText: Format<TuneReport> = { print };

function print(report: TuneReport, width = reportWidth): string {
  const parts = [
    headLines(report, width),
    table(report, width),
    ...[differences(report), savings(report), verdict(report)].map((lines) =>
      wrapLines(lines, Math.min(width, reportWidth)),
    ),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headLines(report: TuneReport, width: number): readonly string[] {
  const { counts, traces } = report;
  return [
    `${report.name} for ${report.target}: configs that no other beats`,
    ...fitTable(
      { aligns: ["left", "left"] },
      [
        ["traces", traces.map(({ name, operations }) => `${name} (${formatCount(operations)})`).join(", ")],
        ["toolchain", report.toolchain],
        ["engine", report.engine],
        [
          "tried",
          `${counts.candidates} configs by the reference, ${counts.raced} of them on perturbed traces, ${counts.built} builds`,
        ],
        [
          "sizes",
          `${report.copies} perturbed copies from seed ${report.seed}, confidence ${report.confidence}`,
        ],
        ...(report.budgets.length === 0
          ? []
          : [["budgets", report.budgets.map(({ name, most }) => `${name} ${formatCount(most)}`).join(", ")]]),
      ],
      width,
    ),
  ];
}

const cyclesText = (cycles: number | null): string => (cycles === null ? "none" : formatCount(cycles));

function cells(name: string, row: TuneRow): readonly string[] {
  const { malloc, free } = row.boundCycles;
  return [
    name,
    row.family,
    formatCount(row.ramBytes),
    `${formatMean(row.marginPercent)} %`,
    formatCount(row.leastHeapBytes),
    cyclesText(malloc),
    cyclesText(free),
    formatMean(row.meanCycles),
    formatCount(row.flashBytes),
  ];
}

function table({ front, own, peers }: TuneReport, width: number): readonly string[] {
  return fitTable(
    {
      aligns: ["right", "left", "right", "right", "right", "right", "right", "right", "right"],
      keys: [0, 1],
    },
    [
      ["", "", "RAM", "margin", "least", "malloc", "free", "mean", "flash"],
      ...front.map((row) => cells(String(row.row), row)),
      ...(own === null ? [] : [cells("", own)]),
      ...peers.map((peer) => [
        "",
        `${peer.name} (measured)`,
        "",
        "",
        peer.leastRamBytes === null ? "-" : formatCount(peer.leastRamBytes),
        formatCount(peer.worstCycles.malloc),
        formatCount(peer.worstCycles.free),
        formatMean(peer.meanCycles),
        formatCount(peer.flashBytes),
      ]),
    ],
    width,
  );
}

function differences({ front }: TuneReport): readonly string[] {
  return front.map(({ row, differs }, index) => {
    const isFamilysFirst = front[index - 1]?.family !== front[index]?.family;
    return `${String(row).padStart(2)}: ${isFamilysFirst ? "" : `other than ${row - 1}: `}${differs}`;
  });
}

function savings({ front, own, peers }: TuneReport): readonly string[] {
  const [best] = front;
  if (best === undefined) return [];
  const change = (before: number, after: number): string => {
    const percent = (100 * after) / before - 100;
    return `${percent > 0 ? "+" : ""}${formatMean(percent)} %`;
  };
  return [
    ...(own === null
      ? []
      : [
          `Row 1 against the config as it was: RAM ${change(own.ramBytes, best.ramBytes)}, mean cycles ${change(own.meanCycles, best.meanCycles)}.`,
        ]),
    ...peers.flatMap(({ name, leastRamBytes, meanCycles }) =>
      leastRamBytes === null
        ? []
        : [
            `Row 1 against ${name}, on the traces as they are: least RAM ${change(leastRamBytes, best.leastHeapBytes)}, mean cycles ${change(meanCycles, best.meanCycles)}.`,
          ],
    ),
  ];
}

function verdict(report: TuneReport): readonly string[] {
  const { front, ok } = report;
  if (front.length === 0) return ["NOTHING FOUND: no config keeps the budgets within the target's RAM."];
  const differing = front.flatMap(({ row, difference }) =>
    difference === undefined ? [] : [`row ${row}: ${difference}`],
  );
  if (!ok) return ["DIFFERENT on the core and in the reference:", ...differing];
  const served = front.map(({ perturbed }) => Math.min(...perturbed.map((each) => each.served)));
  const checked = front[0]?.perturbed[0]?.checked ?? 0;
  return [
    "RAM: of heap and control data, with confidence; margin over the least heap of the traces. malloc, free: cycles, proven.",
    `Of ${checked} other copies each size serves ${formatFigure(Math.min(...served))} at least.`,
    "OK: on each row's heap the core does every operation of the traces as the reference does.",
  ];
}
