import { expect, it } from "vitest";
import { guardHeap } from "./guard-heap.js";
import { functionsOf } from "./c-function.js";

const guarded = (text: string): boolean =>
  guardHeap(text, functionsOf(text), { exempt: new Set(), isMissing: "heap == NULL", effects: {} }).includes(
    "if (heap == NULL)",
  );

it("guards a function that may give back the pointer it is given, though it reads nothing of the heap", () => {
  const body = "{\n    return (size <= MAX) ? pointer : NULL;\n}\n";
  expect(guarded(`void *h_realloc(void *pointer, size_t size)\n${body}`)).toBe(true);
});

it("leaves functions alone that only call guarded ones", () => {
  expect(
    guarded("void *h_calloc(size_t count, size_t size)\n{\n    return h_malloc(count * size);\n}\n"),
  ).toBe(false);
});

it("guards a function that reads the heap", () => {
  expect(guarded("size_t h_used(void)\n{\n    return heap->used;\n}\n")).toBe(true);
});
