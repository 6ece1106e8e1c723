/** A mutant: the C with one small change, as an operator makes it. */

/** Offsets in the text: [start, end), and what stands there instead. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits that make one mutant; they do not overlap. */
export type Edits = readonly TextEdit[];

export interface Mutant {
  /** Name of the operator. */
  readonly operator: string;
  /** Function that is changed; of a constant of the file its own name. */
  readonly function: string;
  /** From 1. */
  readonly line: number;
  readonly edits: Edits;
}

/** The text with all edits made. */
export function edited(text: string, edits: Edits): string {
  return edits
    .toSorted((left, right) => right.start - left.start)
    .reduce((whole, { start, end, text: by }) => whole.slice(0, start) + by + whole.slice(end), text);
}
