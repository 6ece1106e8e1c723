/** Tables of Markdown, and how the page names what it measured. */
import {
  cores,
  levels,
  mainCores,
  type AllocatorFigures,
  type Build,
  type Core,
  type FieldResults,
  type Level,
} from "./field-data.js";

export const coreNames: Readonly<Record<Core, string>> = {
  "cortex-m4": "M4",
  "cortex-m0plus": "M0+",
  "cortex-m33": "M33",
  hazard3: "Hazard3",
};

/** Cores that something was measured on. */
export const coresOf = ({ allocators }: Pick<FieldResults, "allocators">): readonly Core[] =>
  cores.filter(
    (core) =>
      mainCores.some((main) => main === core) ||
      allocators.some(({ builds }) => builds.some((build) => build.core === core)),
  );

/** A column each for every level on every core that something was measured on. */
export const buildsOf = (
  results: Pick<FieldResults, "allocators">,
): readonly { readonly core: Core; readonly level: Level; readonly title: string }[] =>
  coresOf(results).flatMap((core) =>
    levels.map((level) => ({ core, level, title: `${coreNames[core]} ${level}` })),
  );

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

export const nameOf = ({ name, generated }: AllocatorFigures): string => (generated ? `**${name}**` : name);

export function buildOf({ builds }: AllocatorFigures, core: Core, level: Level): Build | undefined {
  return builds.find((build) => build.core === core && build.level === level);
}
