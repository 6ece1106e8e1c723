/** Addresses and sizes as devices print them. */

/** "0x20000abc", "20000abc", "(nil)", "NULL"; undefined for anything else, and beyond 2^53 - 1. */
export function parseAddress(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^(?:\(nil\)|\(null\)|null)$/i.test(word)) return 0;
  if (!/^(?:0x)?[0-9a-f]{1,16}$/i.test(word)) return undefined;
  const value = Number(`0x${word.replace(/^0x/i, "")}`);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Decimal; undefined for anything else, and beyond 2^53 - 1. */
export function parseCount(word: string | undefined): number | undefined {
  if (word === undefined || !/^\d{1,20}$/.test(word)) return undefined;
  const value = Number(word);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** An address within a regular expression. */
export const addressPattern = String.raw`(?:0x)?[0-9a-fA-F]{1,16}|\(nil\)|\(null\)|NULL`;
