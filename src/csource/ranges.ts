/** Where in a function's body a change can be made: its statements, conditions, calls and operands, as ranges of tokens. */
import { closing, opening, type Token } from "./tokens.js";

/** Indices of tokens: [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A simple statement with its semicolon, or the first clause of a `for`, which cannot stand alone. */
export interface Statement extends Range {
  readonly clause: boolean;
}

const heads: ReadonlySet<string> = new Set(["if", "while", "for", "switch"]);
const openers: ReadonlySet<string> = new Set(["(", "[", "{"]);
const closers: ReadonlySet<string> = new Set([")", "]", "}"]);

const textAt = (tokens: readonly Token[], index: number): string => tokens[index]?.text ?? "";

/** The index of the next of `texts` at the same depth, from `start` on; the end where there is none. */
function nextOf(tokens: readonly Token[], start: number, ...texts: readonly string[]): number {
  for (let index = start; index < tokens.length; index++) {
    const text = textAt(tokens, index);
    if (texts.includes(text)) return index;
    if (openers.has(text)) index = closing(tokens, index);
    else if (closers.has(text)) return index;
  }
  return tokens.length;
}

/** All simple statements of a body, in its order. @param tokens without comments */
export function statementsOf(tokens: readonly Token[]): readonly Statement[] {
  const found: Statement[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const text = textAt(tokens, index);
    if (["{", "}", ";", "else", "do"].includes(text)) continue;
    if (text === "case" || text === "default") index = nextOf(tokens, index, ":");
    else if (heads.has(text)) {
      if (text === "for") {
        found.push({ from: index + 2, to: nextOf(tokens, index + 2, ";") + 1, clause: true });
      }
      index = closing(tokens, index + 1);
    } else {
      const end = nextOf(tokens, index, ";");
      found.push({ from: index, to: end + 1, clause: false });
      index = end;
    }
  }
  return found;
}

/** What `if`, `while`, `for` and `?` ask, in the order of the body. */
export function conditionsOf(tokens: readonly Token[]): readonly Range[] {
  return tokens.flatMap((token, index): readonly Range[] => {
    switch (token.text) {
      case "if":
      case "while":
        return [{ from: index + 2, to: closing(tokens, index + 1) }];
      case "for": {
        const from = nextOf(tokens, index + 2, ";") + 1;
        return [{ from, to: nextOf(tokens, from, ";") }];
      }
      case "?":
        return [{ from: operandBefore(tokens, index), to: index }];
      default:
        return [];
    }
  });
}

export interface Call extends Range {
  /** Without the commas between them. */
  readonly parameters: readonly Range[];
}

export function callsOf(tokens: readonly Token[], name: string): readonly Call[] {
  return tokens.flatMap((token, index): readonly Call[] => {
    if (token.kind !== "word" || token.text !== name || textAt(tokens, index + 1) !== "(") return [];
    const end = closing(tokens, index + 1);
    const parameters: Range[] = [];
    for (let from = index + 2; from < end;) {
      const to = nextOf(tokens, from, ",", ")");
      parameters.push({ from, to });
      from = to + 1;
    }
    return [{ from: index, to: end + 1, parameters }];
  });
}

/** C11, 6.5: the operators of two operands, those that bind closest first. */
const levels: readonly (readonly string[])[] = [
  ["*", "/", "%"],
  ["+", "-"],
  ["<<", ">>"],
  ["<", ">", "<=", ">="],
  ["==", "!="],
  ["&"],
  ["^"],
  ["|"],
  ["&&"],
  ["||"],
  ["?", ":"],
  ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="],
];
const levelOf = (operator: string): number => levels.findIndex((level) => level.includes(operator));
export const assignments: readonly string[] = levels.at(-1) ?? [];

/** Whether the token stands between two operands: `*`, `&` and `-` may be of one operand as well. */
function isBinary(tokens: readonly Token[], index: number): boolean {
  if (levelOf(textAt(tokens, index)) < 0) return false;
  const before = tokens[index - 1];
  if (before === undefined) return false;
  if (before.text === "]" || before.kind === "number" || before.kind === "string") return true;
  if (before.kind === "word") return before.text !== "return";
  return before.text === ")" && !closesCast(tokens, index - 1);
}

/** Whether an operator that may be of one operand or of two is of one. */
export const isUnary = (tokens: readonly Token[], index: number): boolean => !isBinary(tokens, index);

