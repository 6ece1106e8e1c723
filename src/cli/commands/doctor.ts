/** `alloc-gen doctor`: what is here, what is missing, and the commands that get it. */
import type { Run } from "../commands.js";
import type { Remedies } from "../requirements-report.js";
import { checkRequirements, type Requirement } from "../requirements.js";

export const doctor: Run<"doctor"> = async (given, _context, output) => {
  const requirements = checkRequirements();
  const missing = requirements.filter(({ version }) => version === undefined);
  const isNeeded = ({ neededFor }: Requirement): boolean => neededFor === "use" || given.development;
  const isWanted = (requirement: Requirement): boolean =>
    requirement.neededFor === "witness" || isNeeded(requirement);
  const ok = !missing.some(isNeeded);
  await output.print({
    version: 1,
    ok,
    requirements: requirements.map(({ name, neededFor, version, packages, option }) => ({
      ...{ name, neededFor, ok: version !== undefined, version: version ?? null, packages },
      ...(option === undefined ? {} : { option }),
    })),
    remedies: installCommands(missing.filter(isWanted)),
  });
  return ok ? 0 : 3;
};

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
