import { describe, expect, it } from "vitest";
import { withoutAbsent } from "./absent.js";

const absent = {
  functions: new Set(["lock_heap", "unlock_heap", "seal"]),
  members: new Set(["last", "previous"]),
};
const without = (lines: readonly string[]): readonly string[] =>
  withoutAbsent(`${lines.join("\n")}\n`, absent)
    .trimEnd()
    .split("\n");

describe("withoutAbsent", () => {
  it("leaves out a call, and a declaration that keeps its result, with the blank line behind it", () => {
    expect(
      without([
        "void f(void)",
        "{",
        "    const uint32_t mask = lock_heap();",
        "",
        "    work();",
        "    seal(block_at(3U)); /* It has changed. */",
        "    unlock_heap(mask);",
        "}",
      ]),
    ).toEqual(["void f(void)", "{", "    work();", "}"]);
  });

  it("leaves out a write to a member, and keeps what reads one of the same name elsewhere", () => {
    expect(
      without([
        "{",
        "    heap.control.last = node;",
        "    links_of(a)->previous = b;",
        "    last = 1U;",
        "}",
      ]),
    ).toEqual(["{", "    last = 1U;", "}"]);
  });

  it("tells a member reached through a pointer from a local variable's", () => {
    const lines = ["{", "    links_of(a)->previous = b;", "    at.previous = b;", "}"];
    const text = `${lines.join("\n")}\n`;
    expect(withoutAbsent(text, { functions: new Set(), members: new Set(["->previous"]) })).toBe(
      "{\n    at.previous = b;\n}\n",
    );
  });

  it("leaves out branches that hold nothing else", () => {
    expect(
      without([
        "{",
        "    if (a) {",
        "        work();",
        "    } else {",
        "        seal(b);",
        "    }",
        "    if (next != NONE) {",
        "        links_of(next)->previous = node;",
        "    }",
        "}",
      ]),
    ).toEqual(["{", "    if (a) {", "        work();", "    }", "}"]);
  });

  it("refuses an expression that asks for what is absent", () => {
    expect(() => without(["{", "    a = 1U + seal(b);", "}"])).toThrow("an expression asks for seal");
  });
});
