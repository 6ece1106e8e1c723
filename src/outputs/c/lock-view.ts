/** What keeps interrupts out, in the words of the templates. */
import { interruptMask } from "../../machine/registry.js";
import type { Lock } from "../../plan/plan.js";
import { hex } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";

export function lockView(lock: Lock): View {
  const priority = "priority" in lock ? lock.priority : undefined;
  return {
    locks: lock.kind !== "none",
    withLock: lock.kind === "none" ? "" : ", with the lock held",
    andUnlocked: lock.kind === "none" ? "" : ", with the lock given back",
    lockBasepri: priority !== undefined,
    lockCustom: lock.kind === "custom",
    lockPriority: priority === undefined ? "" : hex(priority),
    lockHeader: lock.kind === "custom" ? lock.header : "",
    threadSafety: threadSafety(lock),
  };
}

function threadSafety(lock: Lock): string {
  if (lock.kind === "none") return "none. Call from one context, or hold a lock around every call.";
  if (lock.kind === "custom")
    return `the hooks of ${lock.header} guard every access to the heap, except init.`;
  return interruptMask(lock.kind).threadSafety(hex(lock.priority ?? 0));
}
