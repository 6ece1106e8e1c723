/** One name for another: variables, members, arguments (Agrawal et al. 1989: Vsrr, and the members of a struct). */
import { callsOf } from "../../csource/ranges.js";
import type { Token } from "../../csource/tokens.js";
import type { Edits } from "../mutant.js";
import { exchanged, replaced, sourceOf, type Place } from "../place.js";
import type { Variable } from "../variables.js";
import { ofFunctions, type MutationOperator } from "./operator.js";

const isMember = (tokens: readonly Token[], index: number): boolean =>
  [".", "->"].includes(tokens[index - 1]?.text ?? "");

export const variable: MutationOperator = ofFunctions({
  name: "variable",
  about: "a variable for another of its type that is in scope",
  mutants: ({ tokens, variables }) =>
    tokens.flatMap((token, index) => {
      if (token.kind !== "word" || isMember(tokens, index)) return [];
      const known = variables.filter((each) => each.start <= token.start && token.start < each.end);
      const own = known.findLast(({ name }) => name === token.text);
      if (own === undefined) return [];
      const written = isWritten(tokens, index);
      const others = known.filter((each) => isOther(each, own) && !(written && each.constant));
      return exchanged(token, [...new Set(others.map(({ name }) => name))]);
    }),
});

const isOther = (each: Variable, own: Variable): boolean => each.name !== own.name && each.type === own.type;

/** Whether what follows the word assigns to it. */
function isWritten(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1]?.text ?? "";
  return next === "++" || next === "--" || /^(?:[-+*/%&|^]|<<|>>)?=$/.test(next);
}

export const member: MutationOperator = ofFunctions({
  name: "member",
  about: "a member of a struct or union for another of it",
  mutants: ({ tokens, file }) =>
    tokens.flatMap((token, index) => {
      const others = isMember(tokens, index) ? file.siblings.get(token.text) : undefined;
      return others === undefined ? [] : exchanged(token, [...others]);
    }),
});

const keywords: ReadonlySet<string> = new Set([
  "if",
  "while",
  "for",
  "switch",
  "return",
  "sizeof",
  "_Alignof",
]);

export const argument: MutationOperator = ofFunctions({
  name: "arguments",
  about: "two arguments of a call swapped",
  mutants: (place) => {
    const names = new Set(
      place.tokens
        .filter(
          ({ kind, text }, index) =>
            kind === "word" && !keywords.has(text) && place.tokens[index + 1]?.text === "(",
        )
        .map(({ text }) => text),
    );
    return [...names].flatMap((name) =>
      callsOf(place.tokens, name).flatMap(({ parameters }) => swaps(place, parameters)),
    );
  },
});

function swaps(place: Place, parameters: ReturnType<typeof callsOf>[number]["parameters"]): readonly Edits[] {
  return parameters.flatMap((first, index) =>
    parameters.slice(index + 1).flatMap((second) => {
      const [left, right] = [sourceOf(place, first), sourceOf(place, second)];
      if (left === right) return [];
      return [[replaced(place.tokens, first, right), replaced(place.tokens, second, left)]];
    }),
  );
}
