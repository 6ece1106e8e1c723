/** `alloc-gen doctor`: what is here, what is missing, and the commands that get it. */
import picocolors from "picocolors";
import { autoTable } from "../../report/table.js";
import type { RunCommand } from "../commands.js";
import { checkRequirements, type Requirement } from "../requirements.js";

export const doctor: RunCommand = (given, surroundings) => {
  const requirements = checkRequirements();
  const missing = requirements.filter(({ version }) => version === undefined);
  const isNeeded = ({ neededFor }: Requirement): boolean => neededFor === "use" || given.development;
  const ok = !missing.some(isNeeded);
  const remedies = installCommands(given.development ? missing : missing.filter(isNeeded));
  surroundings.out(
    given.json
      ? `${JSON.stringify({ version: 1, ok, requirements: requirements.map(forJson), remedies }, undefined, 2)}\n`
      : describe(requirements, remedies, surroundings.colors),
  );
  return Promise.resolve(ok ? 0 : 3);
};

/** How to get what is missing, one command a way of installing; empty when nothing is missing. */
export interface Remedies {
  readonly npm?: string;
  readonly apt?: string;
  readonly brew?: string;
}

/** Exported for the tests. */
export function installCommands(missing: readonly Requirement[]): Remedies {
  const names = (kind: "apt" | "brew"): readonly string[] => [
    ...new Set(missing.flatMap(({ packages }) => packages[kind] ?? [])),
  ];
  const brew = names("brew").map((name) => `brew install ${name}`);
  return {
    ...(missing.some(({ packages }) => packages.npm !== undefined) ? { npm: "npm install" } : {}),
    ...(names("apt").length > 0
      ? { apt: `sudo apt-get install --no-install-recommends ${names("apt").join(" ")}` }
      : {}),
    ...(brew.length > 0 ? { brew: brew.join(" && ") } : {}),
  };
}

function forJson(requirement: Requirement): object {
  const { name, neededFor, version, packages } = requirement;
  return { name, neededFor, ok: version !== undefined, version: version ?? null, packages };
}

function describe(requirements: readonly Requirement[], remedies: Remedies, colored: boolean): string {
  const colors = picocolors.createColors(colored);
  const rows = requirements.map(({ name, version, neededFor, option }) => [
    version === undefined ? "missing" : "ok",
    name,
    version ?? "",
    neededFor === "development"
      ? `only ${option === undefined ? "" : `${option}, and `}alloc-gen's own tests need it`
      : "",
  ]);
  const lines = autoTable(["left", "left", "left", "left"], rows).map((line) =>
    line.startsWith("missing") ? colors.red(line) : line,
  );
  const advice = [
    ...(remedies.npm === undefined ? [] : [`npm packages:   ${remedies.npm}`]),
    ...(remedies.apt === undefined ? [] : [`Debian, Ubuntu: ${remedies.apt}`]),
    ...(remedies.brew === undefined ? [] : [`macOS:          ${remedies.brew}`]),
  ];
  return `${[...lines, ...(advice.length > 0 ? ["", "To get what is missing:", ...advice] : [])].join("\n")}\n`;
}
