/**
 * Holds a config against the schema and names every fault in our own words. The schema is walked here, and zod judges
 * the leaves: zod's own issues do not say which words are allowed, nor what is wrong inside a union.
 */
import { z } from "zod";
import { constantsOf, describeAllowed, required, type SchemaNode } from "./allowed.js";
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import { nearestWord, showValue } from "../suggest.js";

/** A fault of the shape. */
export interface ShapeFault {
  readonly diagnostic: Diagnostic;
  /** The value whose removal leaves a config without this fault; undefined when the fault is that one is missing. */
  readonly remove: ConfigPath | undefined;
  /** Values that go with it and are not told one by one. */
  readonly others?: readonly ConfigPath[];
  /** An unknown key stands where its key is, not where its value is. */
  readonly at: "key" | "value";
}

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** All faults of `value`, in the order of the schema. Empty exactly when the schema accepts the value. */
export function checkShape(schema: SchemaNode, value: unknown, path: ConfigPath = []): ShapeFault[] {
  const node = required(schema);
  if (node instanceof z.ZodObject && isObject(value)) return checkObject(node, value, path);
  if (node instanceof z.ZodArray && Array.isArray(value)) {
    if (value.length > mostItems) return [tooLong(value.length, path)];
    return value.flatMap((item, index) => checkShape(node.element, item, [...path, index]));
  }
  if (node instanceof z.ZodUnion && isObject(value)) {
    const objects = node.options.map(required).filter((option) => option instanceof z.ZodObject);
    if (objects.length > 0) return checkAlternatives(objects, value, path);
  }
  return z.safeParse(node, value).success ? [] : [wrongValue(node, value, path)];
}

/** Items of a list: far above any in use. */
export const mostItems = 1024;
/** Unknown keys of one object that are told one by one. */
const mostUnknownKeys = 20;

function tooLong(found: number, path: ConfigPath): ShapeFault {
  const parameters = { found: `a list of ${found} items`, allowed: `at most ${mostItems}` };
  return { diagnostic: diagnose("invalid-value", parameters, { path }), remove: path, at: "value" };
}

function wrongValue(schema: SchemaNode, value: unknown, path: ConfigPath): ShapeFault {
  const words = (constantsOf(schema) ?? unionWords(schema)).filter((word) => typeof word === "string");
  const nearest = typeof value === "string" ? nearestWord(value, words) : undefined;
  const parameters = { found: showValue(value), allowed: describeAllowed(schema), nearest };
  return { diagnostic: diagnose("invalid-value", parameters, { path }), remove: path, at: "value" };
}

/** The words among a union's alternatives, where others of them are no words. */
function unionWords(schema: SchemaNode): readonly (string | number | boolean)[] {
  const node = required(schema);
  return node instanceof z.ZodUnion ? node.options.flatMap((option) => constantsOf(option) ?? []) : [];
}

function checkObject(schema: z.ZodObject, value: JsonObject, path: ConfigPath): ShapeFault[] {
  const shape = shapeOf(schema);
  const known = Object.keys(shape);
  const faults: ShapeFault[] = [];
  for (const [key, child] of Object.entries(shape)) {
    if (Object.hasOwn(value, key)) faults.push(...checkShape(child, value[key], [...path, key]));
    else if (!(child instanceof z.ZodOptional)) faults.push(missingKey(key, child, path));
  }
  const strict = schema.def.catchall instanceof z.ZodNever;
  const unknown = strict ? Object.keys(value).filter((key) => !Object.hasOwn(shape, key)) : [];
  for (const key of unknown.slice(0, mostUnknownKeys)) {
    const missing = known.filter((word) => !Object.hasOwn(value, word));
    const parameters = { key, nearest: nearestWord(key, missing), allowed: known.join(", ") };
    const diagnostic = diagnose("unknown-key", parameters, { path });
    faults.push({ diagnostic, remove: [...path, key], at: "key" });
  }
  if (unknown.length > mostUnknownKeys) {
    const diagnostic = diagnose("more-unknown-keys", { count: unknown.length - mostUnknownKeys }, { path });
    const others = unknown.slice(mostUnknownKeys).map((key) => [...path, key]);
    faults.push({ diagnostic, remove: undefined, others, at: "value" });
  }
  return faults;
}

function missingKey(key: string, schema: SchemaNode, path: ConfigPath): ShapeFault {
  const parameters = { key, allowed: describeAllowed(schema) };
  return { diagnostic: diagnose("missing-key", parameters, { path }), remove: undefined, at: "value" };
}

/** An object where the schema has several: its `kind` says which one is meant. */
function checkAlternatives(
  options: readonly z.ZodObject[],
  value: JsonObject,
  path: ConfigPath,
): ShapeFault[] {
  const [only] = options;
  if (only !== undefined && options.length === 1) return checkObject(only, value, path);
  const kinds = options.flatMap((option) => constantsOf(kindOf(option)) ?? []);
  const schema = z.literal(kinds);
  if (!Object.hasOwn(value, "kind")) {
    return [{ ...missingKey("kind", schema, path), remove: path }];
  }
  const meant = options.find((option) => z.safeParse(kindOf(option), value["kind"]).success);
  if (meant !== undefined) return checkObject(meant, value, path);
  return [{ ...wrongValue(schema, value["kind"], [...path, "kind"]), remove: path }];
}

function kindOf(option: z.ZodObject): SchemaNode {
  const kind = shapeOf(option)["kind"];
  if (kind === undefined) throw new Error("alternatives of the config schema are told apart by their kind");
  return kind;
}

const shapeOf = (schema: z.ZodObject): Readonly<Record<string, SchemaNode>> => schema.shape;
