/** What one call of a function is held against. */

/** One thing that a call told or did, in words: the function is right where they are the same. */
export interface Observation {
  /** "realloc(offset 40, 100)" */
  readonly call: string;
  /** What the reference says. */
  readonly expected: string;
  readonly found: string;
}
