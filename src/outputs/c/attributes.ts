/**
 * Attributes of a hardened heap's header, by which a compiler finds misuse in the program: what allocates and what frees,
 * and how large a block is. The heap's own C is compiled without them: it looks in front of the blocks that it returns.
 */
import type { Plan } from "../../plan/plan.js";

export const attributesTemplate = "hardening/attributes";

/** Parameters whose product is the size of the block, from 1. */
const sizes: Readonly<Record<string, string>> = { malloc: "1", calloc: "1, 2" };

interface Declaration {
  /** In C. */
  readonly name: string;
}

/** The function that frees in front of those that name it. */
export function freeFirst<Each extends Declaration>(
  { hardening, name }: Plan,
  functions: readonly Each[],
): readonly Each[] {
  if (hardening === undefined) return functions;
  const isFree = (each: Each): boolean => each.name === `${name}_free`;
  const before = functions.findIndex((each) => each.name === `${name}_malloc`);
  const others = functions.filter((each) => !isFree(each));
  return [...others.slice(0, before), ...functions.filter(isFree), ...others.slice(before)];
}

/** @param text comment and prototype of the function */
export function withAttributes({ hardening, name: heap }: Plan, { name }: Declaration, text: string): string {
  const size = sizes[name.slice(heap.length + 1)];
  if (hardening === undefined || size === undefined) return text;
  const at = text.lastIndexOf(");");
  return `${text.slice(0, at)}) ${heap.toUpperCase()}_ALLOCATES(${size});${text.slice(at + 2)}`;
}

/** The head of the heap's own C. */
export function withoutAttributes({ hardening, name }: Plan, head: string): string {
  if (hardening === undefined) return head;
  const include = `#include "${name}.h"`;
  const lines = [
    `#define ${name.toUpperCase()}_ALLOCATES(...) /* This code looks around blocks. */`,
    include,
  ];
  return head.replace(include, lines.join("\n"));
}
