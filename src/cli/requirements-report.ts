/** What `alloc-gen doctor` prints. */
import picocolors from "picocolors";
import type { Format, Formats } from "../report/format.js";
import { plainJson } from "../report/formats/json.js";
import { fitTable } from "../report/fit-table.js";
import { reportWidth } from "../report/table.js";
import type { Requirement } from "./requirements.js";

export interface RequirementsReport {
  readonly version: 1;
  /** Whether all that is needed is there. */
  readonly ok: boolean;
  readonly requirements: readonly {
    readonly name: string;
    readonly neededFor: Requirement["neededFor"];
    readonly ok: boolean;
    readonly version: string | null;
    readonly packages: Requirement["packages"];
    /** Words of the command line that need it too. */
    readonly option?: string;
  }[];
  readonly remedies: Remedies;
}

/** How to get what is missing, one command a way of installing; empty when nothing is missing. */
export interface Remedies {
  readonly npm?: string;
  readonly apt?: string;
  readonly brew?: string;
}

const text: Format<RequirementsReport> = {
  print: (report, width) => describe(report, false, width),
  printColored: (report, width) => describe(report, true, width),
};

export const requirementsFormats: Formats<RequirementsReport> = {
  text: () => Promise.resolve(text),
  json: () => Promise.resolve(plainJson),
};

function needText(neededFor: Requirement["neededFor"], option?: string): string {
  switch (neededFor) {
    case "use":
      return "";
    case "witness":
      return `${option === undefined ? "" : `${option} needs it; `}without it no second engine witnesses a run`;
    case "development":
      return `only ${option === undefined ? "" : `${option}, and `}alloc-gen's own tests need it`;
  }
}

function describe(
  { requirements, remedies }: RequirementsReport,
  colored: boolean,
  width = reportWidth,
): string {
  const colors = picocolors.createColors(colored);
  const rows = requirements.map(({ name, version, neededFor, option }) => [
    version === null ? "missing" : "ok",
    name,
    version ?? "",
    needText(neededFor, option),
  ]);
  const shape = { aligns: ["left", "left", "left", "left"] } as const;
  const lines = fitTable(shape, rows, width, (line, row) =>
    requirements[row]?.version === null ? colors.red(line) : line,
  );
  const advice = [
    ...(remedies.npm === undefined ? [] : [`npm packages:   ${remedies.npm}`]),
    ...(remedies.apt === undefined ? [] : [`Debian, Ubuntu: ${remedies.apt}`]),
    ...(remedies.brew === undefined ? [] : [`macOS:          ${remedies.brew}`]),
  ];
  return `${[...lines, ...(advice.length > 0 ? ["", "To install what is missing:", ...advice] : [])].join("\n")}\n`;
}
