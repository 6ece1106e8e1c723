/** Where the functions of a C file stand: what proofs and messages need to know of it. */
import { functionsOf, type CFunction } from "./c-function.js";

/** Lines count from 1, both included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** A function of a file. */
export interface PlacedFunction extends Lines {
  readonly name: string;
  readonly linkage: CFunction["linkage"];
  /** Whether only damage calls it. */
  readonly isCold: boolean;
  readonly calls: ReadonlySet<string>;
  readonly loops: readonly PlacedLoop[];
}

/** From the loop's head through its closing brace. */
export interface PlacedLoop extends Lines {
  /** In one call of the API, all loops of one budget go round together at most as often as there are such things. */
  readonly budget: string;
}

/** The functions of a whole file, or of a piece as if it were one. */
export function placedFunctions(text: string): readonly PlacedFunction[] {
  const lineAt = (offset: number): number => 1 + lineCount(text.slice(0, offset));
  return functionsOf(text).map(({ name, linkage, isCold, span, calls, loops }) => ({
    name,
    linkage,
    isCold,
    first: lineAt(span.start),
    last: lineAt(span.end),
    calls,
    loops: loops.map(({ start, end, budget }) => ({ first: lineAt(start), last: lineAt(end), budget })),
  }));
}

/** The same functions, that many lines further down. */
export const moved = (functions: readonly PlacedFunction[], lines: number): readonly PlacedFunction[] =>
  functions.map((each) => ({
    ...each,
    first: each.first + lines,
    last: each.last + lines,
    loops: each.loops.map((loop) => ({ ...loop, first: loop.first + lines, last: loop.last + lines })),
  }));

/** Lines that a text ends. */
export const lineCount = (text: string): number => text.split("\n").length - 1;

/** A C file as proofs see it. */
export interface SourceFunctions {
  /** As the debug information names it, without a folder. */
  readonly name: string;
  readonly functions: readonly PlacedFunction[];
}
