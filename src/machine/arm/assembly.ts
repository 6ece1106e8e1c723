/** Assembly that the replay of a heap without memory of its own needs: ARMv6-M instructions only. */
import type { Assembly } from "../machine.js";

export const assembly: Assembly = {
  prologue: ["    .syntax unified", "    .thumb"],
  functionMark: ["    .thumb_func"],
  callInit: ({ called, heap, heapBytes }) => [
    `    ldr     r0, =${heap}`,
    `    ldr     r1, =${heapBytes}`,
    `    ldr     r2, =${called}`,
    "    bx      r2",
    "    .ltorg",
  ],
  callWithHeap: ({ called, heap }) => [
    "    mov     r3, r2",
    "    mov     r2, r1",
    "    mov     r1, r0",
    `    ldr     r0, =${called}`,
    "    mov     r12, r0",
    `    ldr     r0, =${heap}`,
    "    bx      r12",
    "    .ltorg",
  ],
};
