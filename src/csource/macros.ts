/** Macros of the C with the heap's prefix: a header that it includes may define the plain names. */
import { tokenize } from "./tokens.js";

const definition = /^#\s*define\s+(\w+)/;

/** The names that a text defines as macros. */
export const macrosOf = (text: string): readonly string[] =>
  tokenize(text).flatMap(({ kind, text: own }) =>
    kind === "directive" ? (definition.exec(own)?.[1] ?? []) : [],
  );

/** Puts the prefix in front of each macro, in code, comments and the sentences of assertions alike. */
export function prefixed(text: string, macros: ReadonlySet<string>, prefix: string): string {
  if (macros.size === 0) return text;
  // Longest first: one name may begin with another.
  const names = [...macros].sort((left, right) => right.length - left.length).join("|");
  return text.replace(new RegExp(`(?<![\\w.>])(?:${names})\\b`, "g"), (name) => `${prefix}${name}`);
}
