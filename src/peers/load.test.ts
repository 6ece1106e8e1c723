import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import { packageFolder } from "../package-folder.js";
import { peerJsonSchemaText, peerSchemaFile } from "./json-schema.js";
import { listPeers, loadPeer, parsePeer } from "./load.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-peer-"));
  writeFileSync(join(folder, "heap.c"), "");
  mkdirSync(join(folder, "headers"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const least = { name: "mine", sources: ["heap.c"], alignment: 8, malloc: "my_malloc", free: "my_free" };
const parse = (parts: object = {}) =>
  parsePeer(JSON.stringify({ ...least, ...parts }, undefined, 1), "peer.json", folder);

/** What is said of a peer's text, one fault a line. */
function faults(parse: () => unknown): string {
  try {
    parse();
    return "";
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.message;
  }
}

describe("a peer", () => {
  it("is read with what is left out filled in", () => {
    expect(parse()).toEqual({
      name: "mine",
      file: "peer.json",
      sources: [join(folder, "heap.c")],
      include: [],
      flags: [],
      prelude: [],
      heap: { kind: "region" },
      alignment: 8,
      malloc: { function: "my_malloc" },
      free: { function: "my_free" },
    });
  });

  it("may be called through expressions", () => {
    const malloc = { function: "pool_get", call: "pool_get(&pool, bytes)" };
    const init = { call: "ok = pool_make(&pool, start, bytes)", succeeds: "ok" };
    expect(parse({ malloc, init, include: ["headers"] })).toMatchObject({
      malloc,
      init,
      include: [join(folder, "headers")],
    });
    expect(parse({ init: "my_init" }).init).toEqual({ call: "my_init()" });
  });

  it("has names that a linker, an assembler and the C take, and sources that are some", () => {
    writeFileSync(join(folder, "passwd"), "");
    writeFileSync(join(folder, "-o.c"), "");
    const fault = (parts: object): string => faults(() => parse(parts));
    expect(fault({ malloc: 'my"malloc' })).toBe(
      'peer.json:7:12: malloc: found "my\\"malloc" (allowed: the name of a function or symbol)',
    );
    expect(fault({ sources: ["heap.c", "./passwd"] })).toBe(
      'peer.json:5:3: sources[1]: found "./passwd" (allowed: a C or assembly file: .c, .s, .S, .sx)',
    );
    const named = (name: string): readonly object[] => [
      ...["malloc", "free", "realloc"].flatMap((key) => [
        { [key]: name },
        { [key]: { function: name, call: "f()" } },
      ]),
      { init: name },
      { heap: { kind: "symbols", start: name, end: "heap_end" } },
      { heap: { kind: "symbols", start: "heap_start", end: name } },
      { heap: { kind: "array", array: name, bytes: "BYTES" } },
      { heap: { kind: "array", array: "memory", bytes: name } },
    ];
    for (const name of ["a b", "a,b", "-o", "a;b", "a\nb", "a'", "1a", "é", "a=b", "$(x)", "a/b", "\u001b"]) {
      for (const parts of named(name))
        expect([parts, fault(parts)]).toEqual([
          parts,
          expect.stringMatching(/^peer.json:\d+:\d+: .*\(allowed: (the name of|a C id)/),
        ]);
    }
    for (const parts of named("__own_name2")) expect([parts, fault(parts)]).toEqual([parts, ""]);
    for (const flag of [
      "-o",
      "-o/etc/passwd",
      "@/etc/passwd",
      "-wrapper",
      "-fplugin=x.so",
      "x.c",
      "-E",
      "-B/tmp",
      "-save-temps",
    ]) {
      expect(fault({ flags: ["-DX", flag] })).toMatch(/^peer.json:\d+:\d+: flags\[1\]: found /);
    }
    expect(
      fault({
        flags: ["-DX=1", "--specs=nano.specs", "-Wl,--defsym=a=8", "-O3", "-fno-common"],
        sources: ["-o.c"],
      }),
    ).toBe("");
  });

  it("has its faults told with their places, all of them", () => {
    const text = `{
  "name": "",
  "sourcs": ["heap.c"],
  "sources": ["heap.c"],
  "alignment": 3,
  "heap": { "kind": "arena" },
  "malloc": { "function": "my_malloc" },
}
`;
    expect(faults(() => parsePeer(text, "peer.json", folder))).toBe(
      [
        'peer.json:1:1: missing key "free" (allowed: a string, or an object)',
        'peer.json:2:11: name: found "" (allowed: a string)',
        'peer.json:3:3: unknown key "sourcs" (allowed: $schema, name, version, sources, include, flags, prelude, heap, alignment, init, malloc, free, realloc)',
        "peer.json:5:16: alignment: found 3 (allowed: 1, 2, 4, 8, 16, 32)",
        'peer.json:6:21: heap.kind: found "arena" (allowed: "region", "symbols", "array")',
        'peer.json:7:13: malloc: missing key "call" (allowed: a string)',
      ].join("\n"),
    );
  });

  it("needs the files it names", () => {
    expect(faults(() => parse({ sources: ["heap.c", "other.c"], include: ["heap.c", "nowhere"] }))).toBe(
      [
        "peer.json:5:3: sources[1]: no such file: other.c",
        "peer.json:11:3: include[0]: no such folder: heap.c",
        "peer.json:12:3: include[1]: no such folder: nowhere",
      ].join("\n"),
    );
  });

  it("that is no JSON is told where", () => {
    expect(faults(() => parsePeer('{ "name": mine }', "peer.json", folder))).toMatch(
      /^peer\.json:1:11: syntax error: /,
    );
  });

  it("is found by its file, its folder, and by name among those that come along", () => {
    writeFileSync(join(folder, "peer.json"), JSON.stringify(least));
    expect({ ...loadPeer(folder, "/"), file: "peer.json" }).toEqual(loadPeer("peer.json", folder));
    expect(listPeers()).toEqual(["newlib", "newlib-nano", "picolibc"]);
    expect(listPeers().map((name) => loadPeer(name, folder).name)).toEqual(listPeers());
  });

  it("that is not there is told with what is", () => {
    const allowed = "(allowed: newlib, newlib-nano, picolibc, or the path of a peer.json)";
    expect(faults(() => loadPeer("newlib-nan", folder))).toBe(
      `unknown peer "newlib-nan"; did you mean "newlib-nano"? ${allowed}`,
    );
    expect(faults(() => loadPeer("tlsf", folder))).toBe(`unknown peer "tlsf" ${allowed}`);
    expect(faults(() => loadPeer("peers/tlsf.json", folder))).toBe("no such file: peers/tlsf.json");
    expect(faults(() => loadPeer("headers", folder))).toBe("no such file: headers/peer.json");
  });

  it("has a published schema made from the zod schema (run: npm run schema)", () => {
    expect(readFileSync(join(packageFolder(), peerSchemaFile), "utf8")).toBe(peerJsonSchemaText());
  });
});
