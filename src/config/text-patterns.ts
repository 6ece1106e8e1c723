/** Texts that a config may hold where not any text will do: what they look like, and how a message says so. */

export const textPatterns = {
  packageName: {
    pattern: /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
    words: 'a name such as "app-heap": a letter, then up to 62 letters, digits, "_", "." and "-"',
  },
  version: {
    pattern: /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/,
    words: 'a version such as "1.0.0"',
  },
  line: {
    pattern: /^[^\s\p{Cc}](?:[^\p{Cc}]{0,98}[^\s\p{Cc}])?$/u,
    words: "a line of up to 100 characters",
  },
} as const;

/** What a message says of texts with that pattern; undefined of others. */
export const wordsOf = (pattern: RegExp): string | undefined =>
  Object.values(textPatterns).find((each) => each.pattern === pattern)?.words;
