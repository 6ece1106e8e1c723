/**
 * What glibc's mtrace() writes (malloc/mtrace-impl.c): `@ WHO[0xPC] + ADDRESS 0xSIZE` for an allocation by any function,
 * `- ADDRESS` for a free, the pair `< OLD` and `> NEW 0xSIZE` for a realloc, `! OLD 0xSIZE` for one that failed, and
 * `= Start` and `= End` around it. An allocation that failed has the address (nil).
 */
import type { HeapEvent, Place } from "./event.js";
import { linesOf } from "./lines.js";
import { parseAddress } from "./numbers.js";
import { countLines, type Importer } from "./source.js";

const line = /^(?:@ (.*) )?([-+<>!]) (0x[0-9a-f]+|\(nil\))(?: (0x[0-9a-f]+|0))?$/;

export const mtrace: Importer = {
  name: "mtrace",
  holds: 'lines such as "@ ./program:[0x11df] + 0x558b3a5552a0 0x10"',
  recognise: (source) =>
    countLines(
      source,
      /^(?:= Start|@ .*\[0x[0-9a-f]+\] [-+<>!] (?:0x[0-9a-f]+|\(nil\))(?: 0x[0-9a-f]+)?)\r?$/,
    ),
  *events({ pieces }) {
    /** What a "<" began, until its ">". */
    let moved: { readonly old: number; readonly place: Place } | undefined;
    for (const { text, number, ended } of linesOf(pieces())) {
      const place = { line: number };
      const [, who, sign, where, bytes] = line.exec(text) ?? [];
      if (sign === undefined) {
        if (!ended)
          yield { kind: "notice", place, what: "the file ends within a line: its event is left out" };
        else if (text.startsWith("@ "))
          yield { kind: "unreadable", place, what: "found a line that mtrace does not write" };
        continue;
      }
      if (!ended) {
        yield { kind: "notice", place, what: "the file ends within a line: its event is left out" };
        continue;
      }
      if (moved !== undefined && sign !== ">") {
        yield {
          kind: "unreadable",
          place: moved.place,
          what: 'found "<", the first half of a realloc, without ">"',
        };
        moved = undefined;
      }
      const [address, size] = [parseAddress(where) ?? 0, sizeOf(bytes)];
      if (sign === "<") {
        moved = { old: address, place };
        continue;
      }
      if (sign === ">") {
        if (moved === undefined) {
          yield { kind: "unreadable", place, what: 'found ">", the second half of a realloc, without "<"' };
        } else yield { kind: "realloc", old: moved.old, address, size, place, ...tagOf(who) };
        moved = undefined;
        continue;
      }
      const event = simple(sign, address, size, place, who);
      if (event !== undefined) yield event;
    }
  },
};

function simple(
  sign: string,
  address: number,
  size: number,
  place: Place,
  who: string | undefined,
): HeapEvent | undefined {
  switch (sign) {
    case "-":
      return address === 0 ? undefined : { kind: "free", address, place };
    case "!":
      return { kind: "failed", request: "realloc", size, place };
    default:
      if (address === 0) return { kind: "failed", request: "malloc", size, place };
      return { kind: "malloc", address, size, place, ...tagOf(who) };
  }
}

/** Bytes; more than a number can hold exactly only where the request failed. */
const sizeOf = (word: string | undefined): number => (word === undefined ? 0 : Number(word));

/** "libc.so.6:(__strdup+1a)" of "/lib/x86_64-linux-gnu/libc.so.6:(__strdup+1a)[0x9e9aa]", "m:[0x11df]" of "./m:[0x11df]". */
function tagOf(who: string | undefined): { readonly tag?: string } {
  if (who === undefined) return {};
  const named = /\(.+\)\[0x[0-9a-f]+\]$/.test(who) ? who.replace(/\[0x[0-9a-f]+\]$/, "") : who;
  return { tag: named.replace(/^.*\//, "") };
}
