import { describe, expect, test } from "vitest";
import { addressHeap, type HeapAddress } from "./address-heap.js";
import { functionsOf } from "./c-function.js";
import { withHeapParameter } from "./prototypes.js";

const one: HeapAddress = { kind: "pointer" };
const many: HeapAddress = { kind: "parameter", prefix: "app_heap" };
const addressed = (text: string, address: HeapAddress): string =>
  addressHeap(text, functionsOf(text), address);

const source = `/* heap.control is touched by take(), in words. */
#define FIRST (heap.x)

static uint32_t twice(uint32_t number)
{
    return number * 2U; /* heap.bytes */
}

static void clear(void)
{
    heap.control.first = twice(0U);
    uint32_t     wide  = 1U;
}

static block_t *take(uint32_t need)
{
    clear();
    return (need == 0U) ? NULL : take(need - 1U);
}

bool app_heap_init(void *memory)
{
    clear();
}

void *app_heap_malloc(size_t size)
{
    return take(twice(size));
}

size_t app_heap_usable_size(const void *pointer)
{
    return twice(1U);
}
`;

describe("the source", () => {
  test("of a static heap is left as it is", () => {
    expect(addressed(source, { kind: "variable" })).toBe(source);
  });

  test("of a heap elsewhere goes through a pointer, comments and constants as they were", () => {
    expect(addressed(source, one)).toBe(
      source.replace(
        "    heap.control.first = twice(0U);\n    uint32_t     wide  = 1U;",
        "    heap->control.first = twice(0U);\n    uint32_t     wide   = 1U;",
      ),
    );
  });

  test("of many gives the heap to what touches it, and to nothing else", () => {
    expect(addressed(source, many)).toBe(`/* heap.control is touched by take(), in words. */
#define FIRST (heap.x)

static uint32_t twice(uint32_t number)
{
    return number * 2U; /* heap.bytes */
}

static void clear(app_heap_t *heap)
{
    heap->control.first = twice(0U);
    uint32_t     wide   = 1U;
}

static block_t *take(app_heap_t *heap, uint32_t need)
{
    clear(heap);
    return (need == 0U) ? NULL : take(heap, need - 1U);
}

bool app_heap_init(void *memory)
{
    clear(heap);
}

void *app_heap_malloc(app_heap_t *heap, size_t size)
{
    return take(heap, twice(size));
}

size_t app_heap_usable_size(app_heap_t *heap, const void *pointer)
{
    (void)heap; /* The block tells it all. */
    return twice(1U);
}
`);
  });

  test("is broken where it grows too wide", () => {
    const wide = `static void one_of_many_parameters(uint32_t number, ${"uint32_t another_one, ".repeat(2)}uint32_t last)
{
    const bool left = (${"a".repeat(40)}(number) == 0U) && (take(heap.bytes) == ${"b".repeat(30)});
}
`;
    expect(addressed(wide, many))
      .toBe(`static void one_of_many_parameters(app_heap_t *heap, uint32_t number, uint32_t another_one, uint32_t another_one,
                                   uint32_t last)
{
    const bool left = (${"a".repeat(40)}(number) == 0U) &&
                      (take(heap->bytes) == ${"b".repeat(30)});
}
`);
  });
});

describe("the header", () => {
  const header = `/** Empty. */
void app_heap_init(void *memory);

/** Look. */
bool app_heap_check(void);

/**
 * Allocate.
 * @param size  Bytes.
 */
void *app_heap_malloc(size_t size);

/**
 * Tell.
 */
void app_heap_stats(void);
`;

  test("names the heap in prototypes and comments, where there are many", () => {
    expect(withHeapParameter(header, "app_heap")).toBe(`/** Empty. */
void app_heap_init(void *memory);

/**
 * Look.
 * @param heap  As app_heap_init() gave it.
 */
bool app_heap_check(app_heap_t *heap);

/**
 * Allocate.
 * @param heap  As app_heap_init() gave it.
 * @param size  Bytes.
 */
void *app_heap_malloc(app_heap_t *heap, size_t size);

/**
 * Tell.
 * @param heap  As app_heap_init() gave it.
 */
void app_heap_stats(app_heap_t *heap);
`);
  });

  test("must have a comment for each function", () => {
    expect(() => withHeapParameter("void app_heap_free(void *pointer);\n", "app_heap")).toThrow(
      "app_heap_free has no comment to name its heap in",
    );
  });
});
