/** Where a C file can be mutated: the bodies of its functions, and the constants it defines. */
import { functionsOf, type CFunction } from "../csource/c-function.js";
import { closing, tokenize, withoutComments, type Token } from "../csource/tokens.js";
import type { Range } from "../csource/ranges.js";
import { variablesOf, type Variable } from "./variables.js";
import type { Edits, TextEdit } from "./mutant.js";

/** Code that operators change. Offsets are those of the whole file. */
export interface Place {
  /** Of the function, the macro or the table. */
  readonly name: string;
  /** Only functions have statements, conditions and variables. */
  readonly kind: "function" | "constant";
  /** Without comments, and without what the compiler alone reads. */
  readonly tokens: readonly Token[];
  /** "uint8_t *", "" of a constant. */
  readonly returns: string;
  readonly variables: readonly Variable[];
  readonly file: FileFacts;
}

/** What operators know of the whole file. */
export interface FileFacts {
  readonly text: string;
  /** Macros that stand for a number, with the first number in them. */
  readonly constants: ReadonlyMap<string, number>;
  /** Members that stand beside each other in some struct or union. */
  readonly siblings: ReadonlyMap<string, ReadonlySet<string>>;
}

/** All places of a file, in its order. */
export function placesOf(text: string): readonly Place[] {
  const tokens = tokenize(text);
  const macros = tokens.flatMap((token) => macroOf(token));
  const functions = functionsOf(text);
  const file: FileFacts = {
    text,
    constants: new Map(macros.map(({ name, tokens: value }) => [name, numberIn(value)])),
    siblings: siblingsOf(tokens),
  };
  const plain = { kind: "constant", returns: "", variables: [], file } as const;
  const places: readonly Place[] = [
    ...macros.map((macro) => ({ ...plain, ...macro })),
    ...tablesOf(tokens, functions).map((table) => ({ ...plain, ...table })),
    ...functions.map((found) => functionPlace(found, tokens, file)),
  ];
  return places.toSorted((left, right) => (left.tokens[0]?.start ?? 0) - (right.tokens[0]?.start ?? 0));
}

const numberIn = (tokens: readonly Token[]): number =>
  Number(
    /^(?:0[xX][\da-fA-F]+|\d+)/.exec(tokens.find(({ kind }) => kind === "number")?.text ?? "")?.[0] ?? 0,
  );

interface Named {
  readonly name: string;
  readonly tokens: readonly Token[];
}

/** A macro without parameters whose value is a number, or made of numbers. */
function macroOf(token: Token): readonly Named[] {
  if (token.kind !== "directive") return [];
  const [head = "", name] = /^#define\s+(\w+)(?=\s)/.exec(token.text) ?? [];
  if (name === undefined) return [];
  const value = withoutComments(tokenize(token.text.slice(head.length))).map((each) => ({
    ...each,
    start: each.start + token.start + head.length,
    end: each.end + token.start + head.length,
  }));
  const isNumeric =
    value.some(({ kind }) => kind === "number") && value.every(({ text }) => text !== "__attribute__");
  return isNumeric ? [{ name, tokens: value }] : [];
}

/** Objects of the file with a list of initial values. */
function tablesOf(tokens: readonly Token[], functions: readonly CFunction[]): readonly Named[] {
  const code = withoutComments(tokens);
  return code.flatMap((token, index) => {
    if (token.text !== "=" || code[index + 1]?.text !== "{") return [];
    if (functions.some(({ span }) => span.start <= token.start && token.start < span.end)) return [];
    const head = code.slice(0, index).findLast(({ kind }) => kind === "word");
    return [{ name: head?.text ?? "", tokens: code.slice(index + 2, closing(code, index + 1)) }];
  });
}

function functionPlace(found: CFunction, tokens: readonly Token[], file: FileFacts): Place {
  const head = withoutComments(tokens).filter(
    ({ start, end }) => start >= found.span.start && end <= found.parameters.end,
  );
  const open = head.findIndex(({ start }) => start >= found.parameters.start);
  const parameters = open < 0 ? [] : head.slice(open);
  const before = head.slice(0, open < 0 ? undefined : open).slice(0, -2);
  return {
    name: found.name,
    kind: "function",
    tokens: found.code,
    returns: typeText(before),
    variables: variablesOf(parameters, found.code),
    file,
  };
}

const specifiers: ReadonlySet<string> = new Set([
  "static",
  "inline",
  "const",
  "volatile",
  "extern",
  "_Noreturn",
]);

/** The type that a definition's head ends with: "uint8_t *". */
function typeText(head: readonly Token[]): string {
  const at = head.findLastIndex(({ text }) => text === ")");
  return head
    .slice(at + 1)
    .map(({ text }) => text)
    .filter((text) => !specifiers.has(text) && !/^[A-Z_]+$/.test(text))
    .join(" ");
}

/** Members of each struct and union by those that stand beside them. */
function siblingsOf(tokens: readonly Token[]): ReadonlyMap<string, ReadonlySet<string>> {
  const code = withoutComments(tokens);
  const siblings = new Map<string, Set<string>>();
  for (const [index, { text }] of code.entries()) {
    if (text !== "struct" && text !== "union") continue;
    const open = code[index + 1]?.text === "{" ? index + 1 : index + 2;
    if (code[open]?.text !== "{") continue;
    const members = membersOf(code.slice(open + 1, closing(code, open)));
    for (const member of members) {
      const known = siblings.get(member) ?? new Set();
      for (const other of members) if (other !== member) known.add(other);
      siblings.set(member, known);
    }
  }
  return siblings;
}

/** Names in front of the semicolons of a struct's own level. */
function membersOf(body: readonly Token[]): readonly string[] {
  const names: string[] = [];
  let name: string | undefined;
  for (let index = 0; index < body.length; index++) {
    const token = body[index];
    if (token === undefined) break;
    if (token.text === "{" || token.text === "[") index = closing(body, index);
    else if (token.text === ";") {
      if (name !== undefined) names.push(name);
      name = undefined;
    } else if (token.kind === "word") name = token.text;
  }
  return names;
}

/** The offsets of some tokens, and other text in their place. */
export function replaced(tokens: readonly Token[], { from, to }: Range, text: string): TextEdit {
  const [first, last] = [tokens[from], tokens[to - 1]];
  if (first === undefined || last === undefined) throw new Error("an empty range of tokens");
  return { start: first.start, end: last.end, text };
}

/** What stands there. */
export function sourceOf({ tokens, file }: Place, { from, to }: Range): string {
  const { start, end } = replaced(tokens, { from, to }, "");
  return file.text.slice(start, end);
}

/** One token exchanged for each of some texts: as many mutants. */
export const exchanged = (token: Token, texts: readonly string[]): readonly Edits[] =>
  texts.filter((text) => text !== token.text).map((text) => [{ start: token.start, end: token.end, text }]);
