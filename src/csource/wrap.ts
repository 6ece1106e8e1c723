/** Lines of C within the page: comments by words, code behind an operator or a comma. */
import { tokenize, type Token } from "./tokens.js";

const columns = 120;

/** The text with each line that is too long broken. One that has no place to break stays as it is. */
export function wrapped(text: string): string {
  const lines = text.split("\n");
  const result: string[] = [];
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const broken = line.length <= columns ? [line] : wrappedLine(line);
    const last = broken.at(-1) ?? "";
    const next = lines[0] ?? "";
    // What is left of a comment's line begins the next one, as if the paragraph had been written so.
    if (broken.length > 1 && continues.test(last) && continues.test(next)) {
      lines[0] = `${last} ${next.trim().slice(2)}`;
      broken.pop();
    }
    result.push(...broken);
  }
  return result.join("\n");
}

/** A line within a comment that a sentence may go on in: no parameter, picture or end. */
const continues = /^ *\* (?![@ ])/;

function wrappedLine(line: string): string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const trimmed = line.trim();
  if (trimmed.startsWith("#")) return wrappedDirective(line);
  const tag = /^\* @(?:param \w+|return) +/.exec(trimmed)?.[0];
  if (tag !== undefined)
    return filled(trimmed.slice(tag.length), indent + tag, `${indent}*`.padEnd(indent.length + tag.length));
  if (/^\* /.test(trimmed)) return filled(trimmed.slice(2), `${indent}* `);
  if (trimmed.startsWith("/*") && trimmed.endsWith("*/")) return block(trimmed, indent);
  const comment = tokenize(line).at(-1);
  if (comment?.kind === "comment")
    return commentApart(line.slice(0, comment.start).trimEnd(), comment.text, indent);
  return wrappedCode(line, indent);
}

/** The comment behind a macro in front of it. */
function wrappedDirective(line: string): string[] {
  const comment = line.indexOf("/*");
  return comment <= 0
    ? [line]
    : [...wrapped(line.slice(comment)).split("\n"), line.slice(0, comment).trimEnd()];
}

/** A comment as lines of its own: in front of the code, or first in the block that the code opens. */
function commentApart(code: string, comment: string, indent: string): string[] {
  const opens = code.endsWith("{");
  const lines = wrapped(`${indent}${opens ? "    " : ""}${comment}`).split("\n");
  const rest = wrapped(code).split("\n");
  return opens ? [...rest, ...lines] : [...lines, ...rest];
}

function block(comment: string, indent: string): string[] {
  const words = comment
    .slice(2, -2)
    .replace(/^\*?\s*/, "")
    .trimEnd();
  const opening = comment.startsWith("/**") ? "/**" : "/*";
  return [`${indent}${opening}`, ...filled(words, `${indent} * `), `${indent} */`];
}

/** @param next what the lines behind the first one begin with */
function filled(words: string, start: string, next = start): string[] {
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const word of words.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = next;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

interface Break {
  /** Offset behind which the line is broken. */
  readonly at: number;
  /** Brackets that are open there. */
  readonly depth: number;
  readonly rank: number;
  /** Column of the next line. */
  readonly column: number;
}

/** Best places first where brackets do not tell: a condition is broken behind its operators. */
const ranks: Readonly<Record<string, number>> = {
  "&&": 0,
  "||": 0,
  ",": 1,
  "?": 2,
  ":": 2,
  "=": 3,
  "==": 4,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  "-": 5,
  "+": 5,
  "|": 5,
  "<<": 6,
  ">>": 6,
};

function wrappedCode(line: string, indent: string): string[] {
  const found = breaksOf(line, indent)
    .filter(({ at }) => at <= columns)
    .sort((a, b) => a.depth - b.depth || a.rank - b.rank || b.at - a.at)[0];
  if (found === undefined) return [line];
  const rest = `${" ".repeat(found.column)}${line.slice(found.at).trimStart()}`;
  // A rest that is as long as the line would be broken for ever.
  if (rest.length >= line.length) return [line];
  return [
    line.slice(0, found.at).trimEnd(),
    ...(rest.length <= columns ? [rest] : wrappedCode(rest, " ".repeat(found.column))),
  ];
}

function breaksOf(line: string, indent: string): readonly Break[] {
  const open: Token[] = [];
  const breaks: Break[] = [];
  let before: Token | undefined;
  for (const token of tokenize(line)) {
    const isUnary = before === undefined || (before.kind === "punctuation" && !/[)\]]/.test(before.text));
    before = token;
    if (token.kind !== "punctuation" || isUnary) {
      if (token.text === "(" || token.text === "[") open.push(token);
      continue;
    }
    if (token.text === "(" || token.text === "[") open.push(token);
    else if (token.text === ")" || token.text === "]") open.pop();
    const rank = ranks[token.text];
    if (rank === undefined) continue;
    const column = open.at(-1)?.end ?? indent.length + 4;
    breaks.push({ at: token.end, depth: open.length, rank, column });
  }
  return breaks;
}
