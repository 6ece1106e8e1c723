/** The report of `alloc-gen mutate` for people. */
import type { Format } from "./format.js";
import { joinSections } from "./formats/text-parts.js";
import type { MutantCounts, MutantReport, MutationReport } from "./mutation-report.js";
import { fitTable } from "./fit-table.js";
import { formatCount, reportWidth, wrapLines } from "./table.js";

export const mutationText: Format<MutationReport> = { print };

function print(report: MutationReport, width = reportWidth): string {
  const { name, target, policy, seed, all, killed, survived, equivalent, sameCode, notCompiled } = report;
  return joinSections([
    wrapLines(
      [
        `${name} for ${target}: mutants of the C`,
        `policy     ${policy}`,
        `mutants    ${formatCount(killed + survived)} verified, drawn from ${formatCount(all)} with seed ${seed}`,
        `beside     ${formatCount(sameCode)} with the same object code, ${formatCount(notCompiled)} that do not compile, ${formatCount(equivalent)} known to be equivalent`,
      ],
      width,
    ),
    countTable("Operator", report.operators, width),
    countTable("Function", report.functions, width),
    fitTable(
      { aligns: ["left", "right"] },
      [["Killed by", "mutants"], ...report.stages.map((stage) => [stage.name, formatCount(stage.killed)])],
      width,
    ),
    ...report.survivors.map(survivorText),
    [verdict(report)],
  ]);
}

function countTable(
  what: string,
  rows: readonly (MutantCounts & { readonly name: string })[],
  width: number,
): readonly string[] {
  return fitTable(
    { aligns: ["left", "right", "right", "right", "right", "right"], breaks: [0] },
    [
      [what, "killed", "survived", "share", "same code", "not compiled"],
      ...rows.map(({ name, killed, survived, sameCode, notCompiled }) => [
        name,
        formatCount(killed),
        formatCount(survived),
        killed + survived === 0 ? "-" : percent((100 * killed) / (killed + survived)),
        formatCount(sameCode),
        formatCount(notCompiled),
      ]),
    ],
    width,
  );
}

/** Never rounded up to all. */
const percent = (share: number): string => `${(Math.floor(share * 10) / 10).toFixed(1)} %`;

function survivorText({ operator, function: name, line, cycles = 0, diff }: MutantReport): readonly string[] {
  const took =
    cycles === 0
      ? "as many cycles as the original"
      : `${cycles > 0 ? "+" : "-"}${formatCount(Math.abs(cycles))} cycles`;
  return [
    `SURVIVED: ${operator} in ${name}, line ${line}; other object code, ${took}`,
    ...diff.trimEnd().split("\n"),
  ];
}

function verdict({
  ok,
  interrupted,
  killed,
  survived,
  killedPercent,
  minimumPercent,
}: MutationReport): string {
  const share =
    killedPercent === null
      ? "no mutant was verified"
      : `${formatCount(killed)} of ${formatCount(killed + survived)} mutants killed (${percent(killedPercent)})`;
  if (interrupted) return `INTERRUPTED: ${share}.`;
  return ok ? `OK: ${share}.` : `TOO FEW: ${share}, minimum ${minimumPercent} %.`;
}
