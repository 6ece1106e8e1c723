import { describe, expect, it } from "vitest";
import { closing, opening, tokenize } from "./tokens.js";

const texts = (text: string): readonly string[] => tokenize(text).map((token) => token.text);

describe("tokenize", () => {
  it("tells words, numbers, strings, comments, directives and punctuators apart", () => {
    const tokens = tokenize('#define A \\\n  1U\nx->y <<= 0x1FU; /* "no" string */ f("a\\"b", \'c\');');
    expect(tokens.map(({ kind }) => kind)).toEqual([
      ...["directive", "word", "punctuation", "word", "punctuation", "number", "punctuation", "comment"],
      ...["word", "punctuation", "string", "punctuation", "string", "punctuation", "punctuation"],
    ]);
    expect(tokens[0]?.text).toBe("#define A \\\n  1U");
    expect(tokens[10]?.text).toBe('"a\\"b"');
  });

  it("takes the longest punctuator", () => {
    expect(texts("a>>=b>>c>=d->e...")).toEqual(["a", ">>=", "b", ">>", "c", ">=", "d", "->", "e", "..."]);
  });

  it("gives each token its place", () => {
    const text = "  int a;\n";
    for (const { start, end, text: own } of tokenize(text)) expect(text.slice(start, end)).toBe(own);
  });

  it("refuses what never ends", () => {
    expect(() => tokenize("a /* b")).toThrow('no "*/" follows offset 4');
    expect(() => tokenize('x = "a\n"')).toThrow("at offset 4");
  });

  it("finds the bracket that closes or opens another", () => {
    expect(closing(tokenize("f((a), [b])"), 1)).toBe(9);
    expect(opening(tokenize("f((a), [b])"), 9)).toBe(1);
    expect(() => opening(tokenize("a)"), 1)).toThrow('nothing opens the ")" at offset 1');
    expect(() => closing(tokenize("f(a"), 1)).toThrow("at offset 1");
    expect(() => closing(tokenize("f(a"), 0)).toThrow('"f" opens nothing');
  });
});
