/** Tables of Markdown, and how the page names what it measured. */
import type { AllocatorFigures, Build, Core, Level } from "./field-data.js";

export const coreNames: Readonly<Record<Core, string>> = { "cortex-m4": "M4", "cortex-m0plus": "M0+" };

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

export const nameOf = ({ name, generated }: AllocatorFigures): string => (generated ? `**${name}**` : name);

export function buildOf({ builds }: AllocatorFigures, core: Core, level: Level): Build | undefined {
  return builds.find((build) => build.core === core && build.level === level);
}
