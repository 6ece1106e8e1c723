import { describe, expect, it } from "vitest";
import { withSource } from "./given-source.js";

const header = { name: "h.h", text: "void f(void);\n" };
const files = [header, { name: "h.c", text: "void f(void)\n{\n}\n", functions: [] }];

describe("C in place of the generated one", () => {
  it("has its functions and their loops at its own lines", () => {
    const text =
      "int x;\n\nvoid g(void)\n{\n    /* Loop: at most once a block. */\n    while (x) {\n    }\n}\n";
    const [kept, given] = withSource(files, { name: "mine.c", text });
    expect(kept).toBe(header);
    expect(given).toMatchObject({
      name: "mine.c",
      functions: [{ name: "g", linkage: "external", loops: [{ first: 6, last: 7, budget: "block" }] }],
    });
  });

  it.each(["int x = (;\n{", '"open', "/* Loop: at most once a block. */", "/* open"])(
    "is left to the compiler where it cannot be read: %s",
    (text) => {
      expect(withSource(files, { name: "mine.c", text })[1]).toEqual({ name: "mine.c", text, functions: [] });
    },
  );
});
