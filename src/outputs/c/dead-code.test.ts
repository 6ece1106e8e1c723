/**
 * Whatever functions a config asks for, the C has no dead code: what it defines something uses, what it writes something
 * reads, and no branch is empty.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  bitmap,
  buddy,
  bump,
  pool,
  quick,
  seed,
  segregated,
  sequential,
  testConfig,
  type TestConfig,
} from "../../../emulator-tests/support/configs.js";
import type { Api } from "../../config/config.js";
import { chooseSample } from "../../../emulator-tests/support/sample.js";
import { parseConfigText } from "../../config/load.js";
import type { Config } from "../../config/config.js";
import { apiNames } from "../../config/vocabulary.js";
import { functionsOf, wordsOf } from "../../csource/c-function.js";
import { tokenize, withoutComments, type Token } from "../../csource/tokens.js";
import { AllocGenError } from "../../diagnostics.js";
import { makePlan } from "../../policies/make-plan.js";
import { loadTarget } from "../../targets/load.js";
import { emitC } from "./emit.js";

const fields = { tag: { bits: 8 }, requested: {}, checksum: { bits: 8 } } as const;

/** The shapes of each policy's C. */
const shapes: Readonly<Record<string, TestConfig>> = {
  "first fit by address": { policy: sequential() },
  "the seed": { policy: seed, links: { place: "slots", slots: 32 } },
  "next fit, footers": { policy: sequential({ fit: "next", wilderness: "none" }), boundaryTag: "footer" },
  "best fit, deferred": { policy: sequential({ fit: "best", coalesce: "deferred", order: "lifo" }) },
  "worst fit, in place": {
    policy: sequential({ fit: "worst", order: "in-place", split: "two-ended", wilderness: "none" }),
  },
  "first fit, never, checksum": { policy: sequential({ coalesce: "never", order: "lifo" }), fields },
  "segregated, footers": { policy: segregated() },
  "segregated, prevSize": { policy: segregated({ subdivisions: 8, probe: false }), boundaryTag: "prevSize" },
  "segregated, deferred, quick lists": { policy: segregated({ coalesce: "deferred", ...quick() }) },
  "segregated, by neighbour, checksum": {
    policy: segregated({ split: "by-neighbour", ...quick() }),
    fields,
    lock: { kind: "primask" },
  },
  bitmap: { policy: bitmap() },
  "bitmap, coarse": { policy: bitmap(32), lock: { kind: "primask" }, zeroSize: "unique" },
  buddy: { policy: buddy() },
  "buddy, v6-M": { policy: buddy(), target: "cortex-m0plus", lock: { kind: "primask" } },
  bump: { policy: bump() },
  "bump, lifo": { policy: bump("lifo") },
  "pool of one class": { policy: pool([[64]]) },
  "pool of one class, lazy": { policy: pool([[64]], { lazy: true }), lock: { kind: "primask" } },
  "pool, atomic": { policy: pool([[64], [128, 3]], { atomic: true, fallback: false }) },
  "pool of several classes": { policy: pool([[16, 20], [64, 8], [128]]) },
  "pool with gaps between classes": {
    policy: pool([[24, 3], [64]], { fallback: false }),
    size: 512,
    alignment: 4,
  },
  "pool with gaps, lazy": { policy: pool([[40, 32], [4096]], { lazy: true }), size: 1 << 19 },
};

/** As many sets as there are: of seven functions 128. */
const everySet: readonly Api[] = Array.from(
  { length: 2 ** apiNames.length },
  (_, set) =>
    Object.fromEntries(apiNames.map((name, bit) => [name, (set & (1 << bit)) !== 0])) as unknown as Api,
);

/** The C file; undefined where the policy refuses the functions. */
function sourceOf(config: Config): string | undefined {
  const target = loadTarget(config.target);
  try {
    const files = emitC(makePlan(config, target), {
      ...{ version: "0", configName: "a.json", configHash: "00000000", targetName: target.name },
    });
    return files.find(({ name }) => name.endsWith(".c"))?.text;
  } catch (error) {
    if (error instanceof AllocGenError) return undefined;
    throw error;
  }
}

const defining = /^#\s*define\s+(\w+)/;
const inside = (token: Token): readonly Token[] =>
  token.kind === "directive" ? tokenize(token.text.replace(defining, "")) : [token];

/** Static functions that no public one reaches. */
function uncalled(text: string): readonly string[] {
  const functions = functionsOf(text);
  const byName = new Map(functions.map((each) => [each.name, each]));
  const reached = new Set<string>();
  const waiting = functions.flatMap(({ name, linkage }) => (linkage === "external" ? [name] : []));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...[...(byName.get(next)?.calls ?? [])].filter((called) => byName.has(called)));
  }
  return functions.map(({ name }) => name).filter((name) => !reached.has(name));
}

function deadCode(text: string): readonly string[] {
  const all = tokenize(text);
  const code = withoutComments(all);
  const words = new Set(wordsOf(all.flatMap(inside)));
  const macros = all.flatMap(({ kind, text: own }) =>
    kind === "directive" ? (defining.exec(own)?.[1] ?? []) : [],
  );
  /** Of a local variable: what stands in the heap is for whoever looks at it. */
  const isMember = (index: number): boolean =>
    code[index - 1]?.text === "." &&
    code[index - 2]?.kind === "word" &&
    !["heap", "control"].includes(code[index - 2]?.text ?? "");
  const read = new Set<string>();
  const members = new Set<string>();
  for (const [index, { kind, text: word }] of code.entries()) {
    if (kind !== "word" || !isMember(index)) continue;
    members.add(word);
    if (code[index + 1]?.text !== "=") read.add(word);
  }
  // A branch that says why it is empty is one of a chain, as MISRA C asks for.
  const empty = all.filter(({ text: open }, index) => open === "{" && all[index + 1]?.text === "}");
  return [
    ...uncalled(text),
    ...macros.filter((name) => !words.has(name)),
    ...[...members].filter((name) => !read.has(name)),
    ...empty.map(({ start }) => text.slice(Math.max(0, start - 60), start + 20)),
  ];
}

describe("no dead code", () => {
  test.each(Object.entries(shapes))("%s", (name, shape) => {
    expect(sourceOf(testConfig(shape))).toBeDefined();
    for (const api of chooseSample(everySet, 8, name)) {
      const text = sourceOf(testConfig({ ...shape, api })) ?? "";
      expect(deadCode(text), JSON.stringify(api)).toEqual([]);
    }
  });

  const drawn = new URL("../../../emulator-tests/cases/drawn-configs.json", import.meta.url);
  const configs = JSON.parse(readFileSync(drawn, "utf8")) as readonly unknown[];

  test("drawn configs", () => {
    for (const written of chooseSample(configs, 40, "dead code")) {
      const text = JSON.stringify(written);
      const source = sourceOf(parseConfigText(text, "alloc-gen.json").config);
      expect(deadCode(source ?? ""), text).toEqual([]);
    }
  });
});
