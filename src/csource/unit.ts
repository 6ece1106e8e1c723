/**
 * A C file from its pieces: functions, and the types and macros they use, each with a template of its own. Only what is
 * reached from the public functions is there, so nobody says by hand whether a function is needed.
 */
import type { Piece, Section } from "./piece.js";
import type { View } from "./view.js";
import { render } from "./render.js";
import { withoutAbsent, type Absent } from "./absent.js";
import { addressHeap, type HeapAddress } from "./address-heap.js";
import { functionsOf, wordsOf, type CFunction } from "./c-function.js";
import { macrosOf, prefixed } from "./macros.js";
import { lineCount, moved, placedFunctions, type PlacedFunction } from "./source-lines.js";
import { tokenize, type Token } from "./tokens.js";
import { wrapped } from "./wrap.js";

export interface Unit {
  readonly text: string;
  readonly functions: readonly PlacedFunction[];
  /** The same functions, before the heap has its address. */
  readonly records: readonly CFunction[];
}

/** A piece with its text, before the heap has its address. */
interface Rendered {
  readonly piece: Piece;
  readonly text: string;
  readonly functions: readonly CFunction[];
}

export interface UnitParts {
  readonly sections: readonly Section[];
  /** Names of the public functions: what they reach is kept. */
  readonly roots: readonly string[];
  readonly view: View;
  readonly absent: Absent;
  readonly address: HeapAddress;
  /** In place of words of the templates, before anything else is made of them. */
  readonly words?: ReadonlyMap<string, string>;
  /** A folder with further templates, an absolute path. */
  readonly folder?: string | undefined;
  /** In front of every macro's name: a header that the file includes may define the plain ones. */
  readonly macroPrefix: string;
  /** Macros that have the prefix in their templates: a plain name may begin as the prefix does. */
  readonly prefixedMacros: readonly string[];
}

/** @throws Error: two pieces define one name, a root has no piece, or an expression asks for what is absent */
export function assemble(parts: UnitParts): Unit {
  const rendered = withComputed(parts, reached(parts));
  const functions = [...rendered.values()].flatMap((each) => each.functions);
  const macros = new Set([...rendered.values()].flatMap(({ text }) => macrosOf(text)));
  for (const name of parts.prefixedMacros) macros.delete(name);
  const finished = (text: string): string =>
    wrapped(prefixed(addressHeap(text, functions, parts.address), macros, parts.macroPrefix));
  const placed: PlacedFunction[] = [];
  const blocks: string[] = [];
  let lines = 0;
  const add = (block: string): void => {
    blocks.push(block);
    lines += lineCount(block) + 1;
  };
  for (const { title, pieces } of parts.sections) {
    const kept = pieces.flatMap((each) => rendered.get(each) ?? []);
    if (kept.length > 0 && title !== undefined) add(heading(title));
    for (const { text } of kept) {
      const own = finished(text);
      placed.push(...moved(placedFunctions(own), lines));
      add(own);
    }
  }
  return { text: blocks.join("\n"), functions: placed, records: functions };
}

const headingColumns = 115;

function heading(title: string): string {
  const start = `/* ---- ${title} `;
  return `${start}${"-".repeat(Math.max(4, headingColumns - start.length))} */\n`;
}

/** The pieces whose text depends on the others', too. */
function withComputed(
  { sections }: UnitParts,
  rendered: ReadonlyMap<Piece, Rendered>,
): ReadonlyMap<Piece, Rendered> {
  const words = new Set(
    [...rendered.values()].flatMap(({ text }) => wordsOf(tokenize(text).flatMap(insideDirective))),
  );
  const computed = sections.flatMap(({ pieces }) =>
    pieces.flatMap((each): [Piece, Rendered][] => {
      const text = each.text?.(words) ?? "";
      return text === "" ? [] : [[each, { piece: each, text, functions: [] }]];
    }),
  );
  return new Map([...rendered, ...computed]);
}

/** The pieces that the public functions need, with their texts. */
function reached({ sections, roots, view, absent, words, folder }: UnitParts): ReadonlyMap<Piece, Rendered> {
  const all = sections.flatMap(({ pieces }) => pieces);
  const defining = new Map<string, Piece>();
  for (const each of all) {
    for (const name of each.defines) {
      if (defining.has(name)) throw new Error(`two pieces of the C define ${name}`);
      defining.set(name, each);
    }
  }
  const rendered = new Map<Piece, Rendered>();
  const waiting = all.filter(({ defines, text }) => defines.length === 0 && text === undefined);
  for (const root of roots) {
    const found = defining.get(root);
    if (found === undefined) throw new Error(`no piece of the C defines ${root}`);
    waiting.push(found);
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (rendered.has(next)) continue;
    const written = replaced(trimmed(render(`${next.template}.c`, view, folder)), words);
    const text = withoutAbsent(written, absent);
    rendered.set(next, { piece: next, text, functions: functionsOf(text) });
    const needed = wordsOf(tokenize(text).flatMap(insideDirective)).flatMap(
      (word) => defining.get(word) ?? [],
    );
    waiting.push(...needed);
  }
  return rendered;
}

const replaced = (text: string, words: ReadonlyMap<string, string> = new Map()): string =>
  [...words].reduce((before, [word, by]) => before.replace(new RegExp(`\\b${word}\\b`, "g"), by), text);

/** Text without blank lines around it, ending its last line; what indents a partial indents its blank lines too. */
export const trimmed = (text: string): string =>
  `${text.replace(/^\n+/, "").replace(/^ +$/gm, "").trimEnd()}\n`;

/** The tokens of what a preprocessor line holds; any other token as it is. */
const insideDirective = (token: Token): readonly Token[] =>
  token.kind === "directive" ? tokenize(token.text.slice(1)) : [token];
