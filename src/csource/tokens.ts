/** C text as tokens: comments and preprocessor lines among them, white space left out. */

export type TokenKind = "word" | "number" | "string" | "comment" | "directive" | "punctuation";

export interface Token {
  readonly kind: TokenKind;
  /** As it is written; of a comment its signs too, of a directive all its lines. */
  readonly text: string;
  /** Offsets in the text: [start, end). */
  readonly start: number;
  readonly end: number;
}

const isSpace = (character: string): boolean => /\s/.test(character);
const isWordStart = (character: string): boolean => /[A-Za-z_]/.test(character);
const isWordPart = (character: string): boolean => /\w/.test(character);
const isDigit = (character: string): boolean => /\d/.test(character);

/** Punctuators of C11, 6.4.6, the long ones first: the lexer takes the longest that fits. */
const punctuators = [
  ["...", "<<=", ">>="],
  ["->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||"],
  ["*=", "/=", "%=", "+=", "-=", "&=", "^=", "|="],
].flat();

/** The tokens of a C text, in its order. @throws Error with the offset of what is no C: a comment or string without end */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (kind: TokenKind, end: number): void => {
    tokens.push({ kind, text: text.slice(at, end), start: at, end });
    at = end;
  };
  while (at < text.length) {
    const character = text.charAt(at);
    if (isSpace(character)) at++;
    else if (text.startsWith("/*", at)) take("comment", after(text, "*/", at + 2));
    else if (text.startsWith("//", at)) take("comment", lineEnd(text, at));
    else if (character === '"' || character === "'") take("string", stringEnd(text, at));
    else if (character === "#") take("directive", directiveEnd(text, at));
    else if (isWordStart(character)) take("word", runEnd(text, at, isWordPart));
    else if (isDigit(character)) take("number", runEnd(text, at, isWordPart));
    else take("punctuation", at + (punctuators.find((each) => text.startsWith(each, at))?.length ?? 1));
  }
  return tokens;
}

function runEnd(text: string, start: number, belongs: (character: string) => boolean): number {
  let end = start + 1;
  while (end < text.length && belongs(text.charAt(end))) end++;
  return end;
}

function after(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from);
  if (at < 0) throw new Error(`no "${closing}" follows offset ${from} of the C`);
  return at + closing.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function stringEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length && text.charAt(at) !== "\n"; at++) {
    if (text.charAt(at) === "\\") at++;
    else if (text.charAt(at) === quote) return at + 1;
  }
  throw new Error(`no ${quote} closes the one at offset ${start} of the C`);
}

/** A preprocessor line, with the lines that a backslash joins to it. */
function directiveEnd(text: string, start: number): number {
  let end = lineEnd(text, start);
  while (text.charAt(end - 1) === "\\" && end < text.length) end = lineEnd(text, end + 1);
  return end;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Index of the token that closes the bracket at `open`. @throws Error where there is none, or `open` is no bracket */
export function closing(tokens: readonly Token[], open: number): number {
  const opener = tokens[open]?.text ?? "";
  const closer = closers[opener];
  if (closer === undefined) throw new Error(`"${opener}" opens nothing`);
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const { kind, text } = tokens[index] ?? { kind: "comment", text: "" };
    if (kind !== "punctuation") continue;
    if (text === opener) depth++;
    else if (text === closer && --depth === 0) return index;
  }
  throw new Error(`no "${closer}" closes the "${opener}" at offset ${tokens[open]?.start ?? 0} of the C`);
}

/** Index of the token that opens the bracket closed at `close`. @throws Error where there is none */
export function opening(tokens: readonly Token[], close: number): number {
  const closer = tokens[close]?.text ?? "";
  let depth = 0;
  for (let index = close; index >= 0; index--) {
    const { kind, text } = tokens[index] ?? { kind: "comment", text: "" };
    if (kind !== "punctuation") continue;
    if (text === closer) depth++;
    else if (closers[text] === closer && --depth === 0) return index;
  }
  throw new Error(`nothing opens the "${closer}" at offset ${tokens[close]?.start ?? 0} of the C`);
}

/** Tokens without comments. */
export const withoutComments = (tokens: readonly Token[]): readonly Token[] =>
  tokens.filter(({ kind }) => kind !== "comment");
