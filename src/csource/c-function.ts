/** A C function as a record: what its text says of it. */
import { closing, tokenize, withoutComments, type Token } from "./tokens.js";

export interface CFunction {
  readonly name: string;
  /** What stands in front of the definition, "" for nothing. */
  readonly comment: string;
  /** Whether only damage calls it: a macro COLD among its specifiers. */
  readonly isCold: boolean;
  /** External linkage: no `static` among its specifiers, nor in a macro such as INLINE. */
  readonly linkage: "external" | "internal";
  /** Offsets in the text of the parameters, without their parentheses, and of the body, without its braces. */
  readonly parameters: Span;
  readonly body: Span;
  /** All of it, from the comment on. */
  readonly span: Span;
  /** What the body calls: words in front of a parenthesis, macros and keywords among them. */
  readonly calls: ReadonlySet<string>;
  /** All words of declaration and body that are no member's name: what else the text needs. */
  readonly words: ReadonlySet<string>;
  readonly loops: readonly CLoop[];
  /** The body's tokens without comments. */
  readonly code: readonly Token[];
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A loop whose comment bounds it. */
export interface CLoop extends Span {
  /** From "Loop: at most once a <budget>.", the comment in front of it. */
  readonly budget: string;
}

/** `static`, and the macros of the templates that contain it; in a finished file they have the heap's prefix. */
const internalSpecifier = /^(?:static|(?:\w+_)?(?:INLINE|OUT_OF_LINE|COLD))$/;

const coldSpecifier = /^(?:\w+_)?COLD$/;

/** The functions that a C text defines, in its order; declarations of types, objects and macros are passed over. */
export function functionsOf(text: string): readonly CFunction[] {
  const tokens = tokenize(text);
  const found: CFunction[] = [];
  let first = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "directive") first = index + 1;
    else if (token?.text === ";") first = index + 1;
    else if (token?.text === "{") {
      const end = closing(tokens, index);
      const defined = functionAt(tokens, ownFirst(text, tokens, first), index, end);
      if (defined !== undefined) {
        found.push(defined);
        first = end + 1;
      }
      index = end;
    }
  }
  return found;
}

/** The first token from `first` on that no blank line parts from what follows: comments of a section are not a function's. */
function ownFirst(text: string, tokens: readonly Token[], first: number): number {
  const [token, next] = [tokens[first], tokens[first + 1]];
  const isApart =
    token?.kind === "comment" && next !== undefined && text.slice(token.end, next.start).includes("\n\n");
  return isApart ? ownFirst(text, tokens, first + 1) : first;
}

/** The definition whose body is between the braces `open` and `close`; undefined where they are no function's. */
function functionAt(
  tokens: readonly Token[],
  first: number,
  open: number,
  close: number,
): CFunction | undefined {
  const head = tokens.slice(first, open);
  const last = head.at(-1);
  const parameters = head.findIndex(({ text: each }, index) => each === "(" && closesAt(head, index));
  const name = head[parameters - 1];
  if (last?.text !== ")" || name?.kind !== "word") return undefined;
  const [begin, brace, end] = [tokens[first], tokens[open], tokens[close]];
  const paren = head[parameters];
  if (begin === undefined || brace === undefined || end === undefined || paren === undefined)
    return undefined;
  const comments = head.filter(({ kind }) => kind === "comment");
  const specifiers = head.slice(0, parameters - 1).map((token) => token.text);
  const body = tokens.slice(open + 1, close);
  return {
    name: name.text,
    comment: comments.map((token) => token.text).join("\n"),
    isCold: specifiers.some((word) => coldSpecifier.test(word)),
    linkage: specifiers.some((word) => internalSpecifier.test(word)) ? "internal" : "external",
    parameters: { start: paren.end, end: last.start },
    body: { start: brace.end, end: end.start },
    span: { start: begin.start, end: end.end },
    calls: new Set(callsOf(body)),
    words: new Set(wordsOf([...head, ...body])),
    loops: loopsOf(body),
    code: withoutComments(body),
  };
}

/** Whether the parenthesis at `open` closes with the last token. */
const closesAt = (head: readonly Token[], open: number): boolean => closing(head, open) === head.length - 1;

function callsOf(tokens: readonly Token[]): readonly string[] {
  return tokens
    .filter(({ kind }, index) => kind === "word" && tokens[index + 1]?.text === "(")
    .map(({ text }) => text);
}

/** Words that stand for something outside: not the names of members. */
export function wordsOf(tokens: readonly Token[]): readonly string[] {
  return tokens
    .filter(
      ({ kind }, index) =>
        kind === "word" && tokens[index - 1]?.text !== "." && tokens[index - 1]?.text !== "->",
    )
    .map(({ text }) => text);
}

const loopComment = "/* Loop: at most once a ";

function loopsOf(body: readonly Token[]): readonly CLoop[] {
  return body.flatMap((token, index) => {
    if (token.kind !== "comment" || !token.text.startsWith(loopComment)) return [];
    const budget = token.text.slice(loopComment.length, token.text.lastIndexOf("."));
    const open = body.findIndex((each, at) => at > index && each.text === "{");
    const [head, close] = [body[index + 1], body[closing(body, open)]];
    if (head === undefined || close === undefined) throw new Error(`no loop follows "${token.text}"`);
    return [{ budget, start: head.start, end: close.end }];
  });
}
