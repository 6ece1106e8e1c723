/**
 * A C file from its pieces: functions, and the types and macros they use, each with a template of its own. Only what is
 * reached from the public functions is there, so nobody says by hand whether a function is needed.
 */
import type { View } from "../emit/view.js";
import { render } from "../emit/render.js";
import { withoutAbsent, type Absent } from "./absent.js";
import { addressHeap, type HeapAddress } from "./address-heap.js";
import { functionsOf, wordsOf, type CFunction } from "./c-function.js";
import { lineCount, moved, placedFunctions, type PlacedFunction } from "./placed.js";
import { tokenize, type Token } from "./tokens.js";

/** Something at the top level of a C file. */
export interface Piece {
  /** What it defines: whoever uses one of the names needs the piece. None: it is always there. */
  readonly defines: readonly string[];
  /** templates/<template>.c.hbs */
  readonly template: string;
}

export interface Section {
  /** Directly behind what stands before it, without a blank line; or so where the section before is empty. */
  readonly tight?: "always" | "behind an empty section";
  /** In its comment; none for what stands in front of all sections. */
  readonly title?: string;
  /** Columns of the comment beyond the usual ones. */
  readonly overhang?: number;
  readonly pieces: readonly Piece[];
}

export interface Unit {
  readonly text: string;
  readonly functions: readonly PlacedFunction[];
  /** The same functions, before the heap has its address. */
  readonly records: readonly CFunction[];
}

export const piece = (template: string, ...defines: readonly string[]): Piece => ({ template, defines });
/** A piece that defines what its template is called, with underscores. */
export const functionIn = (folder: string, name: string): Piece =>
  piece(`${folder}/${name.replaceAll("_", "-")}`, name);

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
  /** A folder with further templates, an absolute path. */
  readonly folder?: string | undefined;
}

/** @throws Error: two pieces define one name, a root has no piece, or an expression asks for what is absent */
export function assemble(parts: UnitParts): Unit {
  const rendered = reached(parts);
  const kept = parts.sections
    .map((section) => ({ ...section, pieces: section.pieces.filter((each) => rendered.has(each)) }))
    .map((section, index, all) => ({
      ...section,
      isTight:
        section.tight === "always" || (section.tight !== undefined && all[index - 1]?.pieces.length === 0),
    }))
    .filter(({ pieces }) => pieces.length > 0);
  const functions = [...rendered.values()].flatMap((each) => each.functions);
  const placed: PlacedFunction[] = [];
  let text = "";
  for (const { title, pieces, isTight, overhang = 0 } of kept) {
    let isNext = isTight;
    const add = (own: string): void => {
      text = isNext ? `${text}${own}` : separated(text, own);
      isNext = false;
    };
    if (title !== undefined) add(heading(title, overhang));
    for (const each of pieces) {
      const own = addressHeap(rendered.get(each)?.text ?? "", functions, parts.address);
      add(own);
      placed.push(...moved(placedFunctions(own), lineCount(text.slice(0, text.length - own.length))));
    }
  }
  return { text, functions: placed, records: functions };
}

const separated = (text: string, next: string): string => (text === "" ? next : `${text}\n${next}`);

function heading(title: string, overhang: number): string {
  const start = `/* ---- ${title} `;
  return `${start}${"-".repeat(Math.max(4, 115 + overhang - start.length))} */\n`;
}

/** The pieces that the public functions need, with their texts. */
function reached({ sections, roots, view, absent, folder }: UnitParts): ReadonlyMap<Piece, Rendered> {
  const all = sections.flatMap(({ pieces }) => pieces);
  const defining = new Map<string, Piece>();
  for (const each of all) {
    for (const name of each.defines) {
      if (defining.has(name)) throw new Error(`two pieces of the C define ${name}`);
      defining.set(name, each);
    }
  }
  const rendered = new Map<Piece, Rendered>();
  const waiting = all.filter(({ defines }) => defines.length === 0);
  for (const root of roots) {
    const found = defining.get(root);
    if (found === undefined) throw new Error(`no piece of the C defines ${root}`);
    waiting.push(found);
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (rendered.has(next)) continue;
    // Until the words of the C change, one function keeps a branch that holds nothing.
    const emptied = /^(policies\/segregated-fit|blocks)\/realloc/.test(next.template) ? "kept" : "left out";
    const text = withoutAbsent(trimmed(render(`${next.template}.c`, view, folder)), absent, emptied);
    rendered.set(next, { piece: next, text, functions: functionsOf(text) });
    const needed = wordsOf(tokenize(text).flatMap(insideDirective)).flatMap(
      (word) => defining.get(word) ?? [],
    );
    waiting.push(...needed);
  }
  return rendered;
}

/** Text without blank lines around it, ending its last line; what indents a partial indents its blank lines too. */
export const trimmed = (text: string): string =>
  `${text.replace(/^\n+/, "").replace(/^ +$/gm, "").trimEnd()}\n`;

/** The tokens of what a preprocessor line holds; any other token as it is. */
const insideDirective = (token: Token): readonly Token[] =>
  token.kind === "directive" ? tokenize(token.text.slice(1)) : [token];
