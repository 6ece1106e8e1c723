/** What keeps interrupts out, in the words of the templates. */
import type { Lock } from "../plan/plan.js";
import { hex } from "./c-text.js";
import type { View } from "./view.js";

export function lockView(lock: Lock): View {
  return {
    locks: lock.kind !== "none",
    lockBasepri: lock.kind === "basepri",
    lockCustom: lock.kind === "custom",
    lockPriority: lock.kind === "basepri" ? hex(lock.priority) : "",
    lockHeader: lock.kind === "custom" ? lock.header : "",
    threadSafety: threadSafety(lock),
  };
}

function threadSafety(lock: Lock): string {
  switch (lock.kind) {
    case "none":
      return "none. Call from one context, or hold a lock around every call.";
    case "primask":
      return "PRIMASK is set while a function works on the heap, and restored. Init is not locked.";
    case "basepri":
      return `interrupts from priority ${hex(lock.priority)} on wait while a function works on the heap. Init is not locked.`;
    case "custom":
      return `the hooks of ${lock.header} stand around all work on the heap. Init is not locked.`;
  }
}
