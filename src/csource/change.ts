/**
 * Small structural changes of one C function, as hands make them by mistake: a call left out, a condition turned round, a
 * constant that is one off. A change names what it changes by functions, variables and operators, never by lines.
 */
import { functionsOf } from "./c-function.js";
import {
  assignments,
  callsOf,
  conditionsOf,
  ifAround,
  isDeclaration,
  operatorsOf,
  statementsOf,
  type Range,
  type Statement,
} from "./ranges.js";
import { tokenize, withoutComments, type Token } from "./tokens.js";

/** A statement by what it does: a call whose result it does not use, or an assignment to something that ends so. */
export type StatementChoice = { readonly call: string } | { readonly assigns: string };

/** Which of the places that are alike: those that mention all these words, and of them as many as said, or one of them. */
export interface Choice {
  readonly mentions?: readonly string[];
  /** How many there must be, all of which are changed; 1 when nothing is said. */
  readonly places?: number;
  /** The one of them to be changed, from 1 on, however many there are. */
  readonly nth?: number;
}

/** `value` is C; a `$` in it stands for what was there. */
export type Change = Choice &
  (
    | (StatementChoice & { readonly kind: "drop" })
    | (StatementChoice & { readonly kind: "restate"; readonly value: string })
    | (StatementChoice & { readonly kind: "guard"; readonly when: string })
    /** In front of the innermost `if` around it. */
    | (StatementChoice & { readonly kind: "hoist" })
    | { readonly kind: "assign"; readonly to: string; readonly value: string }
    | { readonly kind: "return"; readonly value: string }
    | { readonly kind: "condition"; readonly value: string }
    /** `parameter` counts from 0. */
    | { readonly kind: "argument"; readonly call: string; readonly parameter: number; readonly value: string }
    | {
        readonly kind: "swap-arguments";
        readonly call: string;
        readonly parameters: readonly [number, number];
      }
    /** With its operator, of which it is either operand. */
    | { readonly kind: "drop-operand"; readonly operator: string }
    /** Tokens wherever they stand in a statement or condition that mentions the words. */
    | { readonly kind: "replace"; readonly tokens: string; readonly by: string }
    /** At the beginning of the body. */
    | { readonly kind: "insert"; readonly statement: string }
  );

interface Edit {
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * `text` with one function changed.
 * @throws Error where the text does not define the function once, and where the change applies nowhere or in another
 *   number of places than it says
 */
export function changeFunction(text: string, name: string, change: Change): string {
  const [found, ...others] = functionsOf(text).filter((each) => each.name === name);
  if (found === undefined || others.length > 0) {
    throw new Error(`the C defines ${name} ${others.length === 0 ? "nowhere" : "more than once"}`);
  }
  const body = new Body(text, found.body.start, found.body.end);
  const chosen = choose(editsOf(body, change), change, name);
  return chosen
    .flat()
    .toSorted((left, right) => right.start - left.start)
    .reduce((edited, { start, end, text: by }) => edited.slice(0, start) + by + edited.slice(end), text);
}

/** Each place with the edits that change it. */
function choose(
  places: readonly (readonly Edit[])[],
  change: Change,
  name: string,
): readonly (readonly Edit[])[] {
  const { nth, places: wanted = 1 } = change;
  const one = nth === undefined ? undefined : places[nth - 1];
  if (one !== undefined) return [one];
  if (nth === undefined && places.length === wanted) return places;
  const asked = nth === undefined ? `${wanted}` : `at least ${nth}`;
  throw new Error(
    `${name} has ${places.length} places for this change, not ${asked}: ${JSON.stringify(change)}`,
  );
}

class Body {
  readonly tokens: readonly Token[];

  constructor(
    readonly text: string,
    readonly start: number,
    end: number,
  ) {
    this.tokens = withoutComments(tokenize(text.slice(start, end)));
  }

  offsets({ from, to }: Range): { readonly start: number; readonly end: number } {
    const [first, last] = [this.tokens[from], this.tokens[to - 1]];
    if (first === undefined || last === undefined) throw new Error("an empty range of tokens");
    return { start: this.start + first.start, end: this.start + last.end };
  }

  source(range: Range): string {
    const { start, end } = this.offsets(range);
    return this.text.slice(start, end);
  }

  /** @param by where a `$` stands for what is there */
  replace(range: Range, by: string): Edit {
    return { ...this.offsets(range), text: by.replaceAll("$", () => this.source(range)) };
  }

  mentions({ from, to }: Range, words: readonly string[] = []): boolean {
    return words.every((word) => this.tokens.slice(from, to).some(({ text }) => text === word));
  }

