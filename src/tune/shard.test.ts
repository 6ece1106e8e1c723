import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decode, encode } from "./encode.js";
import { familiesOf, partialText, readParts, type FoundFamily, type PartialResult } from "./shard.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-shard-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const families: readonly FoundFamily[] = [
  {
    family: "bitmap",
    raced: [{ candidate: 3, heapBytes: 1024.5 }],
    figures: {
      robust: 1,
      built: [
        {
          ...{ candidate: 3, optimize: "-Os", toolchain: "gcc", ramBytes: 1032, flashBytes: 300 },
          ...{ worst: { malloc: Infinity, free: 90 }, meanCycles: 12.5 },
        },
      ],
    },
  },
  { family: "far", raced: [{ candidate: 9, heapBytes: 9000 }] },
];

const part = (number: number, of: number, given: Partial<PartialResult> = {}): PartialResult => ({
  identity: "same",
  shard: { part: number, of },
  families: [],
  ...given,
});

/** The parts, each from a file of its own. */
const read = (...parts: readonly (PartialResult | string)[]) =>
  readParts(
    parts.map((each, index) => {
      const path = join(folder, `${index}.json`);
      writeFileSync(path, typeof each === "string" ? each : partialText(each));
      return { path, file: `${index}.json` };
    }),
    "same",
  );

it("gives each part every Nth family, and all of them once", () => {
  const names = ["a", "b", "c", "d", "e"];
  expect(familiesOf(names, { part: 2, of: 3 })).toEqual(["b", "e"]);
  const all = [1, 2, 3, 4, 5, 6, 7].flatMap((number) => familiesOf(names, { part: number, of: 7 }));
  expect(all).toEqual(names);
});

it("keeps numbers that JSON has none for", () => {
  const value = { most: Infinity, all: [1, Infinity, null, "text"] };
  expect(decode(encode(value))).toEqual(value);
});

describe("parts", () => {
  it("are joined in any order", () => {
    const [first, second] = families.map((family) => [family]);
    const parts = [part(1, 2, { families: first ?? [] }), part(2, 2, { families: second ?? [] })];
    expect(read(...parts)).toEqual(families);
    expect(new Set(read(...parts.toReversed()))).toEqual(new Set(families));
  });

  it.each([
    ["of another search", [part(1, 1, { identity: "other" })], "0.json: a part of another search"],
    ["of another number of parts", [part(1, 2), part(2, 3)], "1.json: part 2 of 3, and others are of 2"],
    ["twice", [part(1, 2), part(1, 2)], "0.json: part 1, as 1.json is"],
    ["and others missing", [part(2, 3)], "0.json: not the last part: 1, 3 of 3 is missing"],
    ["that are no JSON", ["{"], "0.json: no part of a search"],
    ["that are none", ['{ "identity": "same" }'], "0.json: no part of a search"],
  ])("%s are refused", (_name, parts, message) => {
    expect(() => read(...parts)).toThrow(message);
  });
});
