/** Operands changed: constants, casts, unary operators (Agrawal et al. 1989: CRCR, OCNG, OBNG, OUOR). */
import { castsOf, isUnary } from "../../csource/ranges.js";
import type { Token } from "../../csource/tokens.js";
import { exchanged, replaced } from "../place.js";
import { ofFunctions, type MutationOperator } from "./operator.js";

export const constant: MutationOperator = {
  name: "constant",
  about: "a number or a named constant one more, one less (64 where it is 64 or more), 0 or doubled",
  mutants: ({ tokens, file }) =>
    tokens.flatMap((token, index) => {
      const sameSide = sameSideOf(tokens, index);
      if (token.kind === "number") return exchanged(token, otherNumbers(token.text, sameSide));
      const value = token.kind === "word" ? file.constants.get(token.text) : undefined;
      if (value === undefined) return [];
      const { text } = token;
      const step = sameSide === 0 ? stepOf(value) : 1;
      const neighbours = [1, -1]
        .filter((by) => by !== sameSide)
        .map((by) => `(${text} ${by > 0 ? "+" : "-"} ${step}U)`);
      return exchanged(token, [...neighbours, "0U", `(${text} * 2U)`]);
    }),
};

/**
 * By how much a constant that something is compared with may change without a difference to multiples of the granule, as
 * sizes and offsets are: x >= 511 is x >= 512 for them. 0: it is compared with nothing, or both ways may differ.
 */
function sameSideOf(tokens: readonly Token[], index: number): 1 | -1 | 0 {
  const operator = tokens[index - 1]?.text ?? "";
  if (operator === "<" || operator === ">=") return -1;
  return operator === "<=" || operator === ">" ? 1 : 0;
}

/** Numbers from here on are taken for bytes, of which headers hold granules alone: they change by the largest granule. */
const leastBytes = 64;
const stepOf = (value: number): number => (value < leastBytes ? 1 : leastBytes);

/** Other values with the same suffix, none of them twice. */
function otherNumbers(text: string, sameSide: number): readonly string[] {
  const [, digits, suffix = ""] = /^(0[xX][\da-fA-F]+|\d+)([uUlL]*)$/.exec(text) ?? [];
  if (digits === undefined) return [];
  const value = Number(digits);
  const step = sameSide === 0 ? stepOf(value) : 1;
  const others = new Set([value + step, value - step, 0, value * 2]);
  others.delete(value);
  if (sameSide !== 0) others.delete(value + sameSide);
  return [...others]
    .filter((other) => other >= 0 && other <= 0xffffffff)
    .map((other) => `${digits.startsWith("0x") ? `0x${other.toString(16).toUpperCase()}` : other}${suffix}`);
}

export const cast: MutationOperator = ofFunctions({
  name: "cast",
  about: "a cast left out, but for those to 32 bits, which change nothing on these cores",
  mutants: ({ tokens }) =>
    castsOf(tokens)
      .filter(({ from }) => tokens[from + 1]?.text !== "uint32_t")
      .map((range) => [replaced(tokens, range, "")]),
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
