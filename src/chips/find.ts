/** Finds chips by the names that people give them: of the table, of an order, or the beginning of one. */
import { distance } from "fastest-levenshtein";
import { nearestWords } from "../suggest.js";
import type { Chip } from "./chip.js";

export type Found =
  | { readonly kind: "chip"; readonly chip: Chip }
  /** The beginning of the names of chips that differ in core or RAM. */
  | { readonly kind: "several"; readonly chips: readonly Chip[] }
  /** `nearest` may be empty. */
  | { readonly kind: "none"; readonly nearest: readonly string[] };

const mostNearest = 3;

/**
 * The chip that `written` names, whatever the case of its letters:
 * - a name of the table: STM32F407VG;
 * - an ordering code, which is a name with package, grade and packing behind it: STM32F407VGT6TR. The longest name wins;
 * - the beginning of names, where all of these chips have the same core and RAM: nRF52840, STM32F407.
 */
export function findChip(written: string, chips: readonly Chip[]): Found {
  const exact = chips.find(({ name }) => isSame(name, written));
  if (exact !== undefined) return { kind: "chip", chip: exact };
  const ordered = chips
    .filter(({ name }) => isOrderOf(written, name))
    .toSorted((a, b) => b.name.length - a.name.length || placeholders(a.name) - placeholders(b.name));
  const [longest] = ordered;
  if (longest !== undefined) return { kind: "chip", chip: longest };
  const begun = /\d/.test(written) ? chips.filter(({ name }) => beginsWith(name, written)) : [];
  const [first, ...others] = begun;
  if (first === undefined) return { kind: "none", nearest: nearestChips(written, chips) };
  if (others.length === 0) return { kind: "chip", chip: first };
  if (others.some((other) => !areAlike(first, other))) return { kind: "several", chips: begun };
  return { kind: "chip", chip: { ...first, name: first.name.slice(0, written.length) } };
}

/** The chip of that name, else those whose names begin so, else those that have it inside, else what `findChip` finds. */
export function searchChips(written: string, chips: readonly Chip[]): readonly Chip[] {
  const exact = chips.find(({ name }) => isSame(name, written));
  if (exact !== undefined) return [exact];
  const begun = chips.filter(({ name }) => beginsWith(name, written));
  if (begun.length > 0) return begun;
  const inside = chips.filter(({ name }) => fold(name).includes(fold(written)));
  if (inside.length > 0) return inside;
  const found = findChip(written, chips);
  return found.kind === "chip" ? [found.chip] : [];
}

/** Names that are written almost like this one; of those equally near, the ones that begin like it. */
export function nearestChips(written: string, chips: readonly Chip[]): readonly string[] {
  const names = chips.map(({ name }) => name);
  const edits = (name: string): number => distance(fold(written), fold(name));
  return nearestWords(written, names, names.length)
    .toSorted((a, b) => edits(a) - edits(b) || commonLength(b, written) - commonLength(a, written))
    .slice(0, mostNearest);
}

/** Characters that are the same from the beginning on. */
function commonLength(name: string, written: string): number {
  const [one, other] = [fold(name), fold(written)];
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Whether heaps for one are heaps for the other. */
const areAlike = (one: Chip, other: Chip): boolean =>
  one.core === other.core && JSON.stringify(one.regions) === JSON.stringify(other.regions);

const isSame = (name: string, written: string): boolean =>
  name.length === written.length && fold(name) === fold(written);

/** Letters in one case, and one of the two separators. */
const fold = (text: string): string => text.toLowerCase().replaceAll("_", "-");

/** A small "x" of the table stands for any character. */
const placeholder = "x";
const placeholders = (name: string): number => name.split(placeholder).length - 1;

/** Whether the characters of both are the same as far as both go. */
function agree(name: string, written: string): boolean {
  const [known, given] = [fold(name), fold(written)];
  const length = Math.min(known.length, given.length);
  for (let index = 0; index < length; index += 1) {
    if (known[index] !== given[index] && name[index] !== placeholder) return false;
  }
  return true;
}

const beginsWith = (name: string, written: string): boolean =>
  written.length <= name.length && agree(name, written);

/** What stands behind a name in an ordering code: package, grade, packing. */
const orderSuffix = /^[a-z0-9/-]{0,12}$/;

/**
 * Whether `written` is `name` with an order's suffix. A suffix that begins with a digit would be another chip (CC2652R7 is
 * no CC2652R, LM3S1010 no LM3S101), but with Renesas the digit is the grade (R7FA6M4AD3CFB).
 */
function isOrderOf(written: string, name: string): boolean {
  if (written.length < name.length || !agree(name, written)) return false;
  const suffix = fold(written.slice(name.length));
  return orderSuffix.test(suffix) && (!/^\d/.test(suffix) || /^(?:R7FA|R7JA|R7KA)/.test(name));
}
