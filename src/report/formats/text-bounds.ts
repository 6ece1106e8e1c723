/** Proven bounds, told to people. */
import { isAbove, provenFigures, type FunctionProof, type ProvenFigure } from "../proofs.js";
import type { HeapReport } from "../report.js";
import { autoTable, formatCount, reportWidth, wrap } from "../table.js";
import type { Colors, Section } from "./text-parts.js";

const bound = (figure: ProvenFigure): string => ("bound" in figure ? formatCount(figure.bound) : "none");
const seen = ({ observed }: ProvenFigure): string => (observed === undefined ? "-" : formatCount(observed));

/** The worst measured stands beside each bound; below are the reasons where there is none. */
export function boundSection({ proofs }: HeapReport, colors: Colors): Section {
  const lines = proofs.map(({ function: name, cycles, stackBytes }) => {
    const { observed = 0 } = cycles;
    const ratio = "bound" in cycles && observed > 0 ? (cycles.bound / observed).toFixed(3) : "";
    return [name, bound(cycles), seen(cycles), ratio, bound(stackBytes), seen(stackBytes)];
  });
  const head = ["", "cycles", "seen", "ratio", "stack", "seen"];
  const notes = proofs.flatMap(({ function: name, cycles, stackBytes }) =>
    [...noteOf(cycles), ...noteOf(stackBytes)].map((note) => `${name}: ${note}`),
  );
  return [
    colors.bold("Bounds on any call, proven on the binary"),
    ...autoTable(["left", "right", "right", "right", "right", "right"], [head, ...lines]),
    ...[...new Set(notes)].flatMap((note) => wrap(note, reportWidth)),
  ];
}

/** How a bound depends on the heap's state, or why there is none. */
function noteOf(figure: ProvenFigure): readonly string[] {
  if (!("bound" in figure)) return [figure.unproven];
  return figure.formula === undefined ? [] : [figure.formula];
}

/** Nothing for a heap without a lock. */
export function interruptMaskingSection({ proofs, lock }: HeapReport, colors: Colors): Section {
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
  ];
}

/** A sentence's part for each figure above its bound. */
export function excesses(proofs: readonly FunctionProof[]): readonly string[] {
  const above = (keys: readonly string[]): string[] =>
    proofs.flatMap((proof) =>
      provenFigures.flatMap(({ key, excess }) => {
        const figure = keys.includes(key) ? proof[key] : undefined;
        if (figure === undefined || !isAbove(figure)) return [];
        return [`${proof.function} ${excess(figure.observed, figure.bound)}`];
      }),
    );
  return [...above(["cycles", "stackBytes"]), ...above(["interruptLatency"])];
}
