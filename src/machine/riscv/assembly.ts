/** Assembly that the replay of a heap without memory of its own needs. */
import type { Assembly } from "../machine.js";

export const assembly: Assembly = {
  prologue: ["    .option norelax"],
  functionMark: [],
  callInit: ({ called, heap, heapBytes }) => [
    `    la      a0, ${heap}`,
    `    li      a1, ${heapBytes}`,
    `    la      t1, ${called}`,
    "    jr      t1",
  ],
  callWithHeap: ({ called, heap }) => [
    "    mv      a3, a2",
    "    mv      a2, a1",
    "    mv      a1, a0",
    `    la      a0, ${heap}`,
    `    la      t1, ${called}`,
    "    jr      t1",
  ],
};
