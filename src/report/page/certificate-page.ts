/** The report of `alloc-gen certify` as a page. */
import { certificateText } from "../certificate-text.js";
import type { CertificateReport } from "../certificate-report.js";
import type { Format } from "../format.js";
import { formatCount } from "../table.js";
import { printPage } from "./document.js";
import { bars, details, facts, joined, nothing, paragraph, preformatted } from "./markup.js";

export const certificatePage: Format<CertificateReport> = { print };

function print(report: CertificateReport): string {
  const { name, target, ok, demand, enough, adversary, proposals } = report;
  const sizes = bars("Heap for every program within the limits", "bytes", [
    { label: "live, in blocks", value: report.liveBlockBytes, note: "headers and padding included, at most" },
    { label: "any allocator needs", value: report.neededByAny, note: "Robson 1971, 1974" },
    {
      label: "heap.size refuted",
      value: adversary?.heapBytes ?? null,
      tone: "bad",
      note:
        adversary === null ? "no program was found" : `by ${formatCount(adversary.operations)} operations`,
    },
    {
      label: "heap.size enough",
      value: enough.heapBytes,
      tone: "own",
      note: enough.heapBytes === null ? enough.why : "by the theorem below",
    },
    { label: "the config's", value: report.heapBytes, note: report.isEnough ? "enough" : "not certified" },
    { label: "o1heap's formula", value: report.o1heapBytes, note: "for the same program" },
  ]);
  const proposed =
    proposals.length === 0
      ? nothing
      : bars(
          "With other configs",
          "bytes that are enough",
          proposals.map(({ change, heapBytes }) => ({ label: change, value: heapBytes })),
        );
  return printPage({
    title: `${name} for ${target}: how large for every program`,
    verdict: {
      ok,
      text: ok
        ? "OK: the config's heap serves every sequence of requests within these limits."
        : "NOT CERTIFIED",
    },
    introduction: facts([
      ["policy", report.policy],
      ["live", `at most ${formatCount(demand.liveBytes)} bytes`],
      ["requests", `${formatCount(demand.smallest)} to ${formatCount(demand.largest)} bytes`],
      ["functions", report.functions.join(", ")],
    ]),
    sections: [
      { id: "sizes", title: "Sizes", content: joined([sizes, proposed]) },
      ...(enough.heapBytes === null
        ? []
        : [{ id: "theorem", title: "Theorem", content: paragraph(`${enough.says}.`) }]),
      {
        id: "text",
        title: "Text",
        content: details("As it is printed", preformatted(certificateText.print(report)), true),
      },
    ],
    views: [],
  });
}
