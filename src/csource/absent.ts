/**
 * Statements about what a heap does not have. A template says everything that an operation does: it tells the right
 * neighbour, seals the header, counts the bytes, takes the lock. Where the heap has no such field, figure or lock, the
 * statement is left out, and so is a branch that holds nothing else.
 */
import { closing, opening, tokenize, type Token } from "./tokens.js";

/** What templates may speak of and this heap does not have. */
export interface Absent {
  /** Functions: a statement that calls one, or keeps its result, is left out. */
  readonly functions: ReadonlySet<string>;
  /**
   * Members of the control data or of the links: a statement that writes one is left out. "->previous" is one that is
   * reached through a pointer, where a local variable has a member of the same name.
   */
  readonly members: ReadonlySet<string>;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text of a function without such statements. @throws Error where an expression asks for what is absent */
export function withoutAbsent(text: string, absent: Absent): string {
  let rest = text;
  for (;;) {
    const tokens = tokenize(rest);
    const found = absentStatement(tokens, absent);
    if (found === undefined) return rest;
    rest = withoutRange(rest, emptied(tokens, found));
  }
}

/** Tokens [from, to] of the first statement that is to go. */
interface Statement {
  readonly from: number;
  readonly to: number;
}

function absentStatement(tokens: readonly Token[], absent: Absent): Statement | undefined {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    const isCall = absent.functions.has(token.text) && tokens[index + 1]?.text === "(";
    if (isCall) return callStatement(tokens, index);
    const before = tokens[index - 1]?.text;
    const isMember =
      (before === "." || before === "->") &&
      (absent.members.has(token.text) || absent.members.has(`${before}${token.text}`));
    if (isMember) {
      const statement = writeStatement(tokens, index);
      if (statement !== undefined) return statement;
    }
  }
  return undefined;
}

/** Index of the first token of the statement that `index` stands in. */
function beginning(tokens: readonly Token[], index: number): number {
  let at = index;
  let depth = 0;
  while (at > 0) {
    const { kind, text } = tokens[at - 1] ?? { kind: "comment", text: "" };
    if (kind === "comment") break;
    if (text === ")") depth++;
    else if (text === "(") depth--;
    else if (depth === 0 && (text === ";" || text === "{" || text === "}")) break;
    at--;
  }
  return at;
}

function callStatement(tokens: readonly Token[], call: number): Statement {
  const name = tokens[call]?.text ?? "";
  const from = beginning(tokens, call);
  const to = closing(tokens, call + 1) + 1;
  const isAlone = from === call || tokens[call - 1]?.text === "=";
  if (!isAlone || tokens[to]?.text !== ";")
    throw new Error(`an expression asks for ${name}, which this heap has not`);
  return { from, to };
}

const writes: ReadonlySet<string> = new Set(["=", "++", "--", "+=", "-="]);

/** The assignment to the member at `index`, which may have an index of its own; undefined where it is only read. */
function writeStatement(tokens: readonly Token[], index: number): Statement | undefined {
  const from = beginning(tokens, index);
  const behind = tokens[index + 1]?.text === "[" ? closing(tokens, index + 1) + 1 : index + 1;
  if (!writes.has(tokens[behind]?.text ?? "")) return undefined;
  let to = behind;
  while (tokens[to]?.text !== ";") to++;
  return { from, to };
}

/** The characters of a statement, or of the branches that hold nothing else. */
function emptied(tokens: readonly Token[], { from, to }: Statement): Range {
  const isAlone = tokens[from - 1]?.text === "{" && tokens[to + 1]?.text === "}";
  if (isAlone) {
    const [open, close] = [from - 1, to + 1];
    const before = tokens[open - 1]?.text;
    if (before === "else") return rangeOf(tokens, open - 1, close);
    if (before === ")" && tokens[close + 1]?.text !== "else") {
      const condition = opening(tokens, open - 1);
      if (tokens[condition - 1]?.text === "if" && tokens[condition - 2]?.text !== "else")
        return emptied(tokens, { from: condition - 1, to: close });
      if (tokens[condition - 1]?.text === "if") return rangeOf(tokens, condition - 2, close);
    }
  }
  return rangeOf(tokens, from, to);
}

function rangeOf(tokens: readonly Token[], from: number, to: number): Range {
  const [first, last] = [tokens[from], tokens[to]];
  if (first === undefined || last === undefined) throw new Error("a statement without tokens");
  return { start: first.start, end: last.end };
}

/** Takes characters out: whole lines with the comment behind them, and a blank line that then follows nothing. */
function withoutRange(text: string, range: Range): string {
  const lineStart = text.lastIndexOf("\n", range.start - 1) + 1;
  const before = text.slice(lineStart, range.start);
  // "} else { ... }": what closes the branch before stays.
  if (before.trim() !== "") return text.slice(0, range.start).trimEnd() + text.slice(range.end);
  const lineEnd = text.indexOf("\n", range.end);
  const head = text.slice(0, lineStart);
  let tail = text.slice(lineEnd + 1);
  const opens = head.endsWith("{\n") || head.endsWith("\n\n");
  if (opens && tail.startsWith("\n")) tail = tail.slice(1);
  if (head.endsWith("\n\n") && /^\s*\}/.test(tail)) return head.slice(0, -1) + tail;
  return head + tail;
}
