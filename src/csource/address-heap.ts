/**
 * Where the C finds its heap. Templates are written for one heap, a variable `heap`; a heap that lies elsewhere is
 * reached through a pointer, and one of many comes as the first parameter of all that touch it. Both follow from the
 * functions' records, so that no policy and no API need know of them.
 */
import { functionsOf, type CFunction } from "./c-function.js";
import { touching } from "./touching.js";
import { guardHeap, type HeapGuard } from "./guard-heap.js";
import { realigned, type Edit } from "./realign.js";
import { tokenize, type Token } from "./tokens.js";

export type HeapAddress =
  | { readonly kind: "variable"; readonly guard?: HeapGuard }
  /** `guard`: the pointer is NULL before init. */
  | { readonly kind: "pointer"; readonly guard?: HeapGuard }
  /** Each public function but init is given the heap: `<prefix>_t *heap`; so is each that public functions call, defined elsewhere. */
  | {
      readonly kind: "parameter";
      readonly prefix: string;
      readonly hooks?: readonly string[];
      readonly guard?: HeapGuard;
    };

/** A piece of the C, from the text its template gives. `functions` are all of the file. */
export function addressHeap(piece: string, functions: readonly CFunction[], address: HeapAddress): string {
  const text = address.guard === undefined ? piece : guardHeap(piece, functions, address.guard);
  if (address.kind === "variable") return text;
  const tokens = tokenize(text);
  const edits = throughPointer(tokens);
  if (address.kind === "parameter") edits.push(...asParameter(text, tokens, functions, address));
  return realigned(text, edits);
}

function throughPointer(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, index) => {
    const dot = tokens[index + 1];
    if (token.text !== "heap" || token.kind !== "word" || dot?.text !== ".") return [];
    return [{ start: dot.start, end: dot.end, text: "->" }];
  });
}

function asParameter(
  text: string,
  tokens: readonly Token[],
  all: readonly CFunction[],
  { prefix, hooks = [] }: Extract<HeapAddress, { kind: "parameter" }>,
): readonly Edit[] {
  const touches = touching(all);
  const isPublic = (name: string): boolean => name.startsWith(`${prefix}_`);
  // Where an instance begins: it has no heap yet, but returns one.
  const init = `${prefix}_init`;
  const takers = new Set([
    ...all.map(({ name }) => name).filter((name) => name !== init && (isPublic(name) || touches.has(name))),
    ...hooks,
  ]);
  const edits: Edit[] = [];
  for (const { name, parameters, body } of functionsOf(text)) {
    if (takers.has(name)) {
      edits.push(parameterEdit(text, parameters.start, parameters.end, `${prefix}_t *heap`));
      if (!touches.has(name)) {
        const at = body.start + 1;
        edits.push({ start: at, end: at, text: "    (void)heap; /* The block tells it all. */\n" });
      }
    }
    for (const [index, token] of tokens.entries()) {
      const isInside = token.start >= body.start && token.end <= body.end;
      const [open, behind] = [tokens[index + 1], tokens[index + 2]];
      if (!isInside || !takers.has(token.text) || token.kind !== "word" || open?.text !== "(") continue;
      edits.push({ start: open.end, end: open.end, text: behind?.text === ")" ? "heap" : "heap, " });
    }
  }
  return edits;
}

/** The heap in front of the parameters [start, end). */
export function parameterEdit(text: string, start: number, end: number, parameter: string): Edit {
  if (text.slice(start, end) === "void") return { start, end, text: parameter };
  return { start, end: start, text: `${parameter}, ` };
}
