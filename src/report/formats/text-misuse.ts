/** Misuse that was injected, told to people. */
import type { HardeningPrice } from "../../prove-price.js";
import type { HeapReport } from "../report.js";
import { fitTable } from "../fit-table.js";
import { formatCount, wrap } from "../table.js";
import type { Section, Terminal } from "./text-parts.js";

/** Nothing for a heap that is not to find any. */
export function misuseSection({ injection, hardeningPrice }: HeapReport, terminal: Terminal): Section {
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
    ...(hardeningPrice === undefined ? [] : wrap(priceText(hardeningPrice), terminal.width)),
    ...(failure === undefined
      ? []
      : wrap(`${failure.what}: ${failure.expected}, but ${failure.found}`, terminal.width).map(terminal.red)),
  ];
}

/** "To find it costs: malloc 62 cycles more (91 to 153) and 20 B of stack; …" */
export function priceText({ hardened, without, blockBytes }: HardeningPrice): string {
  const more = (to: number | undefined, from: number | undefined, unit: string): string =>
    to === undefined || from === undefined
      ? `no known number of ${unit}`
      : `${formatCount(to - from)} ${unit} more (${formatCount(from)} to ${formatCount(to)})`;
  const call = (name: "malloc" | "free"): string => {
    const [to, from] = [hardened[name], without[name]];
    return `${name} ${more(to.cycles, from.cycles, "cycles")}, stack ${more(to.stackBytes, from.stackBytes, "B")}`;
  };
  const flash = `flash ${more(hardened.flashBytes, without.flashBytes, "B")}`;
  return `To find it costs at most: ${call("malloc")}; ${call("free")}; ${flash}; ${blockBytes} B a block`;
}

/** A part of the verdict's sentence, where misuse passed. */
export const missed = ({ injection }: HeapReport): readonly string[] =>
  injection?.failure === undefined ? [] : [`misuse is not found (${injection.failure.misuse})`];
