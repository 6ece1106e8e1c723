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
  let nearest: string | undefined;
  let least = Infinity;
  for (const word of allowed) {
    const limit = Math.max(2, Math.floor(Math.max(found.length, word.length) / 3));
    const edits = distance(found.toLowerCase(), word.toLowerCase());
    if (edits <= limit && edits < Math.min(least, word.length)) {
      least = edits;
      nearest = word;
    }
  }
  return nearest;
}

/** A value as a message shows it: JSON, long ones cut. Never throws. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return "nothing";
  return text.length > 60 ? `${text.slice(0, 56)}…${text.endsWith('"') ? '"' : ""}` : text;
}
