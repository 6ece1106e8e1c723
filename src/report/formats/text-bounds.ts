/** Proven bounds, told to people. */
import { boundOfRuns, isAbove, provenFigures, type FunctionProof, type ProvenFigure } from "../proofs.js";
import type { HeapReport } from "../report.js";
import { fitTable } from "../fit-table.js";
import { formatCount, wrap } from "../table.js";
import type { Terminal, Section } from "./text-parts.js";

const bound = (figure: ProvenFigure): string => ("bound" in figure ? formatCount(figure.bound) : "none");
const seen = ({ observed }: ProvenFigure): string => (observed === undefined ? "-" : formatCount(observed));

/** The worst measured stands beside each bound; below are the reasons where there is none. */
export function boundSection({ proofs }: Pick<HeapReport, "proofs">, terminal: Terminal): Section {
  const isPredicted = proofs.some(({ cycles }) => branchesPredicted(cycles) !== undefined);
  const lines = proofs.map(({ function: name, cycles, stackBytes }) => {
    const { observed = 0 } = cycles;
    const most = boundOfRuns(cycles);
    const ratio = most !== undefined && observed > 0 ? (most / observed).toFixed(3) : "";
    const predicted = isPredicted ? [formatCountOrNone(branchesPredicted(cycles))] : [];
    return [name, bound(cycles), ...predicted, seen(cycles), ratio, bound(stackBytes), seen(stackBytes)];
  });
  const head = ["", "cycles", ...(isPredicted ? ["predicted"] : []), "seen", "ratio", "stack", "seen"];
  const notes = proofs.flatMap(({ function: name, cycles, stackBytes }) =>
    [...noteOf(cycles), ...noteOf(stackBytes)].map((note) => `${name}: ${note}`),
  );
  return [
    terminal.bold("Bounds on any call, proven on the binary"),
    ...fitTable(
      { aligns: ["left", ...head.slice(1).map(() => "right" as const)] },
      [head, ...lines],
      terminal.width,
    ),
    ...(isPredicted ? wrap(predictedNote, terminal.width) : []),
    ...[...new Set(notes)].flatMap((note) => wrap(note, terminal.width)),
    ...rangeLines(
      proofs.map(({ function: name, cycles }) => ({ name, figure: cycles })),
      terminal.width,
    ),
  ];
}

const predictedNote =
  "cycles: every branch mispredicted; predicted: branches go as predicted, as in all figures of runs";

const branchesPredicted = (figure: ProvenFigure): number | undefined =>
  "bound" in figure ? figure.branchesPredicted : undefined;

const formatCountOrNone = (count: number | undefined): string =>
  count === undefined ? "none" : formatCount(count);

/** What the bounds are at the ends of what nothing published decides. */
function rangeLines(
  figures: readonly { readonly name: string; readonly figure: ProvenFigure }[],
  width: number,
): readonly string[] {
  const ranges = figures.flatMap(({ name, figure }) => {
    if (!("bound" in figure) || figure.range === undefined) return [];
    const { cheapest, dearest } = figure.range;
    return [`${name} ${formatCount(cheapest)} to ${formatCount(dearest)}`];
  });
  if (ranges.length === 0) return [];
  const sentence = `Where no published figure decides a rule of the model: ${ranges.join(", ")}`;
  return wrap(sentence, width);
}

/** How a bound depends on the heap's state, or why there is none. */
function noteOf(figure: ProvenFigure): readonly string[] {
  if (!("bound" in figure)) return [figure.unproven];
  return figure.formula === undefined ? [] : [figure.formula];
}

/** Nothing for a heap without a lock. */
export function interruptMaskingSection(
  { proofs, lock }: Pick<HeapReport, "proofs" | "lock">,
  terminal: Terminal,
): Section {
  const rows = proofs.flatMap(({ function: name, interruptLatency: figure }) =>
    figure === undefined ? [] : [{ name, figure }],
  );
  if (rows.length === 0) return [];
  const cells = rows.map(({ name, figure }) => [name, bound(figure), formatCount(figure.observed ?? 0)]);
  const notes = rows.flatMap(({ name, figure }) => noteOf(figure).map((note) => `${name}: ${note}`));
  return [
    terminal.bold(`Interrupt masking in cycles (${lock})`),
    ...fitTable({ aligns: ["left", "right", "right"] }, [["", "bound", "seen"], ...cells], terminal.width),
    ...notes.flatMap((note) => wrap(note, terminal.width)),
    ...rangeLines(rows, terminal.width),
  ];
}

/** A sentence's part for each figure above its bound. */
export function excesses(proofs: readonly FunctionProof[]): readonly string[] {
  const above = (keys: readonly string[]): string[] =>
    proofs.flatMap((proof) =>
      provenFigures.flatMap(({ key, excess }) => {
        const figure = keys.includes(key) ? proof[key] : undefined;
        if (figure === undefined || !isAbove(figure)) return [];
        return [`${proof.function} ${excess(figure.observed, boundOfRuns(figure) ?? figure.bound)}`];
      }),
    );
  return [...above(["cycles", "stackBytes"]), ...above(["interruptLatency"])];
}
