/**
 * Assembly that the compiler may move accesses of memory across. A build may be right by luck: what the compiler does
 * with the same text in another program, no run of this one tells.
 */
import { functionsOf } from "./c-function.js";
import { closing, type Token } from "./tokens.js";

const assembly = new Set(["asm", "__asm", "__asm__"]);
const volatility = new Set(["volatile", "__volatile", "__volatile__"]);

export interface OpenBarrier {
  /** The function that it is in. */
  readonly function: string;
  /** Line of the text, from 1. */
  readonly line: number;
}

/** Volatile assembly without a clobber of "memory". A text that cannot be read has none. */
export function openBarriers(text: string): readonly OpenBarrier[] {
  return readable(text).flatMap(({ name, code }) =>
    code.flatMap((token, index): readonly OpenBarrier[] => {
      if (!assembly.has(token.text) || !volatility.has(code[index + 1]?.text ?? "")) return [];
      return clobbersMemory(code, index + 2) ? [] : [{ function: name, line: lineOf(text, token) }];
    }),
  );
}

function readable(text: string) {
  try {
    return functionsOf(text);
  } catch {
    return [];
  }
}

/** @param open index of the parenthesis behind it */
function clobbersMemory(code: readonly Token[], open: number): boolean {
  if (code[open]?.text !== "(") return true;
  const operands = code.slice(open, closing(code, open));
  return operands.some(({ kind, text }) => kind === "string" && text === '"memory"');
}

const lineOf = (text: string, { start }: Token): number => text.slice(0, start).split("\n").length;
