import { describe, expect, it } from "vitest";
import { functionsOf } from "./c-function.js";

const text = `#include "a.h"

typedef struct {
    uint32_t size;
} block_t;

static const uint8_t table[2] = {1U, 2U};

/* ---- A section ---- */

/* Free the rest. */
static inline __attribute__((always_inline)) uint32_t cut(block_t *block, uint32_t need)
{
    /* Loop: at most once a listed block. */
    while (block->size > need) {
        release(block);
    }
    return heap.control.size;
}

void app_free(void *pointer)
{
    if (pointer != NULL) {
        cut(pointer, 1U);
    }
}
`;

describe("functionsOf", () => {
  const [cut, free, ...more] = functionsOf(text);

  it("finds the definitions, and no types and tables", () => {
    expect([cut?.name, free?.name, more.length]).toEqual(["cut", "app_free", 0]);
    expect([cut?.linkage, free?.linkage]).toEqual(["internal", "external"]);
    expect([cut?.comment, free?.comment]).toEqual(["/* Free the rest. */", ""]);
  });

  it("tells parameters, calls and words", () => {
    expect(text.slice(cut?.parameters.start, cut?.parameters.end)).toBe("block_t *block, uint32_t need");
    expect([...(free?.calls ?? [])]).toEqual(["if", "cut"]);
    expect(cut?.words.has("heap")).toBe(true);
    expect(cut?.words.has("control")).toBe(false);
  });

  it("tells loops with their budgets", () => {
    expect(cut?.loops.map(({ budget }) => budget)).toEqual(["listed block"]);
    const [loop] = cut?.loops ?? [];
    expect(text.slice(loop?.start, loop?.end)).toMatch(/^while \(.*\}$/s);
  });

  it.each(["static", "INLINE", "APP_HEAP_INLINE", "APP_HEAP_OUT_OF_LINE"])(
    "takes %s for internal",
    (word) => {
      expect(functionsOf(`${word} void cut(void)\n{\n}\n`).map(({ linkage }) => linkage)).toEqual([
        "internal",
      ]);
    },
  );
});
