/** Misuse that was injected, told to people. */
import type { HeapReport } from "../report.js";
import { fitTable } from "../fit-table.js";
import { formatCount, wrap } from "../table.js";
import type { Section, Terminal } from "./text-parts.js";

/** Nothing for a heap that is not to find any. */
export function misuseSection({ injection }: HeapReport, terminal: Terminal): Section {
  if (injection === undefined) return [];
  const { counts, failure } = injection;
  const rows = counts.map(({ misuse, tried, named, namedOtherwise, harmless, undetected }) => [
    misuse,
    ...[tried, named, namedOtherwise, harmless, undetected].map(formatCount),
  ]);
  const head = ["", "tried", "named", "otherwise", "harmless", "undetected"];
  return [
    terminal.bold("Misuse injected"),
    ...fitTable(
      { aligns: ["left", "right", "right", "right", "right", "right"] },
      [head, ...rows],
      terminal.width,
    ),
    ...(failure === undefined
      ? []
      : wrap(`${failure.what}: ${failure.expected}, but ${failure.found}`, terminal.width).map(terminal.red)),
  ];
}

/** A part of the verdict's sentence, where misuse passed. */
export const missed = ({ injection }: HeapReport): readonly string[] =>
  injection?.failure === undefined ? [] : [`misuse is not found (${injection.failure.misuse})`];
