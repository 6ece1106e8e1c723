/** Every static assertion of the generated C fires for some wrong constant, and no constant can go wrong unnoticed. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { languageFlags } from "../src/toolchain/flags.js";
import { emitC } from "../src/outputs/c/emit.js";
import { makePlan } from "../src/policies/make-plan.js";
import { loadTarget } from "../src/targets/load.js";
import { headerless, headerlessFunctions } from "./support/headerless.js";
import { quick, seed, segregated, sequential, testConfig, type TestConfig } from "./support/configs.js";

interface Sources {
  readonly header: string;
  readonly source: string;
}

function sourcesOf(test: TestConfig): Sources {
  const config = testConfig(test);
  const target = loadTarget(config.target);
  const [header, source] = emitC(makePlan(config, target), {
    version: "test",
    configName: "alloc-gen.json",
    configHash: "",
    targetName: target.name,
  });
  if (header === undefined || source === undefined) throw new Error("two files are expected");
  return { header: header.text, source: source.text };
}

/** `#define NAME (value)` of both files. */
function constantsOf({ header, source }: Sources): ReadonlyMap<string, number> {
  const pattern = /^#define (\w+) +\((0x[0-9A-F]+|\d+|UINT32_MAX)U?\)/gm;
  return new Map(
    [...`${header}\n${source}`.matchAll(pattern)].map(([, name = "", value = ""]) => [
      name,
      value === "UINT32_MAX" ? 0xffffffff : Number(value),
    ]),
  );
}

const mutated = ({ header, source }: Sources, name: string, value: number): Sources => {
  const pattern = new RegExp(`^(#define ${name} +)\\(.*?\\)`, "m");
  const change = (text: string) => text.replace(pattern, `$1(${value}U)`);
  return { header: change(header), source: change(source) };
};

/** A type changed where no constant says how wide it is. */
const widerLinks = ({ header, source }: Sources): Sources => ({
  header,
  source: source.replace(/^typedef uint(?:16|32)_t (\w*MAY_ALIAS )?link_t;/m, "typedef uint64_t $1link_t;"),
});

const widerControl = ({ header, source }: Sources): Sources => ({
  header,
  source: source.replace(/^ {4}uint32_t (.*\n(?:.*\n)*?\} control_t;)/m, "    uint64_t $1"),
});

/** Values a hand may come to: one off, half, double, one bit too many, and far off. */
function wrongValues(value: number): readonly number[] {
  const values = [
    value + 1,
    value - 1,
    Math.floor(value / 2),
    value * 2,
    value * 2 + 1,
    value | 1,
    value | 2,
    value | 4,
    0,
    1,
    2,
    40,
    0x10_0000,
    0x7fff_fff8 + (value % 8),
  ];
  return [...new Set(values)].filter((wrong) => wrong !== value && wrong >= 0 && wrong <= 0xffffffff);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "alloc-gen-asserts-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let compiled = 0;

/** Sentences of the assertions that fire. Rejects where the C is faulty in another way and no assertion fires. */
async function firedBy({ header, source }: Sources): Promise<ReadonlySet<string>> {
  const name = `c${compiled++}`;
  const text = source.replace('#include "app_heap.h"', `#include "${name}.h"`);
  await writeFile(join(folder, `${name}.h`), header);
  await writeFile(join(folder, `${name}.c`), text);
  const flags = ["-mcpu=cortex-m4", "-mthumb", ...languageFlags, "-fsyntax-only", `${name}.c`];
  const output = await new Promise<string>((resolve) => {
    const options = { cwd: folder, env: { ...process.env, LC_ALL: "C" } };
    execFile("arm-none-eabi-gcc", flags, options, (_error, _stdout, stderr) => {
      resolve(stderr);
    });
  });
  const fired = new Set(
    [...output.matchAll(/static assertion failed: "(.*?)"/g)].map(([, text = ""]) => text),
  );
  if (fired.size === 0 && output !== "") throw new Error(output);
  return fired;
}

const someOf = (
  all: Readonly<Record<string, TestConfig>>,
  names: readonly string[],
): Readonly<Record<string, TestConfig>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));

