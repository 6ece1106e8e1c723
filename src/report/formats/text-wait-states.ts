/** Cycles with slower and slower flash, told to people. */
import { namesOf } from "../../traces/operation.js";
import type { HeapReport } from "../report.js";
import { fitTable } from "../fit-table.js";
import { formatCount, wrap } from "../table.js";
import type { Section, Terminal } from "./text-parts.js";

const note =
  "0: as fast as the core, as is code in RAM on a bus of its own. What a part's cache and prefetching do, no core's manual says: measure there.";

/** Nothing where they were not asked for. */
export function waitStatesSection(
  { waitStates }: Pick<HeapReport, "waitStates">,
  terminal: Terminal,
): Section {
  const [first] = waitStates?.rows ?? [];
  if (waitStates === undefined || first === undefined) return [];
  const names = namesOf(first.functions);
  const rows = waitStates.rows.map(({ waitStates: count, functions }) => [
    String(count),
    ...names.flatMap((name) => {
      const { bound, mean = 0, max = 0 } = functions[name] ?? {};
      return [bound === undefined ? "none" : formatCount(bound), mean.toFixed(1), formatCount(max)];
    }),
  ]);
  const shape = {
    aligns: ["left", ...names.flatMap(() => ["right", "right", "right"] as const)] as const,
    groups: names.map((_, index) => 1 + 3 * index),
  };
  return [
    terminal.bold(`Wait states of the flash: bounds, and cycles of ${waitStates.workload}`),
    ...fitTable(
      shape,
      [
        ["", ...names.flatMap((name) => [name, "", ""])],
        ["", ...names.flatMap(() => ["bound", "mean", "max"])],
        ...rows,
      ],
      terminal.width,
    ),
    ...wrap(note, terminal.width),
  ];
}
