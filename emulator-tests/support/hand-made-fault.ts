/** A fault that hands make in an allocator: a function of the generated C, and a small change of it. */
import { functionsOf } from "../../src/csource/c-function.js";
import { changeFunction, type Change, type Choice, type StatementChoice } from "../../src/csource/change.js";
import type { FaultCause } from "../../src/emulators/engine.js";
import type { Edit } from "./bench.js";
import type { TestConfig } from "./configs.js";

export interface HandMadeFault {
  readonly name: string;
  readonly config: TestConfig;
  /** That is changed. */
  readonly function: string;
  readonly change: Change | readonly Change[];
  /** How the mismatch's message begins, where the emulator itself stops. */
  readonly cause?: FaultCause;
}

/** @throws Error where the fault would change nothing, or more than it says. */
export const editOf =
  ({ function: name, change }: Pick<HandMadeFault, "function" | "change">): Edit =>
  (source) =>
    [change].flat().reduce((text, each) => changeFunction(text, name, each), source);

/** The changes of one function, for tests that are about something else than faults. */
export const changed = (name: string, ...change: readonly Change[]): Edit =>
  editOf({ function: name, change });

/** `code` in front of the definition of `name`. @throws Error where there is none */
export const before =
  (name: string, code: string): Edit =>
  (source) => {
    const found = functionsOf(source).find((each) => each.name === name);
    if (found === undefined) throw new Error(`the C defines ${name} nowhere`);
    const { start } = found.span;
    return `${source.slice(0, start)}${code}\n${source.slice(start)}`;
  };

const about = (words: readonly string[]): Choice => (words.length === 0 ? {} : { mentions: words });

/** The one call of `call`, a statement, that mentions the words. */
export const dropCall = (call: string, ...mentions: readonly string[]): Change => ({
  kind: "drop",
  call,
  ...about(mentions),
});

/** The one assignment to what ends with the tokens of `assigns`. */
export const dropAssignment = (assigns: string, ...mentions: readonly string[]): Change => ({
  kind: "drop",
  assigns,
  ...about(mentions),
});

/** @param value C, where `$` is what was assigned */
export const setValue = (to: string, value: string, ...mentions: readonly string[]): Change => ({
  kind: "assign",
  to,
  value,
  ...about(mentions),
});

/** The one condition that mentions the words becomes `value`, where `$` is the condition. */
export const setCondition = (mentions: readonly string[], value: string): Change => ({
  kind: "condition",
  value,
  mentions,
});

/** @param parameter from 0 */
export const setArgument = (
  call: string,
  parameter: number,
  value: string,
  ...mentions: readonly string[]
): Change => ({ kind: "argument", call, parameter, value, ...about(mentions) });

export const setReturn = (value: string): Change => ({ kind: "return", value });

/** Tokens, an operator or a constant for the most part, in the statement or condition that mentions the words. */
export const replace = (tokens: string, by: string, ...mentions: readonly string[]): Change => ({
  kind: "replace",
  tokens,
  by,
  ...about(mentions),
});

/** The operand that mentions the words, and the operator with it. */
export const dropOperand = (operator: string, ...mentions: readonly string[]): Change => ({
  kind: "drop-operand",
  operator,
  mentions,
});

/** Only where `when` holds. */
export const guard = (statement: StatementChoice, when: string): Change => ({
  kind: "guard",
  ...statement,
  when,
});

export const restate = (
  statement: StatementChoice,
  value: string,
  ...mentions: readonly string[]
): Change => ({ kind: "restate", ...statement, value, ...about(mentions) });

/** In front of the `if` that it stands in. */
export const hoist = (statement: StatementChoice): Change => ({ kind: "hoist", ...statement });

/** As the first statement of the function. */
export const insert = (statement: string): Change => ({ kind: "insert", statement });