  /** Where `sought` stands, token by token. */
  occurrences(sought: string, { from, to }: Range): readonly Range[] {
    const words = tokenize(sought).map(({ text }) => text);
    return this.tokens.slice(from, to).flatMap((_, index) => {
      const range = { from: from + index, to: from + index + words.length };
      const equal = words.every((word, offset) => this.tokens[range.from + offset]?.text === word);
      return equal && range.to <= to ? [range] : [];
    });
  }
}

function editsOf(body: Body, change: Change): readonly (readonly Edit[])[] {
  const { tokens } = body;
  const mentioned = <Part extends Range>(places: readonly Part[]): readonly Part[] =>
    places.filter((range) => body.mentions(range, change.mentions));
  switch (change.kind) {
    case "drop":
      return mentioned(statements(body, change)).map((range) => [body.replace(range, "")]);
    case "restate":
      return mentioned(statements(body, change)).map((range) => [body.replace(range, change.value)]);
    case "guard":
      return mentioned(statements(body, change)).map((range) => [
        body.replace(range, `if (${change.when}) { $ }`),
      ]);
    case "hoist":
      return mentioned(statements(body, change)).map((range) => hoist(body, range));
    case "assign":
      return mentioned(assigned(body, change.to)).map(({ value }) => [body.replace(value, change.value)]);
    case "return":
      return mentioned(statementsOf(tokens))
        .filter(({ from, to }) => tokens[from]?.text === "return" && to - from > 2)
        .map(({ from, to }) => [body.replace({ from: from + 1, to: to - 1 }, change.value)]);
    case "condition":
      return mentioned(conditionsOf(tokens)).map((range) => [body.replace(range, change.value)]);
    case "argument":
      return mentioned(callsOf(tokens, change.call)).flatMap(({ parameters }) => {
        const parameter = parameters[change.parameter];
        return parameter === undefined ? [] : [[body.replace(parameter, change.value)]];
      });
    case "swap-arguments":
      return mentioned(callsOf(tokens, change.call)).flatMap(({ parameters }) => {
        const [first, second] = change.parameters.map((index) => parameters[index]);
        if (first === undefined || second === undefined) return [];
        return [[body.replace(first, body.source(second)), body.replace(second, body.source(first))]];
      });
    case "drop-operand":
      return operatorsOf(tokens, change.operator).flatMap(({ at, left, right }) => {
        if (body.mentions(right, change.mentions)) return [[body.replace({ from: at, to: right.to }, "")]];
        if (body.mentions(left, change.mentions))
          return [[body.replace({ from: left.from, to: at + 1 }, "")]];
        return [];
      });
    case "replace": {
      const around = mentioned([...statementsOf(tokens), ...conditionsOf(tokens)]);
      return body
        .occurrences(change.tokens, { from: 0, to: tokens.length })
        .filter(({ from, to }) => around.some((range) => range.from <= from && to <= range.to))
        .map((range) => [body.replace(range, change.by)]);
    }
    case "insert":
      return [[{ start: body.start, end: body.start, text: `\n    ${change.statement}` }]];
  }
}

/** The statements that do it, whole: none of a `for`, and no declarations, for what follows needs these. */
function statements(body: Body, choice: StatementChoice): readonly Statement[] {
  const whole = statementsOf(body.tokens).filter(
    ({ clause, ...range }) => !clause && !isDeclaration(body.tokens, range),
  );
  if ("call" in choice) {
    return whole.filter(({ from, to }) => {
      const isVoid = body.source({ from, to }).startsWith("(void)");
      const call = callsOf(body.tokens, choice.call).find((each) => each.from === from + (isVoid ? 3 : 0));
      return call !== undefined && call.to === to - 1;
    });
  }
  const ends = assigned(body, choice.assigns);
  return whole.filter(({ from }) => ends.some((each) => each.from === from));
}

/** Statements and first clauses of loops that assign to what ends with the tokens of `to`, with the value. */
function assigned(body: Body, to: string): readonly (Range & { readonly value: Range })[] {
  const { tokens } = body;
  return statementsOf(tokens).flatMap(({ from, to: end }) => {
    return body.occurrences(to, { from, to: end }).flatMap((target) => {
      const operator = tokens[target.to]?.text ?? "";
      const step = operator === "++" || operator === "--";
      if (!step && !assignments.includes(operator)) return [];
      const value = step ? { from: target.to, to: target.to + 1 } : { from: target.to + 1, to: end - 1 };
      return [{ from, to: end, value }];
    });
  });
}

function hoist(body: Body, statement: Range): readonly Edit[] {
  const around = ifAround(body.tokens, statement.from);
  if (around === undefined) throw new Error(`no if is around "${body.source(statement)}"`);
  const { start } = body.offsets(around);
  return [body.replace(statement, ""), { start, end: start, text: `${body.source(statement)} ` }];
}
