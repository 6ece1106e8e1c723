/** Peers on a core whose compiler comes without a C library: their C is compiled with the small one that is there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { jsEngine } from "../src/emulators/js/engine.js";
import { peerImages } from "../src/peers/build-peer.js";
import { loadPeer, peersFolder } from "../src/peers/load.js";
import { replayTrace } from "../src/peers/replay.js";
import { loadTarget } from "../src/targets/load.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-riscv-peer-"));
afterAll(() => rmSync(folder, { recursive: true }));

const target = loadTarget("hazard3");
const build = (named: string) =>
  peerImages({
    peer: loadPeer(named, folder),
    target,
    compiler: "riscv64-unknown-elf-gcc",
    optimize: "-O2",
  }).at(4096);

test("one in C that includes headers of the library", async () => {
  writeFileSync(
    join(folder, "arena.c"),
    [
      "#include <stddef.h>",
      "#include <stdint.h>",
      "#include <string.h>",
      "static char *next, *last;",
      "void arena_init(void *start, size_t bytes) { next = start; last = next + bytes; memset(start, 0, 8); }",
      "void *arena_malloc(size_t bytes) {",
      "  size_t whole = (bytes + 7U) & ~(size_t)7U; char *block = next;",
      "  if ((size_t)(last - next) < whole) return NULL;",
      "  next += whole; return block;",
      "}",
      "void arena_free(void *block) { (void)block; }",
    ].join("\n"),
  );
  writeFileSync(
    join(folder, "peer.json"),
    JSON.stringify({
      ...{ name: "arena", sources: ["arena.c"], alignment: 8 },
      prelude: ["void arena_init(void *start, size_t bytes);"],
      init: { call: "arena_init(start, bytes)" },
      ...{ malloc: "arena_malloc", free: "arena_free" },
    }),
  );
  const image = await build(join(folder, "peer.json"));
  const trace = {
    name: "two",
    header: new Map<string, string>(),
    operations: [
      { kind: "malloc", id: 0, size: 20 },
      { kind: "malloc", id: 1, size: 4 },
      { kind: "free", id: 0 },
    ],
  } as const;
  const { broken, malloc } = replayTrace({ engine: jsEngine(), target }, { image, alignment: 8 }, trace);
  expect(broken).toBeUndefined();
  expect(malloc.cycles.max).toBeGreaterThan(0);
});

test("a library that is there is measured, one that is not is told", async () => {
  expect((await build(join(peersFolder(), "picolibc"))).size.flashBytes).toBeGreaterThan(500);
  await expect(build(join(peersFolder(), "newlib"))).rejects.toThrow(
    "none of the peer's sources defines them",
  );
});
