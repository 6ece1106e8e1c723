/** Proven bounds, told to people. */
import { boundOfRuns, isAbove, provenFigures, type FunctionProof, type ProvenFigure } from "../proofs.js";
import type { HeapReport } from "../report.js";
import { autoTable, formatCount, reportWidth, wrap } from "../table.js";
import type { Colors, Section } from "./text-parts.js";

const bound = (figure: ProvenFigure): string => ("bound" in figure ? formatCount(figure.bound) : "none");
const seen = ({ observed }: ProvenFigure): string => (observed === undefined ? "-" : formatCount(observed));

/** The worst measured stands beside each bound; below are the reasons where there is none. */
export function boundSection({ proofs }: Pick<HeapReport, "proofs">, colors: Colors): Section {
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
    colors.bold("Bounds on any call, proven on the binary"),
    ...autoTable(["left", ...head.slice(1).map(() => "right" as const)], [head, ...lines]),
    ...(isPredicted ? wrap(predictedNote, reportWidth) : []),
    ...[...new Set(notes)].flatMap((note) => wrap(note, reportWidth)),
    ...rangeLines(proofs.map(({ function: name, cycles }) => ({ name, figure: cycles }))),
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
): readonly string[] {
  const ranges = figures.flatMap(({ name, figure }) => {
    if (!("bound" in figure) || figure.range === undefined) return [];
    const { cheapest, dearest } = figure.range;
    return [`${name} ${formatCount(cheapest)} to ${formatCount(dearest)}`];
  });
  if (ranges.length === 0) return [];
  const sentence = `Where no published figure decides a rule of the model: ${ranges.join(", ")}`;
  return wrap(sentence, reportWidth);
}

/** How a bound depends on the heap's state, or why there is none. */
function noteOf(figure: ProvenFigure): readonly string[] {
  if (!("bound" in figure)) return [figure.unproven];
  return figure.formula === undefined ? [] : [figure.formula];
}

/** Nothing for a heap without a lock. */
export function interruptMaskingSection(
  { proofs, lock }: Pick<HeapReport, "proofs" | "lock">,
  colors: Colors,
): Section {
  const rows = proofs.flatMap(({ function: name, interruptLatency: figure }) =>
    figure === undefined ? [] : [{ name, figure }],
  );
  if (rows.length === 0) return [];
  const cells = rows.map(({ name, figure }) => [name, bound(figure), formatCount(figure.observed ?? 0)]);
  const notes = rows.flatMap(({ name, figure }) => noteOf(figure).map((note) => `${name}: ${note}`));
  return [
    colors.bold(`Interrupt masking in cycles (${lock})`),
    ...autoTable(["left", "right", "right"], [["", "bound", "seen"], ...cells]),
    ...notes.flatMap((note) => wrap(note, reportWidth)),
    ...rangeLines(rows),
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
