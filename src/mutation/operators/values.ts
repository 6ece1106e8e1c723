/** Operands changed: constants, casts, unary operators (Agrawal et al. 1989: CRCR, OCNG, OBNG, OUOR). */
import { castsOf, isUnary } from "../../csource/ranges.js";
import type { Token } from "../../csource/tokens.js";
import { exchanged, replaced } from "../place.js";
import { ofFunctions, type MutationOperator } from "./operator.js";

export const constant: MutationOperator = {
  name: "constant",
  about: "a number or a named constant one more, one less, 0 or doubled",
  mutants: ({ tokens, file }) =>
    tokens.flatMap((token) => {
      if (token.kind === "number") return exchanged(token, otherNumbers(token.text));
      if (token.kind !== "word" || !file.constants.has(token.text)) return [];
      const { text } = token;
      return exchanged(token, [`(${text} + 1U)`, `(${text} - 1U)`, "0U", `(${text} * 2U)`]);
    }),
};

/** Other values with the same suffix, none of them twice. */
function otherNumbers(text: string): readonly string[] {
  const [, digits, suffix = ""] = /^(0[xX][\da-fA-F]+|\d+)([uUlL]*)$/.exec(text) ?? [];
  if (digits === undefined) return [];
  const value = Number(digits);
  const others = new Set([value + 1, value - 1, 0, value * 2]);
  others.delete(value);
  return [...others]
    .filter((other) => other >= 0 && other <= 0xffffffff)
    .map((other) => `${digits.startsWith("0x") ? `0x${other.toString(16).toUpperCase()}` : other}${suffix}`);
}

export const cast: MutationOperator = ofFunctions({
  name: "cast",
  about: "a cast left out",
  mutants: ({ tokens }) => castsOf(tokens).map((range) => [replaced(tokens, range, "")]),
});

export const unary: MutationOperator = ofFunctions({
  name: "unary",
  about: "!, ~ or - left out",
  mutants: ({ tokens }) =>
    tokens.flatMap((token: Token, index) =>
      ["!", "~", "-"].includes(token.text) && isUnary(tokens, index)
        ? [[{ start: token.start, end: token.end, text: "" }]]
        : [],
    ),
});
