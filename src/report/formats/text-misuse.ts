/** Misuse that was injected, told to people. */
import type { HeapReport } from "../report.js";
import { autoTable, formatCount, reportWidth, wrap } from "../table.js";
import type { Colors, Section } from "./text-parts.js";

/** Nothing for a heap that is not to find any. */
export function misuseSection({ injection }: HeapReport, colors: Colors): Section {
  if (injection === undefined) return [];
  const { counts, failure } = injection;
  const rows = counts.map(({ misuse, tried, named, namedOtherwise, harmless, undetected }) => [
    misuse,
    ...[tried, named, namedOtherwise, harmless, undetected].map(formatCount),
  ]);
  const head = ["", "tried", "named", "otherwise", "harmless", "undetected"];
  return [
    colors.bold("Misuse injected"),
    ...autoTable(["left", "right", "right", "right", "right", "right"], [head, ...rows]),
    ...(failure === undefined
      ? []
      : wrap(`${failure.what}: ${failure.expected}, but ${failure.found}`, reportWidth).map(colors.red)),
  ];
}

/** A part of the verdict's sentence, where misuse passed. */
export const missed = ({ injection }: HeapReport): readonly string[] =>
  injection?.failure === undefined ? [] : [`misuse is not found (${injection.failure.misuse})`];