/** Casts, each the type with its parentheses. */
export function castsOf(tokens: readonly Token[]): readonly Range[] {
  return tokens.flatMap((token, index) => {
    if (token.text !== "(") return [];
    const to = closing(tokens, index);
    const isOperand = to + 1 < tokens.length && ![")", ";", ","].includes(textAt(tokens, to + 1));
    return closesCast(tokens, to) && isOperand ? [{ from: index, to: to + 1 }] : [];
  });
}

/** Whether a statement begins as only a declaration does: with two words, or a word, stars and a word. */
export function isDeclaration(tokens: readonly Token[], { from }: Range): boolean {
  const isWord = (index: number): boolean => tokens[index]?.kind === "word";
  let next = from + 1;
  while (textAt(tokens, next) === "*") next++;
  return isWord(from) && isWord(next) && textAt(tokens, from) !== "return";
}

export interface Loop {
  readonly condition: Range;
  /** Index of the brace that closes its body. */
  readonly bodyEnd: number;
  /** Whether it is a `for`. */
  readonly counts: boolean;
}

/** Loops whose body is in braces, in the order of the body. */
export function loopsOf(tokens: readonly Token[]): readonly Loop[] {
  return tokens.flatMap((token, index): readonly Loop[] => {
    if (token.text !== "while" && token.text !== "for") return [];
    const open = closing(tokens, index + 1) + 1;
    if (textAt(tokens, open) !== "{") return [];
    const from = token.text === "for" ? nextOf(tokens, index + 2, ";") + 1 : index + 2;
    const condition = { from, to: nextOf(tokens, from, ";", ")") };
    return [{ condition, bodyEnd: closing(tokens, open), counts: token.text === "for" }];
  });
}

/** Whether what closes at `close` is the name of a type in parentheses. */
function closesCast(tokens: readonly Token[], close: number): boolean {
  const open = opening(tokens, close);
  const inside = tokens.slice(open + 1, close);
  const isType = ({ kind, text }: Token): boolean =>
    text === "*" || (kind === "word" && /^(?:\w+_t|void|char|int|const|volatile|unsigned)$/.test(text));
  return textAt(tokens, open - 1) !== "sizeof" && inside.length > 0 && inside.every(isType);
}

/** Where the operand begins that ends in front of the operator at `operator`. */
function operandBefore(tokens: readonly Token[], operator: number): number {
  const level = levelOf(textAt(tokens, operator));
  for (let index = operator - 1; index >= 0; index--) {
    const text = textAt(tokens, index);
    if (closers.has(text)) index = opening(tokens, index);
    else if (openers.has(text) || [",", ";", "return"].includes(text)) return index + 1;
    else if (isBinary(tokens, index) && levelOf(text) > level) return index + 1;
  }
  return 0;
}

function operandAfter(tokens: readonly Token[], operator: number): number {
  const level = levelOf(textAt(tokens, operator));
  for (let index = operator + 1; index < tokens.length; index++) {
    const text = textAt(tokens, index);
    if (openers.has(text)) index = closing(tokens, index);
    else if (closers.has(text) || [",", ";"].includes(text)) return index;
    else if (isBinary(tokens, index) && levelOf(text) >= level) return index;
  }
  return tokens.length;
}

export interface Operator {
  /** Index of its token. */
  readonly at: number;
  readonly left: Range;
  readonly right: Range;
}

/** Each use of an operator of two operands. The left operand of the second `+` in a + b + c is a + b. */
export function operatorsOf(tokens: readonly Token[], operator: string): readonly Operator[] {
  return tokens.flatMap((token, at): readonly Operator[] => {
    if (token.text !== operator || !isBinary(tokens, at)) return [];
    return [
      {
        at,
        left: { from: operandBefore(tokens, at), to: at },
        right: { from: at + 1, to: operandAfter(tokens, at) },
      },
    ];
  });
}

/** The innermost `if` around a token: from its `if` to the end of its last branch; undefined where there is none. */
export function ifAround(tokens: readonly Token[], inside: number): Range | undefined {
  for (let index = inside; index >= 0; index--) {
    if (textAt(tokens, index) !== "if") continue;
    let end = branchEnd(tokens, closing(tokens, index + 1) + 1);
    if (end <= inside) continue;
    while (textAt(tokens, end) === "else") {
      const next = end + 1;
      end = branchEnd(tokens, textAt(tokens, next) === "if" ? closing(tokens, next + 1) + 1 : next);
    }
    return { from: index, to: end };
  }
  return undefined;
}

const branchEnd = (tokens: readonly Token[], start: number): number =>
  textAt(tokens, start) === "{" ? closing(tokens, start) + 1 : nextOf(tokens, start, ";") + 1;
