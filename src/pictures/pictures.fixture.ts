/** Pictures of a made-up run of three operations. */
import type { HeapPictures } from "./pictures.js";

const list = (...values: readonly number[]): Uint32Array => Uint32Array.from(values);
export const examplePictures: HeapPictures = {
  name: "app_heap",
  heapBytes: 32768,
  firstBlock: 120,
  granuleBytes: 8,
  engine: "js 20",
  workloads: [
    {
      name: "uniform",
      kinds: Uint8Array.from([1, 1, 2]),
      cycles: list(40, 45, 30),
      failed: list(),
      blocks: { from: list(0, 1), to: list(2, 3), offset: list(124, 160), bytes: list(24, 8) },
      memory: {
        at: list(0, 3),
        payload: list(0, 8),
        padding: list(0, 4),
        headers: list(0, 4),
        free: list(32000, 31984),
        largestFree: list(32000, 31900),
      },
    },
  ],
  worst: [
    {
      function: "malloc",
      workload: "uniform",
      operation: 1,
      call: "malloc(8)",
      cycles: 45,
      file: "app_heap.c",
      lines: [
        {
          line: 12,
          text: "  return a < b && c;",
          cycles: 45,
          instructions: [{ address: 0x1000, text: "bx lr", count: 2, cycles: 45 }],
        },
      ],
    },
  ],
};
