/** What needs no emulator: every fault still applies to the C it is made for, and its words are the C's. */
import { describe, expect, test } from "vitest";
import { functionsOf } from "../../src/csource/c-function.js";
import { f } from "./c-words.js";
import { testConfig } from "./configs.js";
import { addressFaults, directedFaults, refusalFaults } from "./directed-faults.js";
import { handMadeFaults as ordinaryFaults } from "./faults.js";
import { generatedFiles } from "./generated-program.js";
import { editOf } from "./hand-made-fault.js";
import { lookFaults } from "./look-faults.js";

const handMadeFaults = [
  ...ordinaryFaults,
  ...directedFaults,
  ...refusalFaults,
  ...addressFaults,
  ...lookFaults,
];
const sources = new Map<string, string>();

function sourceOf(config: (typeof handMadeFaults)[number]["config"]): string {
  const key = JSON.stringify(testConfig(config));
  const known = sources.get(key);
  if (known !== undefined) return known;
  const text = generatedFiles(config).find(({ name }) => name.endsWith(".c"))?.text ?? "";
  sources.set(key, text);
  return text;
}

describe("a hand-made fault", () => {
  test.each(handMadeFaults)("$name", (fault) => {
    const source = sourceOf(fault.config);
    expect(editOf(fault)(source)).not.toBe(source);
  });

  test("is the only one of its name", () => {
    expect(new Set(handMadeFaults.map(({ name }) => name)).size).toBe(handMadeFaults.length);
  });
});

test("the functions that faults speak of are functions of some config", () => {
  const there = new Set(
    handMadeFaults.flatMap(({ config }) => functionsOf(sourceOf(config)).map(({ name }) => name)),
  );
  const lock = ["unlock_heap"];
  expect(Object.values(f).filter((name) => !there.has(name) && !lock.includes(name))).toEqual([]);
});
