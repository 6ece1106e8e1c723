/** Entries of a table that no heap reads: a mutant of one means the same, whatever it becomes. */
import type { Mutant } from "./mutant.js";

const numberOf = (text: string, name: string): number | undefined => {
  const found = new RegExp(`^#define ${name}\\s+\\((\\d+)U\\)`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

/**
 * The table of `first_in` has the index of each possible bit. It is asked for the first non-empty class after some class:
 * neither for the first class, nor for indices that are no class.
 * @param heap its name, "app_heap"
 */
export function isNeverRead(text: string, { edits, function: name }: Mutant, heap: string): boolean {
  const [edit, ...others] = edits;
  if (edit === undefined || others.length > 0 || name !== "first_in") return false;
  const { start, end } = edit;
  const value = /^(\d+)U$/.exec(text.slice(start, end))?.[1];
  const isOfTable = /\bplace\[32\] = \{[^}]*$/.test(text.slice(0, start));
  const macros = heap.toUpperCase();
  const [first, classes] = ["FIRST_CLASS", "CLASSES"].map((each) => numberOf(text, `${macros}_${each}`));
  if (value === undefined || !isOfTable || first === undefined || classes === undefined) return false;
  // An edit of more than the number is another matter.
  if (!/^\d+U$/.test(edit.text)) return false;
  return Number(value) <= first || Number(value) >= first + classes;
}
