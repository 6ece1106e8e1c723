/** Interrupts between the instructions of calls, told to people. */
import { isSound } from "../../verify/interrupts/lock-proof.js";
import type { HeapReport } from "../report.js";
import { fitTable } from "../fit-table.js";
import { formatCount, wrap } from "../table.js";
import type { Terminal, Section } from "./text-parts.js";

/** Nothing for a heap that interrupts may not use. */
export function interruptsSection({ interrupts, lock }: HeapReport, terminal: Terminal): Section {
  if (interrupts === undefined) return [];
  const { functions, maskedAccesses, callerStates, states, unmasked, broken, brokenBoundaries } = interrupts;
  const rows = functions.map(({ name, calls, boundaries, open }) => [
    name,
    ...[calls, boundaries, open].map(formatCount),
  ]);
  const what = lock === "none" ? "no lock is needed" : lock;
  const masks =
    maskedAccesses === undefined
      ? []
      : [
          `${formatCount(maskedAccesses)} accesses to metadata, ${unmasked.length === 0 ? "all" : "not all"} with interrupts masked; called ${callerStates.join(", ")}`,
        ];
  return [
    terminal.bold(`Interrupts between instructions, whose handlers use the heap (${what})`),
    ...fitTable(
      { aligns: ["left", "right", "right", "right"] },
      [["", "calls", "boundaries", "open"], ...rows],
      terminal.width,
    ),
    ...wrap(`in ${states.join(", ")}: ${formatCount(brokenBoundaries)} broken`, terminal.width),
    ...masks.flatMap((line) => wrap(line, terminal.width)),
    ...[...unmasked, ...broken].flatMap(({ call, message, source }) =>
      wrap(`${call}: ${message}${source === undefined ? "" : ` (${source})`}`, terminal.width).map(
        terminal.red,
      ),
    ),
  ];
}

/** A part of the verdict's sentence, where the heap is not protected. */
export function unprotected({ interrupts }: HeapReport): readonly string[] {
  if (interrupts === undefined || isSound(interrupts)) return [];
  const names = [...interrupts.unmasked, ...interrupts.broken].map((each) => each.function);
  return [`interrupts are not kept out (${[...new Set(names)].join(", ")})`];
}
