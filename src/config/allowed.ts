/** Says in words what a schema takes, for the "(allowed: …)" of messages. */
import { z } from "zod";
import { identifierPattern } from "./identifier-schema.js";
import { sizePattern } from "./size-schema.js";
import { wordsOf } from "./text-patterns.js";

/** Any node of the config schema. */
export type SchemaNode = z.core.$ZodType;

/** The schema of a value that is there: what an optional one wraps. */
export function required(schema: SchemaNode): SchemaNode {
  return schema instanceof z.ZodOptional ? required(schema.unwrap()) : schema;
}

/** The words and constants a schema takes, undefined where it takes more than a list of them. */
export function constantsOf(schema: SchemaNode): readonly (string | number | boolean)[] | undefined {
  const node = required(schema);
  if (node instanceof z.ZodEnum) return node.options;
  if (node instanceof z.ZodLiteral) {
    return [...node.values].filter(
      (value) => typeof value !== "bigint" && value !== null && value !== undefined,
    );
  }
  if (node instanceof z.ZodUnion) {
    const parts = node.options.map(constantsOf);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  return undefined;
}

function numberRange(node: z.ZodNumber): string {
  const what = node.format === "safeint" ? "a whole number" : "a number";
  const least = node.minValue ?? -Infinity;
  const most = node.maxValue ?? Infinity;
  const bounded = Number.isFinite(most) && most !== Number.MAX_SAFE_INTEGER;
  if (!Number.isFinite(least) || least === Number.MIN_SAFE_INTEGER)
    return bounded ? `${what} up to ${most}` : what;
  return bounded ? `${what} from ${least} to ${most}` : `${what} from ${least}`;
}

/** `"first", "next"` or `a whole number from 1 to 32` or `an object`. */
export function describeAllowed(schema: SchemaNode): string {
  const constants = constantsOf(schema);
  if (constants !== undefined) return constants.map((value) => JSON.stringify(value)).join(", ");
  const node = required(schema);
  if (node instanceof z.ZodUnion) return [...new Set(node.options.map(describeAllowed))].join(", or ");
  if (node instanceof z.ZodNumber) return numberRange(node);
  if (node instanceof z.ZodString) return stringWords(node);
  if (node instanceof z.ZodBoolean) return "true, false";
  if (node instanceof z.ZodArray) return `a list of: ${describeAllowed(node.element)}`;
  if (node instanceof z.ZodObject) return "an object";
  throw new Error(`no words for schema node ${node._zod.def.type}`);
}

const ownPatterns = new Map([
  [sizePattern, 'a size such as "32KiB"'],
  [identifierPattern, 'a name of C such as "my_malloc"'],
]);

function stringWords(node: z.ZodString): string {
  const pattern = (node.def.checks ?? [])
    .map((check) => ("pattern" in check._zod.def ? check._zod.def.pattern : undefined))
    .find((each) => each instanceof RegExp);
  if (pattern === undefined) return "a string";
  return ownPatterns.get(pattern) ?? wordsOf(pattern) ?? "a string";
}
