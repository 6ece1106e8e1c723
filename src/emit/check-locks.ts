/** Whether the C of a heap with a lock takes it wherever it must: a template that forgot would go unnoticed for long. */
import { callers, definitions, withoutWords } from "./c-functions.js";

const locks = /\block_heap\(/;
const unlocks = /\bunlock_heap\(/;
/** How far something lies from the heap's first byte, which needs no look at what stands there. */
const distance = /- heap\.bytes\b(?!\[)/g;

/** @throws Error, naming the function: a public one works on the heap without the lock, or does not give it back. */
export function checkLocks(source: string, name: string): void {
  const code = withoutWords(source);
  const functions = definitions(code);
  const bodyOf = ({ body }: (typeof functions)[number]): string => code.slice(body.start, body.end);
  const locked = functions.filter((definition) => locks.test(bodyOf(definition)));
  const open = functions.filter((definition) => !locked.includes(definition));
  const touching = callers(code, open, (body) => /\bheap\b/.test(body.replaceAll(distance, "")));
  for (const called of touching) {
    // Where the heap lies does not change.
    const isPublic = called.startsWith(`${name}_`) && called !== `${name}_init` && called !== `${name}_owns`;
    if (isPublic) throw new Error(`${called} works on the heap without its lock`);
  }
  for (const definition of locked) {
    if (unlocks.test(bodyOf(definition))) continue;
    throw new Error(`${definition.name} does not give the lock back`);
  }
}
