import { expect, test } from "vitest";
import { functionsOf } from "./c-function.js";
import { checkLocks } from "./locks.js";

const source = (malloc: string) => `
static block_t *take(uint32_t need)
{
    return heap.control.first;
}

static block_t *search(uint32_t need)
{
    return take(need); /* lock_heap() is the caller's. */
}

void app_heap_init(void)
{
    heap.control.first = NULL;
}

void *app_heap_malloc(size_t size)
{
${malloc}
}

void *app_heap_calloc(size_t size)
{
    return app_heap_malloc(size);
}

size_t app_heap_usable_size(const void *pointer)
{
    return size_of(pointer);
}
`;

test("what works on the heap holds the lock, itself or by what it calls", () => {
  const locked = "    uint32_t mask = lock_heap();\n    search(size);\n    unlock_heap(mask);";
  expect(() => {
    checkLocks(functionsOf(source(locked)), "app_heap");
  }).not.toThrow();
});

test.each([
  ["    return search(size); /* lock_heap(); */", "app_heap_malloc works on the heap without its lock"],
  ["    lock_heap();\n    return search(size);", "app_heap_malloc does not give the lock back"],
])("a template that forgot is named", (malloc, message) => {
  expect(() => {
    checkLocks(functionsOf(source(malloc)), "app_heap");
  }).toThrow(message);
});
