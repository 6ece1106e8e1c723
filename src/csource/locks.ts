/** Whether the C of a heap with a lock takes it wherever it must: a template that forgot would go unnoticed for long. */
import { touching } from "./touching.js";
import type { CFunction } from "./c-function.js";

/** The functions of the templates that take the lock and give it back. */
const [lock, unlock] = ["lock_heap", "unlock_heap"];

/** @throws Error, naming the function: a public one works on the heap without the lock, or does not give it back. */
export function checkLocks(functions: readonly CFunction[], prefix: string): void {
  const open = functions.filter(({ calls }) => !calls.has(lock));
  const touches = touching(open, readsHeap);
  for (const { name, linkage } of open) {
    // Where the heap lies does not change.
    const isExempt = name === `${prefix}_init` || name === `${prefix}_owns`;
    if (linkage === "external" && !isExempt && touches.has(name))
      throw new Error(`${name} works on the heap without its lock`);
  }
  const unreturned = functions.find(({ calls }) => calls.has(lock) && !calls.has(unlock));
  if (unreturned !== undefined) throw new Error(`${unreturned.name} does not give the lock back`);
}

/** How far something lies from the heap's first byte, `- heap.bytes`, needs no look at what stands there. */
function readsHeap({ code }: CFunction): boolean {
  return code.some(({ kind, text }, index) => {
    if (kind !== "word" || text !== "heap") return false;
    const [before, dot, member, next] = [code[index - 1], code[index + 1], code[index + 2], code[index + 3]];
    const isDistance =
      before?.text === "-" && dot?.text === "." && member?.text === "bytes" && next?.text !== "[";
    return !isDistance;
  });
}
