import { z } from "zod";
import { describe, expect, it } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import { policies } from "../policies/registry.js";
import { required, type SchemaNode } from "./allowed.js";
import type { Config } from "./config.js";
import { schemasOf } from "./known-schemas.js";
import { parseConfigText, type LoadedConfig } from "./load.js";

/** One key at a time, with values for it: keys of what an object is written for are "lock(custom).header". */
interface Variation {
  readonly key: string;
  readonly path: readonly string[];
  readonly values: readonly unknown[];
}

const shapeOf = (node: z.ZodObject): [string, SchemaNode][] => Object.entries<SchemaNode>(node.shape);

/** Values that a schema takes, or may take. */
function valuesOf(schema: SchemaNode): readonly unknown[] {
  const node = required(schema);
  if (node instanceof z.ZodEnum) return node.options;
  if (node instanceof z.ZodLiteral) return [...node.values];
  if (node instanceof z.ZodBoolean) return [true, false];
  if (node instanceof z.ZodNumber) return [1, 2, 3, 8, 16, 32, 600, 1024];
  if (node instanceof z.ZodString)
    return ["alpha", "beta", ".alpha", "alpha.h", "64B", "1KiB", "64KiB", "STM32F407VG", "SRAM"];
  if (node instanceof z.ZodUnion) return node.options.flatMap(valuesOf);
  if (node instanceof z.ZodArray) return valuesOf(node.element).map((value) => [value]);
  if (node instanceof z.ZodObject) {
    const least = leastObject(node);
    const [key] = Object.keys(least);
    const child = shapeOf(node).find(([name]) => name === key)?.[1];
    if (key === undefined || child === undefined) return [least];
    return valuesOf(child).map((value) => ({ ...least, [key]: value }));
  }
  throw new Error(`no values for ${node._zod.def.type}`);
}

/** Objects in which keys have a meaning that have none in the least. */
const contexts = [
  { kind: "linker", start: "first", end: "last" },
  { kind: "sequential-fit", fit: "best" },
  { kind: "sequential-fit", split: "two-ended" },
  { kind: "pool", classes: [{ size: 16, count: 2 }, { size: 64 }] },
];

/** With what it must have. */
function leastObject(node: z.ZodObject): Readonly<Record<string, unknown>> {
  const needed = shapeOf(node).filter(([, child]) => !(child instanceof z.ZodOptional));
  return Object.fromEntries(needed.map(([key, child]) => [key, valuesOf(child)[0]]));
}

function variationsOf(schema: SchemaNode, key: string, path: readonly string[]): readonly Variation[] {
  const node = required(schema);
  if (node instanceof z.ZodObject) {
    return shapeOf(node).flatMap(([inner, child]) =>
      variationsOf(child, key === "" ? inner : `${key}.${inner}`, [...path, inner]),
    );
  }
  const whole = { key, path, values: valuesOf(node) };
  if (!(node instanceof z.ZodUnion)) return [whole];
  const objects = node.options.map(required).filter((option) => option instanceof z.ZodObject);
  return [whole, ...objects.flatMap((object) => variationsOfObject(object, key, path))];
}

function variationsOfObject(object: z.ZodObject, key: string, path: readonly string[]): readonly Variation[] {
  const least = leastObject(object);
  const kind = "kind" in least ? `${key}(${String(least["kind"])})` : key;
  const rounds = [least, ...contexts.filter((context) => context.kind === least["kind"])];
  return variationsOf(object, "", [])
    .filter((inner) => inner.key !== "kind")
    .flatMap((inner) =>
      rounds.map((round) => ({
        key: `${kind}.${inner.key}`,
        path,
        values: [undefined, ...inner.values].map((value) => withValue(round, inner.path, value)),
      })),
    );
}

function withValue(config: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const object = typeof config === "object" && config !== null ? config : {};
  const inner = first in object ? (object as Readonly<Record<string, unknown>>)[first] : undefined;
  return { ...object, [first]: withValue(inner, rest, value) };
}

/** Undefined where the config is refused. */
function load(config: unknown): LoadedConfig | undefined {
  try {
    return parseConfigText(JSON.stringify(config), "hash.json");
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}

/** What the C is made from. Its header names the bounds, and how it is compiled for them. */
function decisive(resolved: Config): string {
  const {
    chip: _chip,
    outputs: _outputs,
    neededBy: _by,
    verify: _,
    toolchain,
    budgets,
    ...config
  } = resolved;
  const bounds = [budgets.cycles.malloc?.bound, budgets.cycles.free?.bound];
  return JSON.stringify([config, bounds, bounds.some((bound) => bound !== undefined) ? toolchain : null]);
}

const schema = schemasOf(policies).one;
const plain = { name: "app", target: "cortex-m4", heap: { size: "32KiB" } };
const slots = { kind: "sequential-fit" };
/** What keys are tried in: they have no meaning everywhere. */
const bases = [
  ...policies.map(({ name: kind }) => ({ ...plain, policy: { kind } })),
  { ...plain, policy: { kind: "pool", classes: [{ size: 32, count: 4 }] } },
  { ...plain, policy: slots, header: { links: { place: "slots" } } },
  { ...plain, lock: "primask" },
  { ...plain, policy: { kind: "segregated-fit" }, hardening: { tier: "basic" } },
  { ...plain, heap: { size: "32KiB", placement: "linker" } },
  { ...plain, chip: "STM32F407VG" },
].map((base) => ({ policy: slots, ...base }));
const variations = variationsOf(schema, "", []);

/** Keys that have one value only, or none that the resolved config tells. */
const without = ["$schema", "toolchain.compiler", "verify.traces", "header"];
/** Keys of which the C says nothing. */
const named = [
  ...["chip", "heap.region"],
  ...["toolchain.optimize", "verify.seed", "verify.operations", "verify.workloads", "verify.strict"],
  ...["budgets.cycles.malloc.worst", "budgets.cycles.malloc.mean"],
  ...["budgets.cycles.free.worst", "budgets.cycles.free.mean"],
  ...["budgets.interruptLatency", "budgets.flash", "budgets.ram", "budgets.stack"],
];

describe("the hash of a config", () => {
  it("changes with every key that the schema has but those named, and with no other", () => {
    const hashes = new Map<string, string>();
    const hashIn = (config: unknown, key: string): string | undefined => {
      const loaded = load(config);
      if (loaded === undefined) return undefined;
      const text = decisive(loaded.config);
      expect([key, hashes.get(text) ?? loaded.sha256]).toEqual([key, loaded.sha256]);
      hashes.set(text, loaded.sha256);
      return loaded.sha256;
    };
    const isTold = ({ key, path, values }: Variation): boolean =>
      bases.some((base) => {
        const configs = values.map((value) => withValue(base, path, value));
        // The values of a key inside an object of some kind are whole objects, that without the key among them.
        const all = key.includes("(") ? configs : [base, ...configs];
        const found = all.map((config) => hashIn(config, key)).filter((hash) => hash !== undefined);
        return new Set(found).size > 1;
      });
    const told = variations.filter(isTold).map(({ key }) => key);
    const keys = [...new Set(variations.map(({ key }) => key))];
    expect(keys.filter((key) => !told.includes(key) && !without.includes(key))).toEqual(named);
    expect(new Set(hashes.values()).size).toBe(hashes.size);
  });
});
