import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cacheFolder, openCache, sha256 } from "./cache.js";

const key = sha256("inputs");
const data = new TextEncoder().encode("an ELF file");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the folder: own variable, then XDG's, then the home folder's; empty counts as unset", () => {
  expect(cacheFolder({ ALLOC_GEN_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
  expect(cacheFolder({ ALLOC_GEN_CACHE: "", XDG_CACHE_HOME: "/b" })).toBe("/b/alloc-gen");
  expect(cacheFolder({ XDG_CACHE_HOME: "" })).toBe(join(homedir(), ".cache", "alloc-gen"));
});

test("what was written is read, in a folder that did not exist", () => {
  const cache = openCache(join(folder, "new", "deep"));
  expect(cache.read(key)).toBeUndefined();
  cache.write(key, data);
  expect(cache.read(key)).toEqual(Buffer.from(data));
  expect(cache.read(sha256("other inputs"))).toBeUndefined();
});

test("an entry of no bytes is an entry", () => {
  const cache = openCache(folder);
  cache.write(key, new Uint8Array(0));
  expect(cache.read(key)).toHaveLength(0);
});

test("nothing is left beside the entry", () => {
  openCache(folder).write(key, data);
  expect(readdirSync(folder)).toEqual([key]);
});

describe("a damaged entry counts as absent, and is replaced", () => {
  const damages: readonly (readonly [string, (entry: Buffer) => Buffer])[] = [
    ["empty", () => Buffer.alloc(0)],
    ["cut short", (entry) => entry.subarray(0, entry.length - 1)],
    ["shorter than a digest", (entry) => entry.subarray(0, 5)],
    ["altered", (entry) => Buffer.from(entry.map((byte, index) => (index === 2 ? byte ^ 1 : byte)))],
    ["extended", (entry) => Buffer.concat([entry, Buffer.from([0])])],
  ];
  test.each(damages)("%s", (_, damage) => {
    const cache = openCache(folder);
    cache.write(key, data);
    writeFileSync(join(folder, key), damage(readFileSync(join(folder, key))));
    expect(cache.read(key)).toBeUndefined();
    cache.write(key, data);
    expect(cache.read(key)).toEqual(Buffer.from(data));
  });
});

test("an entry in the place of another counts as absent", () => {
  const cache = openCache(folder);
  const other = sha256("other inputs");
  cache.write(key, data);
  cache.write(other, new TextEncoder().encode("another ELF file"));
  renameSync(join(folder, key), join(folder, "moved"));
  renameSync(join(folder, other), join(folder, key));
  renameSync(join(folder, "moved"), join(folder, other));
  expect([cache.read(key), cache.read(other)]).toEqual([undefined, undefined]);
});

test("runs that share the folder read whole entries, whoever wrote them last", () => {
  const caches = [openCache(folder), openCache(folder), openCache(folder)];
  for (const cache of [...caches, ...caches]) {
    cache.write(key, data);
    for (const reader of caches) expect(reader.read(key)).toEqual(Buffer.from(data));
  }
  expect(readdirSync(folder)).toEqual([key]);
});

test("a folder that cannot be made or written breaks nothing", () => {
  writeFileSync(join(folder, "file"), "");
  const cache = openCache(join(folder, "file", "cache"));
  expect(() => cache.write(key, data)).not.toThrow();
  expect(cache.read(key)).toBeUndefined();
});
