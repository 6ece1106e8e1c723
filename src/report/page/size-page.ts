/** The report of `alloc-gen size` as a page. */
import type { Format } from "../format.js";
import type { SizeReport } from "../size-report.js";
import { sizeText } from "../size-text.js";
import { formatCount } from "../table.js";
import { printPage } from "./document.js";
import { bars, details, facts, joined, nothing, preformatted, type Bar, type Markup } from "./markup.js";

export const sizePage: Format<SizeReport> = { print };

function print(report: SizeReport): string {
  const { name, target, ok, leastHeapBytes } = report;
  return printPage({
    title: `${name} for ${target}: the least heap.size that serves`,
    verdict: {
      ok,
      text:
        leastHeapBytes === null
          ? "NOT SERVED: no heap that fits the target's RAM serves every trace."
          : `${ok ? "OK" : "DIFFERENT"}: ${formatCount(leastHeapBytes)} bytes serve all traces.`,
    },
    introduction: facts([
      ["policy", `${report.policy}, alignment ${report.alignmentBytes}`],
      ["toolchain", report.toolchain],
      ["engine", report.engine],
    ]),
    sections: [
      { id: "least", title: "Least heap by trace", content: least(report) },
      ...(report.traces.some(({ perturbed }) => perturbed !== undefined)
        ? [{ id: "perturbed", title: "Perturbed copies", content: perturbedPart(report) }]
        : []),
      {
        id: "text",
        title: "Text",
        content: details("As it is printed", preformatted(sizeText.print(report)), true),
      },
    ],
    views: [],
  });
}

const least = ({ traces }: SizeReport): Markup =>
  joined(
    traces.map(({ name, operations, peakBytes, leastHeapBytes, ratio }) =>
      bars(name, `bytes, ${formatCount(operations)} operations`, [
        { label: "most live payload", value: peakBytes },
        {
          label: "least heap",
          value: leastHeapBytes,
          tone: "own",
          note: ratio === null ? "" : `${ratio.toFixed(3)} of the peak`,
        },
      ]),
    ),
  );

const perturbedPart = ({ traces }: SizeReport): Markup =>
  joined(
    traces.map(({ name, peakBytes, perturbed }) => {
      if (perturbed === undefined) return nothing;
      const { fragmentation, heapBytes, copies, served, confidence } = perturbed;
      const row = (label: string, ratio: number | null): Bar => ({
        label,
        value: ratio,
        note: "least heap over peak",
      });
      return joined([
        bars(`${name}: least heap over peak`, `of ${copies} copies`, [
          row("median", fragmentation.median),
          row(`${(100 * confidence).toFixed(1)} %`, fragmentation.quantile),
          row("worst", fragmentation.worst),
        ]),
        bars(`${name}: size with confidence`, "bytes", [
          { label: "most live payload", value: peakBytes },
          { label: "of the copies", value: perturbed.peakBytes },
          { label: "heap.size", value: heapBytes, tone: "own", note: `serves ${served} of ${copies} others` },
        ]),
      ]);
    }),
  );
