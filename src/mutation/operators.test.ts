import { describe, expect, it } from "vitest";
import { mutantsOf } from "./draw.js";
import { edited } from "./mutant.js";

const file = `/* Comments are not mutated: a < b. */
#include <stdint.h>

#define LIMIT (8U) /* 8 < 9 */
#define HINT(condition) (__builtin_expect((condition) ? 1 : 0, 1) != 0)

typedef struct {
    uint16_t next;
    uint16_t previous;
} links_t;

_Static_assert(LIMIT < 9U, "1 < 2");

static const uint8_t table[2U] = {3U, 5U};

BODY
`;

/** The lines that the mutants of one operator make of a function's body, in their order. */
function mutated(
  operator: string,
  body: string,
  head = "uint32_t f(links_t *p, uint32_t a, uint32_t b)",
): readonly string[] {
  const text = file.replace("BODY", `${head}\n{\n${body}\n}`);
  const lines = text.split("\n");
  return mutantsOf(text, { operators: [operator], functions: ["f"] }).map(({ edits, line }) => {
    expect(lines[line - 1]).not.toBe(edited(text, edits).split("\n")[line - 1]);
    return edited(text, edits)
      .split("\n")
      .filter((each, index) => each !== lines[index])
      .map((each) => each.trim())
      .join(" ");
  });
}

describe("an operator of mutation", () => {
  it("exchanges operators for others of their kind", () => {
    expect(mutated("relational", "return a < b;")).toEqual([
      "return a <= b;",
      "return a > b;",
      "return a >= b;",
    ]);
    expect(mutated("relational", "return a == b;")).toEqual(["return a != b;"]);
    expect(mutated("arithmetic", "return a + b;")).toEqual(["return a - b;"]);
    expect(mutated("bitwise", "return a & b;")).toEqual(["return a | b;", "return a ^ b;"]);
    expect(mutated("shift", "return a << b;")).toEqual(["return a >> b;"]);
    expect(mutated("logical", "return a && b;")).toEqual(["return a || b;", "return a;", "return b;"]);
    expect(mutated("assignment", "a |= b;")).toEqual(["a &= b;", "a ^= b;", "a = b;"]);
    expect(mutated("increment", "a++;")).toEqual(["a--;"]);
  });

  it("takes no star of a type for a product", () => {
    expect(mutated("arithmetic", "return *(uint32_t *)p;")).toEqual([]);
  });

  it("changes constants, and names of constants", () => {
    expect(mutated("constant", "return 8U + LIMIT;")).toEqual([
      "return 9U + LIMIT;",
      "return 7U + LIMIT;",
      "return 0U + LIMIT;",
      "return 16U + LIMIT;",
      "return 8U + (LIMIT + 1U);",
      "return 8U + (LIMIT - 1U);",
      "return 8U + 0U;",
      "return 8U + (LIMIT * 2U);",
    ]);
    expect(mutated("constant", "return 0xFFU;")).toEqual([
      "return 0x13FU;",
      "return 0xBFU;",
      "return 0x0U;",
      "return 0x1FEU;",
    ]);
  });

  it("leaves out constants that mean the same to multiples of the granule", () => {
    expect(mutated("constant", "return a >= 512U;")).toEqual([
      "return a >= 513U;",
      "return a >= 0U;",
      "return a >= 1024U;",
    ]);
    expect(mutated("constant", "return a <= LIMIT;")[0]).toBe("return a <= (LIMIT - 1U);");
  });

  it("drops unary operators and casts", () => {
    expect(mutated("unary", "return a & ~b - -a;")).toEqual(["return a & b - -a;", "return a & ~b - a;"]);
    expect(mutated("cast", "return (uint16_t)a + (uint32_t)b + (b);")).toEqual([
      "return a + (uint32_t)b + (b);",
    ]);
  });

  it("takes another variable of the same type that is in scope", () => {
    expect(mutated("variable", "const uint32_t c = a;\nreturn c;")).toEqual([
      "const uint32_t c = b;",
      "return a;",
      "return b;",
    ]);
    expect(mutated("variable", "if (a) {\nuint32_t c = 1U;\n}\na = b;")).toEqual([
      "if (b) {",
      "b = b;",
      "a = a;",
    ]);
    expect(mutated("variable", "const uint32_t c = 1U;\na = 2U;")).toEqual(["b = 2U;"]);
  });

  it("takes another member, and swaps arguments", () => {
    expect(mutated("member", "return p->next;")).toEqual(["return p->previous;"]);
    expect(mutated("arguments", "g(a, h(b), a);")).toEqual(["g(h(b), a, a);", "g(a, a, h(b));"]);
  });

  it("forces conditions, and leaves statements and jumps out", () => {
    expect(mutated("condition", "if (a < b) { a = b; }")).toEqual([
      "if (1) { a = b; }",
      "if (0) { a = b; }",
      "if (!(a < b)) { a = b; }",
    ]);
    expect(mutated("statement", "uint32_t c;\nif (a) {\nreturn 1U;\n}\ng();\nreturn 0U;")).toEqual([
      ";",
      ";",
    ]);
    expect(mutated("jump", "while (a) {\nbreak;\n}")).toEqual([";", "continue;"]);
  });

  it("changes how often a loop goes round", () => {
    expect(mutated("loop", "for (uint32_t i = 0U; i < a; i++) {\ng();\n}")).toEqual([
      "break; }",
      "for (uint32_t i = 0U; i < (a) + 1U; i++) {",
      "for (uint32_t i = 0U; i < (a) - 1U; i++) {",
      "for (uint32_t i = (0U) + 1U; i < a; i++) {",
    ]);
    expect(mutated("loop", "while (a < b) {\ng();\n}")).toEqual(["break; }"]);
  });

  it("returns something else, by the function's type", () => {
    expect(mutated("return", "return a;")).toEqual(["return 0U;", "return 2U * (a);"]);
    expect(mutated("return", "return p;", "static inline links_t *f(links_t *p)")).toEqual(["return NULL;"]);
    expect(mutated("return", "return a;", "static bool f(bool a)")).toEqual([
      "return !(a);",
      "return 1;",
      "return 0;",
    ]);
  });

  it("leaves locks out, takes them late, returns them early", () => {
    const body = "const uint32_t mask = lock_heap();\ng();\nunlock_heap(mask);";
    expect(mutated("lock", body)).toEqual([
      "const uint32_t mask = 0U;",
      "(void)0;",
      "g(); const uint32_t mask = lock_heap();",
      "unlock_heap(mask); g();",
    ]);
    expect(mutated("lock", '__asm__ volatile("one %0\\n\\ttwo i" : "=r"(a) : : "memory");')).toEqual([
      '__asm__ volatile("two i" : "=r"(a) : : "memory");',
      '__asm__ volatile("one %0" : "=r"(a) : : "memory");',
      '__asm__ volatile("one %0\\n\\ttwo i" : "=r"(a) : : "cc");',
    ]);
  });
});

it("constants of the file are mutated; comments, assertions and other macros are not", () => {
  const names = mutantsOf(file.replace("BODY", "")).map(
    ({ function: name, operator }) => `${name}: ${operator}`,
  );
  expect(new Set(names)).toEqual(new Set(["LIMIT: constant", "table: constant"]));
  expect(names).toHaveLength(4 + 4 + 4);
});