const everyField = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
const configs: Readonly<Record<string, TestConfig>> = {
  "first fit": { policy: sequential(), links: { width: 32 } },
  "first fit, footer, every field": { policy: sequential({ order: "lifo" }), fields: everyField },
  "a checksum": { policy: sequential({ order: "lifo" }), fields: { checksum: { bits: 8 } } },
  "no wilderness": { policy: sequential({ wilderness: "none" }), links: { width: 32 } },
  "ring, two-ended": {
    policy: sequential({ fit: "best", order: "in-place", split: "two-ended", wilderness: "none" }),
  },
  "ring, by neighbour": {
    policy: sequential({ fit: "best", order: "in-place", split: "by-neighbour", wilderness: "none" }),
  },
  "seed preset": { policy: seed, links: { place: "slots", slots: 20 } },
  segregated: { policy: segregated({ split: "two-ended" }) },
  "segregated, quick lists, marked": { policy: segregated(quick()), api: { check: true } },
  "segregated, deferred, many wait": { policy: segregated({ coalesce: "deferred", ...quick(64, 300) }) },
  ...headerless,
  ...someOf(headerlessFunctions, [
    "pool, functions, wide links",
    "pools, functions, no fallback",
    "buddy, functions, limits",
    "bitmap, functions, limits",
    "bump, lifo, functions",
  ]),
  "segregated, prevSize, one level": {
    policy: segregated(),
    boundaryTag: "prevSize",
    limits: { largest: 100 },
    size: 4096,
  },
};

describe.each(Object.entries(configs))("%s", (_name, config) => {
  const sources = sourcesOf(config);
  const assertions = [...sources.source.matchAll(/^_Static_assert\(([^;]*?),\s*"([^"]*)"\);/gm)].map(
    ([, condition = "", sentence = ""]) => ({ condition, sentence }),
  );
  const sentences = assertions.map(({ sentence }) => sentence);

  test("compiles as it is", async () => {
    expect([...(await firedBy(sources))]).toEqual([]);
    expect(sentences.length).toBeGreaterThan(6);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  test("every assertion fires, and every constant makes one fire", async () => {
    const fired = new Set<string>();
    const fires = async (name: string, wrong: number): Promise<boolean> => {
      const sentencesOf = await firedBy(mutated(sources, name, wrong)).catch(() => new Set<string>());
      for (const sentence of sentencesOf) fired.add(sentence);
      return sentencesOf.size > 0;
    };
    /** One value after the other until an assertion fires; what is left says more only where sentences are left. */
    const attempts = await Promise.all(
      [...constantsOf(sources)].map(async ([name, value]) => {
        const values = wrongValues(value);
        for (const [index, wrong] of values.entries()) {
          if (await fires(name, wrong)) return { name, noticed: true, left: values.slice(index + 1) };
        }
        return { name, noticed: false, left: [] };
      }),
    );
    const unnoticed = attempts.filter(({ noticed }) => !noticed).map(({ name }) => name);
    for (const wider of [widerLinks(sources), widerControl(sources)]) {
      for (const sentence of await firedBy(wider)) fired.add(sentence);
    }
    // The constants an assertion speaks of are the likeliest to make it fire; the others may by way of one another.
    for (const { sentence, condition } of assertions) {
      const isNamed = ({ name }: { readonly name: string }): boolean =>
        new RegExp(`\\b${name}\\b`).test(condition);
      for (const { name, left } of [...attempts.filter(isNamed), ...attempts]) {
        for (const wrong of left) if (!fired.has(sentence)) await fires(name, wrong);
      }
    }
    expect(unnoticed).toEqual([]);
    expect(sentences.filter((sentence) => !fired.has(sentence))).toEqual([]);
  });
});
