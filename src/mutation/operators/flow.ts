/** Where control goes: conditions, statements, jumps, loops, returns (Agrawal et al. 1989: SSDL, OCNG, SBRC, SCRB, SMTT, RGSR). */
import { conditionsOf, isDeclaration, loopsOf, operatorsOf, statementsOf } from "../../csource/ranges.js";
import type { Edits } from "../mutant.js";
import { exchanged, replaced, sourceOf, type Place } from "../place.js";
import { ofFunctions, type MutationOperator } from "./operator.js";

export const condition: MutationOperator = ofFunctions({
  name: "condition",
  about: "what if, while, for or ? asks: always true, always false, or negated",
  mutants: (place) =>
    conditionsOf(place.tokens).flatMap((range) =>
      range.from >= range.to
        ? []
        : ["1", "0", `!(${sourceOf(place, range)})`].map((text) => [replaced(place.tokens, range, text)]),
    ),
});

export const statement: MutationOperator = ofFunctions({
  name: "statement",
  about: "a statement left out",
  mutants: ({ tokens }) =>
    statementsOf(tokens)
      .filter((range) => !range.clause && !isDeclaration(tokens, range) && !isJump(tokens[range.from]?.text))
      // A return at the end is what the function is for: without it the result is undefined.
      .filter(({ to, from }) => tokens[from]?.text !== "return" || to < tokens.length)
      .map((range) => [replaced(tokens, range, ";")]),
});

const isJump = (text: string | undefined): boolean => text === "break" || text === "continue";

export const jump: MutationOperator = ofFunctions({
  name: "jump",
  about: "break or continue left out, or one for the other",
  mutants: ({ tokens }) =>
    tokens.flatMap((token, index) => {
      const { text, start } = token;
      if (!isJump(text)) return [];
      const end = tokens[index + 1]?.end ?? token.end;
      return [[{ start, end, text: ";" }], ...exchanged(token, [text === "break" ? "continue" : "break"])];
    }),
});

export const loop: MutationOperator = ofFunctions({
  name: "loop",
  about: "a loop that ends one earlier or later, begins one later, or goes round once",
  mutants: (place) => [
    ...loopsOf(place.tokens).flatMap(({ condition: range, bodyEnd, counts }) => {
      const brace = place.tokens[bodyEnd];
      const once: readonly Edits[] =
        brace === undefined ? [] : [[{ start: brace.start, end: brace.start, text: "break; " }]];
      // What a while compares are addresses and sizes, where one byte more or less is the same.
      if (!counts) return once;
      const bounds = ["<", "<=", ">", ">="].flatMap((operator) =>
        operatorsOf(place.tokens, operator)
          .filter(({ at }) => range.from <= at && at < range.to)
          .flatMap(({ right }) => around(place, right)),
      );
      return [...once, ...bounds];
    }),
    ...statementsOf(place.tokens)
      .filter(({ clause }) => clause)
      .flatMap(({ from, to }) => {
        const equals = place.tokens.findIndex(
          ({ text }, index) => index > from && index < to && text === "=",
        );
        if (equals < 0 || equals + 1 >= to - 1) return [];
        const range = { from: equals + 1, to: to - 1 };
        return [[replaced(place.tokens, range, `(${sourceOf(place, range)}) + 1U`)]];
      }),
  ],
});

function around(place: Place, range: { readonly from: number; readonly to: number }): readonly Edits[] {
  const bound = sourceOf(place, range);
  return [`(${bound}) + 1U`, `(${bound}) - 1U`].map((text) => [replaced(place.tokens, range, text)]);
}

export const result: MutationOperator = ofFunctions({
  name: "return",
  about: "another return value: NULL, 0, doubled, or the opposite",
  mutants: (place) =>
    statementsOf(place.tokens)
      .filter(({ from, to }) => place.tokens[from]?.text === "return" && to - from > 2)
      .flatMap(({ from, to }) => {
        const range = { from: from + 1, to: to - 1 };
        const value = sourceOf(place, range);
        return otherResults(place.returns, value)
          .filter((text) => text !== value)
          .map((text) => [replaced(place.tokens, range, text)]);
      }),
});

function otherResults(type: string, value: string): readonly string[] {
  if (type === "bool") return [`!(${value})`, "1", "0"];
  if (type.endsWith("*")) return ["NULL"];
  return /^(?:u?int\d+_t|size_t|unsigned|int|link_t|node_t)$/.test(type) ? ["0U", `2U * (${value})`] : [];
}
