/** The report of `alloc-gen certify` for people. */
import type { CertificateReport } from "./certificate-report.js";
import type { Format } from "./format.js";
import { fitTable } from "./fit-table.js";
import { formatCount, reportWidth, wrapLines } from "./table.js";

export const certificateText: Format<CertificateReport> = { print };

function print(report: CertificateReport, width = reportWidth): string {
  const { demand, enough, adversary } = report;
  const blocks = demand.blocks === null ? "" : ` in at most ${formatCount(demand.blocks)} blocks`;
  const head = fitTable(
    { aligns: ["left", "left"] },
    [
      ["policy", report.policy],
      [
        "program",
        `at most ${formatCount(demand.liveBytes)} bytes live${blocks}, requests of ${formatCount(demand.smallest)} to ${formatCount(demand.largest)} bytes`,
      ],
      ["functions", report.functions.join(", ")],
    ],
    width,
  );
  const figures = fitTable(
    { aligns: ["left", "right", "left"] },
    [
      ["Bytes", "", ""],
      ["live, in blocks", formatCount(report.liveBlockBytes), "headers and padding included, at most"],
      [
        "any allocator needs",
        formatCount(report.neededByAny),
        "of blocks of these sizes (Robson 1971, 1974)",
      ],
      ["heap.size refuted", adversary === null ? "-" : formatCount(adversary.heapBytes), refuted(report)],
      [
        "heap.size enough",
        enough.heapBytes === null ? "-" : formatCount(enough.heapBytes),
        enough.heapBytes === null
          ? `none is known: ${enough.why}`
          : `${formatCount(enough.blockBytes)} of them blocks`,
      ],
      [
        "heap.size of the config",
        formatCount(report.heapBytes),
        report.isEnough ? "enough" : "not certified",
      ],
      ["o1heap's formula", formatCount(report.o1heapBytes), "for the same program, by its README"],
    ],
    width,
  );
  const theorem = enough.heapBytes === null ? [] : [wrapLines([`Theorem: ${enough.says}.`], width)];
  const proposals = fitTable(
    { aligns: ["left", "right"] },
    [
      ["With", "enough"],
      ...report.proposals.map(({ change, heapBytes }) => [change, formatCount(heapBytes)]),
    ],
    width,
  );
  return `${[
    [...wrapLines([`${report.name} for ${report.target}: how large for every program`], width), ...head],
    figures,
    ...theorem,
    ...(report.proposals.length === 0 ? [] : [proposals]),
    wrapLines([verdict(report)], width),
  ]
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function refuted({ adversary, engine, target }: CertificateReport): string {
  if (adversary === null) return "no program was found that is not served";
  const { operations, onCore, difference } = adversary;
  const by = `by a program of ${formatCount(operations)} operations`;
  if (onCore === null) return `${by}, in the reference (too large for ${target})`;
  return onCore ? `${by}, run on ${engine}` : `${by}; DIFFERENT on the core: ${difference ?? ""}`;
}

function verdict({ ok, isEnough, enough }: CertificateReport): string {
  if (ok) return "OK: the config's heap serves every sequence of requests within these limits.";
  if (isEnough) return "DIFFERENT on the core and in the reference.";
  return enough.heapBytes === null
    ? "NOT CERTIFIED: no heap is known to serve every program."
    : `NOT CERTIFIED: heap.size ${enough.heapBytes} would be.`;
}
