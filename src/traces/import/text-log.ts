/**
 * Lines of a log with marks: `@a ADDRESS SIZE`, `@c ADDRESS SIZE`, `@m ADDRESS ALIGNMENT SIZE`, `@r OLD NEW SIZE`,
 * `@f ADDRESS`, and `@t TICKS` before any of them. A mark stands at the start of a line or behind a blank; several may
 * stand on one line, as when tasks print at once. docs/traces.md has the whole.
 */
import type { HeapEvent, Place } from "./event.js";
import { linesOf } from "./lines.js";
import { addressPattern, parseAddress, parseCount } from "./numbers.js";
import { countLines, type Importer } from "./source.js";

const mark = new RegExp(String.raw`(?<=^|[\s\])>|:;,])@([acmrft])[ \t]+([^@]*)`, "g");
const recognised = new RegExp(String.raw`(?<=^|[\s\])>|:;,])@[acmrf][ \t]+(?:${addressPattern})\b`);

export const textLog: Importer = {
  name: "text",
  holds: 'lines with "@a ADDRESS SIZE", "@r OLD NEW SIZE", "@f ADDRESS"',
  recognise: (source) => countLines(source, recognised),
  *events({ pieces }) {
    for (const { text, number, ended } of linesOf(pieces())) {
      if (!text.includes("@")) continue;
      const place = { line: number };
      let time: number | undefined;
      for (const [all, letter = "", words = ""] of text.matchAll(mark)) {
        const operands = words.trim().split(/\s+/);
        if (letter === "t") {
          time = parseCount(operands[0]) ?? time;
          continue;
        }
        const told = { place, ...(time === undefined ? {} : { time }) };
        const event = parseMark(letter, operands, told);
        if (event === "nothing") continue;
        if (event !== undefined) {
          // Cut within its last number it would be another event.
          if (ended || !text.endsWith(all)) yield event;
          else yield { kind: "notice", place, what: "the file ends within a line: its event is left out" };
        } else yield { kind: "unreadable", place, what: malformed(letter, words) };
      }
    }
  },
};

const forms: Readonly<Record<string, string>> = {
  a: "@a ADDRESS SIZE",
  c: "@c ADDRESS SIZE",
  m: "@m ADDRESS ALIGNMENT SIZE",
  r: "@r OLD NEW SIZE",
  f: "@f ADDRESS",
};

function malformed(letter: string, words: string): string {
  const found = `@${letter} ${words.trim()}`;
  const shown = found.length > 40 ? `${found.slice(0, 39)}…` : found;
  return `found ${JSON.stringify(shown)} (allowed: ${forms[letter] ?? ""}, addresses hexadecimal, sizes decimal)`;
}

/** Undefined for what is malformed; "nothing" for free(NULL). */
function parseMark(
  letter: string,
  [first, second, third]: readonly string[],
  told: { readonly place: Place; readonly time?: number },
): HeapEvent | "nothing" | undefined {
  const address = parseAddress(first);
  if (address === undefined) return undefined;
  switch (letter) {
    case "f":
      return address === 0 ? "nothing" : { kind: "free", address, ...told };
    case "m": {
      const [alignment, size] = [parseCount(second), parseCount(third)];
      if (alignment === undefined || size === undefined) return undefined;
      if (!Number.isInteger(Math.log2(alignment))) return undefined;
      if (address === 0) return { kind: "failed", request: "aligned", size, ...told };
      return { kind: "aligned", address, alignment, size, ...told };
    }
    case "r":
      return realloc(address, parseAddress(second), parseCount(third), told);
    default: {
      const size = parseCount(second);
      if (size === undefined) return undefined;
      const kind = letter === "c" ? "calloc" : "malloc";
      if (address === 0) return { kind: "failed", request: kind, size, ...told };
      return { kind, address, size, ...told };
    }
  }
}

/** C's cases: of NULL it is malloc, to 0 bytes with NULL it has freed the block, else NULL means that it failed. */
function realloc(
  old: number,
  address: number | undefined,
  size: number | undefined,
  told: { readonly place: Place; readonly time?: number },
): HeapEvent | "nothing" | undefined {
  if (address === undefined || size === undefined) return undefined;
  if (address === 0) {
    if (size > 0) return { kind: "failed", request: old === 0 ? "malloc" : "realloc", size, ...told };
    return old === 0 ? "nothing" : { kind: "free", address: old, ...told };
  }
  if (old === 0) return { kind: "malloc", address, size, ...told };
  return { kind: "realloc", old, address, size, ...told };
}
