import { describe, expect, it } from "vitest";
import { changeFunction, type Change } from "./change.js";
import { tokenize } from "./tokens.js";

const text = `/* calls give(first) */
static uint32_t other(uint32_t size)
{
    give(size);
    return size;
}

static void *take(uint32_t need, block_t *block)
{
    uint32_t rest = size_of(block) - need;
    uint8_t *const first = heap.bytes;

    /* if (rest) give(block); */
    if ((rest >= LEAST) && (need < size_of(right_of(block, need)))) {
        give(block);
        heap.control.first = (link_t)(rest | USED);
        (void)keep(rest, need);
    } else if (rest == 0U) {
        while (heap.control.room != 0U) {
            heap.control.room--;
            give(heap.bytes);
        }
    } else {
        links_of(block)->next = NO_BLOCK;
    }
    for (uint32_t index = 0U; index < LISTS; index++) {
        *list_at(index) = (need == 0U) ? NO_BLOCK : rest;
    }
    return (uint8_t *)block + HEADER;
}
`;

const squeezed = (c: string): string =>
  tokenize(c)
    .map((token) => token.text)
    .join(" ");

describe("a change of a function", () => {
  it.each<[string, Change, string, string]>([
    ["drops a call", { kind: "drop", call: "give", mentions: ["block"] }, "give(block); heap", "heap"],
    ["drops a call whose result is cast away", { kind: "drop", call: "keep" }, "(void)keep(rest, need);", ""],
    [
      "drops an assignment",
      { kind: "drop", assigns: "first" },
      "heap.control.first = (link_t)(rest | USED);",
      "",
    ],
    [
      "drops an assignment through a pointer",
      { kind: "drop", assigns: "->next" },
      "links_of(block)->next = NO_BLOCK;",
      "",
    ],
    ["drops a step", { kind: "drop", assigns: "room" }, "heap.control.room--;", ""],
    [
      "guards a call",
      { kind: "guard", call: "give", nth: 2, when: "rest" },
      "give(heap.bytes);",
      "if (rest) { give(heap.bytes); }",
    ],
    [
      "restates a call",
      { kind: "restate", call: "give", nth: 2, value: "break;" },
      "give(heap.bytes);",
      "break;",
    ],
    [
      "sets a value",
      { kind: "assign", to: "rest", value: "$ + 1U" },
      "size_of(block) - need;",
      "size_of(block) - need + 1U;",
    ],
    ["sets a loop's first value", { kind: "assign", to: "index", value: "1U" }, "index = 0U", "index = 1U"],
    [
      "sets what is returned",
      { kind: "return", value: "NULL" },
      "return (uint8_t *)block + HEADER;",
      "return NULL;",
    ],
    [
      "sets a condition",
      { kind: "condition", mentions: ["LEAST"], value: "!($)" },
      "((rest >= LEAST) && (need < size_of(right_of(block, need))))",
      "(!((rest >= LEAST) && (need < size_of(right_of(block, need)))))",
    ],
    ["sets a loop's condition", { kind: "condition", mentions: ["LISTS"], value: "0" }, "index < LISTS", "0"],
    [
      "sets the condition of a choice",
      { kind: "condition", mentions: ["need", "0U"], value: "1" },
      "(need == 0U) ?",
      "1 ?",
    ],
    [
      "sets an argument",
      { kind: "argument", call: "right_of", parameter: 1, value: "$ + 8U" },
      "right_of(block, need)",
      "right_of(block, need + 8U)",
    ],
    [
      "swaps arguments",
      { kind: "swap-arguments", call: "keep", parameters: [0, 1] },
      "keep(rest, need)",
      "keep(need, rest)",
    ],
    [
      "drops an operand on the right",
      { kind: "drop-operand", operator: "|", mentions: ["USED"] },
      "rest | USED",
      "rest",
    ],
    [
      "drops an operand on the left",
      { kind: "drop-operand", operator: "&&", mentions: ["LEAST"] },
      "(rest >= LEAST) && ",
      "",
    ],
    [
      "knows a cast from an operand",
      { kind: "drop-operand", operator: "+", mentions: ["HEADER"] },
      "block + HEADER",
      "block",
    ],
    [
      "replaces an operator",
      { kind: "replace", tokens: "<", by: "<=", mentions: ["size_of"] },
      "need < size_of",
      "need <= size_of",
    ],
    [
      "replaces tokens however they are spaced",
      { kind: "replace", tokens: "NO_BLOCK:rest", by: "rest:$" },
      "NO_BLOCK : rest",
      "rest : NO_BLOCK : rest",
    ],
    [
      "inserts a statement",
      { kind: "insert", statement: "trap();" },
      "uint32_t rest",
      "trap(); uint32_t rest",
    ],
    [
      "puts a call in front of its if",
      { kind: "hoist", call: "give", nth: 1 },
      "if ((rest >= LEAST) && (need < size_of(right_of(block, need)))) { give(block);",
      "give(block); if ((rest >= LEAST) && (need < size_of(right_of(block, need)))) {",
    ],
  ])("%s", (_name, change, from, to) => {
    const parts = squeezed(text).split(squeezed(from));
    expect(parts).toHaveLength(2);
    expect(squeezed(changeFunction(text, "take", change))).toBe(squeezed(parts.join(` ${to} `)));
  });

  it("leaves other functions and comments as they are", () => {
    const after = changeFunction(text, "take", { kind: "drop", call: "give", places: 2 });
    expect(after).toContain("/* if (rest) give(block); */");
    expect(after).toContain("give(size);");
    expect(squeezed(after)).not.toContain("give ( block ) ; heap");
  });

  it("applies where it says, as often as it says", () => {
    const places = (change: Change) => () => changeFunction(text, "take", change);
    expect(places({ kind: "drop", call: "give" })).toThrow(
      'take has 2 places for this change, not 1: {"kind":"drop","call":"give"}',
    );
    expect(places({ kind: "drop", call: "size_of" })).toThrow("take has 0 places");
    expect(places({ kind: "drop", assigns: "rest" })).toThrow("take has 0 places");
    expect(places({ kind: "drop", call: "give", nth: 3 })).toThrow("not at least 3");
    expect(() => changeFunction(text, "none", { kind: "insert", statement: ";" })).toThrow(
      "the C defines none nowhere",
    );
    expect(() => changeFunction(text + text, "take", { kind: "insert", statement: ";" })).toThrow(
      "the C defines take more than once",
    );
  });
});
