/** The operators of mutation, in the order of the report. */
import {
  assignment,
  arithmetic,
  bitwise,
  increment,
  logical,
  relational,
  shift,
} from "./operators/exchange.js";
import { condition, jump, loop, result, statement } from "./operators/flow.js";
import { lock } from "./operators/locks.js";
import { argument, member, variable } from "./operators/names.js";
import type { MutationOperator } from "./operators/operator.js";
import { cast, constant, unary } from "./operators/values.js";

export const mutationOperators: readonly MutationOperator[] = [
  relational,
  arithmetic,
  bitwise,
  shift,
  logical,
  assignment,
  increment,
  constant,
  unary,
  cast,
  variable,
  member,
  argument,
  condition,
  statement,
  jump,
  loop,
  result,
  lock,
];
