/** The variables of a function, with their types, and where each can be used. */
import { statementsOf } from "../csource/ranges.js";
import { closing, type Token } from "../csource/tokens.js";

export interface Variable {
  readonly name: string;
  /** Without qualifiers: "uint8_t *". */
  readonly type: string;
  /** Whether it is written as `const`: another cannot be assigned to. */
  readonly constant: boolean;
  /** Offsets in the text between which it is known: [start, end). */
  readonly start: number;
  readonly end: number;
}

/** Parameters, then what the body declares. @param parameters without parentheses */
export function variablesOf(parameters: readonly Token[], body: readonly Token[]): readonly Variable[] {
  const end = body.at(-1)?.end ?? 0;
  const start = body[0]?.start ?? 0;
  const given = splitAtCommas(parameters).flatMap((tokens) => {
    const found = declarator(tokens, tokens.length);
    return found === undefined ? [] : [{ ...found, start, end }];
  });
  const declared = statementsOf(body).flatMap(({ from, to, clause }) => {
    const stop = body.findIndex(({ text }, index) => index >= from && ["=", ";", "["].includes(text));
    const found = declarator(body.slice(from, Math.min(stop, to)), stop - from);
    const after = body[to - 1];
    if (found === undefined || after === undefined) return [];
    return [{ ...found, start: after.end, end: clause ? loopEnd(body, from) : blockEnd(body, from) }];
  });
  return [...given, ...declared];
}

const qualifiers: ReadonlySet<string> = new Set(["const", "volatile", "static", "register"]);

/** "uint8_t *const block" as a name and a type; undefined where the tokens declare nothing. */
function declarator(
  tokens: readonly Token[],
  length: number,
): Pick<Variable, "name" | "type" | "constant"> | undefined {
  const words = tokens.slice(0, length).filter(({ text }) => !qualifiers.has(text));
  const name = words.at(-1);
  const type = words.slice(0, -1);
  const isType = type.every(({ kind, text }) => kind === "word" || text === "*");
  if (name?.kind !== "word" || type[0]?.kind !== "word" || !isType || type[0].text === "return")
    return undefined;
  const last = tokens.slice(0, length).findLastIndex(({ text }) => text === "*");
  const constant = tokens.slice(last + 1, length).some(({ text }) => text === "const");
  return { name: name.text, type: type.map(({ text }) => text).join(" "), constant };
}

function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.text === ",") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** Where the block ends in which the token at `index` stands. */
function blockEnd(body: readonly Token[], index: number): number {
  for (let at = index; at < body.length; at++) {
    const text = body[at]?.text;
    if (text === "{" || text === "(" || text === "[") at = closing(body, at);
    else if (text === "}") return body[at]?.start ?? 0;
  }
  return body.at(-1)?.end ?? 0;
}

/** Of a `for` whose first clause begins at `index`: where its body ends. */
function loopEnd(body: readonly Token[], index: number): number {
  const open = body.findIndex(({ text }, at) => at > index && text === "{");
  return open < 0 ? blockEnd(body, index) : (body[closing(body, open)]?.end ?? 0);
}
