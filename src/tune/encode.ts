/** Results as text. JSON has no infinity: it stands for what is not proven, or never served. */

const infinity = "Infinity";

export const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, found: unknown) => (found === Infinity ? infinity : found));

export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, found: unknown) => (found === infinity ? Infinity : found));
