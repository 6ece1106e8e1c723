/** Words for messages: lists of what is allowed, and the allowed word nearest to a wrong one. */
import { distance } from "fastest-levenshtein";

/** `"a", "b"` */
export function quotedList(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(", ");
}

/**
 * The allowed word a user most likely meant, undefined when none is near: at most a third of the longer word may
 * differ (two letters in short words), the case of letters left aside.
 */
export function nearestWord(found: string, allowed: readonly string[]): string | undefined {
  return nearestWords(found, allowed, 1)[0];
}

/** The allowed words that a user may have meant, at most so many, the nearest first, then those that come first. */
export function nearestWords(found: string, allowed: readonly string[], most: number): readonly string[] {
  return allowed
    .flatMap((word) => {
      const limit = Math.max(2, Math.floor(Math.max(found.length, word.length) / 3));
      const edits = distance(found.toLowerCase(), word.toLowerCase());
      return edits <= limit && edits < word.length ? [{ word, edits }] : [];
    })
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ word }) => word);
}

/** A value as a message shows it: JSON, long ones cut. Never throws. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return "nothing";
  return text.length > 60 ? `${text.slice(0, 56)}…${text.endsWith('"') ? '"' : ""}` : text;
}
