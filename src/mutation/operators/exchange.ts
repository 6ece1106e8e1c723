/** Operators of C exchanged for others of their kind (Agrawal et al. 1989: ORRN, OAAN, OBBN, OSSN, OLLN, OAAA, OBBA, OPPO). */
import { operatorsOf } from "../../csource/ranges.js";
import { exchanged, type Place } from "../place.js";
import type { Edits } from "../mutant.js";
import { ofFunctions, type MutationOperator } from "./operator.js";

/** Each of the operators between two operands, exchanged for those that `others` names. */
const exchange =
  (others: Readonly<Record<string, readonly string[]>>) =>
  ({ tokens }: Place): readonly Edits[] =>
    Object.entries(others).flatMap(([operator, by]) =>
      operatorsOf(tokens, operator).flatMap(({ at, right }) => {
        const token = tokens[at];
        // The star of a type in a cast has nothing on its right.
        return token === undefined || right.from === right.to ? [] : exchanged(token, by);
      }),
    );

/** Each of some operators for every other of them. */
const amongEach = (...operators: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(operators.map((each) => [each, operators.filter((other) => other !== each)]));

/**
 * No order for an equality: where invariants keep one side from being less than the other, as they do for addresses and
 * sizes, >= means the same as ==.
 */
export const relational: MutationOperator = {
  name: "relational",
  about: "<, <=, > and >= for each other, == for !=, != for ==",
  mutants: exchange({ ...amongEach("<", "<=", ">", ">="), ...amongEach("==", "!=") }),
};

export const arithmetic: MutationOperator = {
  name: "arithmetic",
  about: "+, -, *, / and % for another",
  mutants: exchange({ "+": ["-"], "-": ["+"], "*": ["+", "/"], "/": ["*", "-"], "%": ["/", "*"] }),
};

/** Not ^ for |: what is joined has no bit in common as a rule, and then they are the same. */
export const bitwise: MutationOperator = {
  name: "bitwise",
  about: "& for | and ^, | and ^ for &",
  mutants: exchange({ "&": ["|", "^"], "|": ["&"], "^": ["&", "|"] }),
};

export const shift: MutationOperator = {
  name: "shift",
  about: "<< for >>, and >> for <<",
  mutants: exchange(amongEach("<<", ">>")),
};

const connective = exchange(amongEach("&&", "||"));

export const logical: MutationOperator = {
  name: "logical",
  about: "&& for ||, || for &&, and each operand of them alone",
  mutants: (place) => [
    ...connective(place),
    ...["&&", "||"].flatMap((operator) => operandsAlone(place, operator)),
  ],
};

function operandsAlone({ tokens, file }: Place, operator: string): readonly Edits[] {
  return operatorsOf(tokens, operator).flatMap(({ left, right }) => {
    const [first, last, leftEnd, rightStart] = [
      tokens[left.from],
      tokens[right.to - 1],
      tokens[left.to - 1],
      tokens[right.from],
    ];
    if (!first || !last || !leftEnd || !rightStart) return [];
    return [
      [{ start: first.start, end: last.end, text: file.text.slice(first.start, leftEnd.end) }],
      [{ start: first.start, end: last.end, text: file.text.slice(rightStart.start, last.end) }],
    ];
  });
}

export const assignment: MutationOperator = ofFunctions({
  name: "assignment",
  about: "+= for -=, |= for &=, and so on; = for each of them",
  mutants: exchange({
    "+=": ["-=", "="],
    "-=": ["+=", "="],
    "*=": ["/=", "="],
    "/=": ["*=", "="],
    "|=": ["&=", "^=", "="],
    "&=": ["|=", "^=", "="],
    "^=": ["|=", "&=", "="],
    "<<=": [">>=", "="],
    ">>=": ["<<=", "="],
  }),
});

export const increment: MutationOperator = ofFunctions({
  name: "increment",
  about: "++ for --, and -- for ++",
  mutants: ({ tokens }) =>
    tokens.flatMap((token) => {
      if (token.text === "++") return exchanged(token, ["--"]);
      return token.text === "--" ? exchanged(token, ["++"]) : [];
    }),
});
