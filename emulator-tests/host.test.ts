/**
 * Generated C on the machine the tests run on, with the sanitizers of Clang and GCC, 64 and 32 bits wide: random calls
 * of all functions, payloads written and verified. Left out is what a compiler of that machine does not take: masking of
 * interrupts, for which hooks are called instead, and a pool's exclusive accesses.
 */
import { expect, test } from "vitest";
import { drawnPolicies, portableHeap, type DrawnHeap } from "./support/drawn-heaps.js";
import { hostBuilds, runOnHost } from "./support/run-on-host.js";
import { chooseSample } from "./support/sample.js";

const hash = /^[0-9a-f]{16}$/;

/** All policies, as many heaps of each. */
function sample(): readonly DrawnHeap[] {
  const indexes = drawnPolicies.map((_, index) => index);
  return [...new Set(drawnPolicies)]
    .flatMap((policy) =>
      chooseSample(
        indexes.filter((index) => drawnPolicies[index] === policy),
        2,
        `on the host, ${policy}`,
      ),
    )
    .flatMap((index, place) => portableHeap(index, place % 2 === 0 ? {} : later) ?? []);
}

/** Functions that came when the configs were drawn. */
const later = { counters: true, failureHook: true, largestRequest: true };

test.concurrent.each(sample())("$title does nothing undefined", async (heap) => {
  const results = await runOnHost(heap, hostBuilds);
  expect(results.filter((result) => !hash.test(result))).toEqual([]);
  // Where an aligned block lies depends on where the build's linker puts the heap.
  const isPlaced = heap.files.some(({ text }) => text.includes("_aligned_alloc("));
  if (!isPlaced) expect(new Set(results).size).toBe(1);
});

/** The first drawn heap whose C has these words. */
function heapWith(piece: string): DrawnHeap {
  for (const index of drawnPolicies.keys()) {
    const heap = portableHeap(index);
    if (heap?.files.some(({ text }) => text.includes(piece))) return heap;
  }
  throw new Error(`no drawn heap has ${piece}`);
}

const misaligned = "*(word_t *)(void *)free_block =";

test.each([
  [
    "a word at an address that is not a word's",
    misaligned,
    "*(word_t *)(void *)(free_block + 2) =",
    /misaligned address/,
  ],
  [
    "a shift by all bits",
    "return 0x80000000U >> index;",
    "return 0x80000000U >> (index + 32U);",
    /shift exponent/,
  ],
  [
    "an access beyond the heap",
    "return &heap.bytes[link];",
    "return &heap.bytes[link + (1U << 21U)];",
    /out of bounds|AddressSanitizer/,
  ],
] as const)("%s is found", async (_, from, to, message) => {
  const heap = heapWith(from);
  const broken = heap.files.map(({ name, text }) => ({ name, text: text.replace(from, to) }));
  for (const result of await runOnHost({ ...heap, files: broken }, hostBuilds)) {
    expect(result).toMatch(message);
  }
});
