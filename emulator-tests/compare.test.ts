/** `alloc-gen compare` and `size`, run as a user would, on allocators that keep their promises and some that do not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runWords, wordsOf } from "../src/cli/run-words.fixture.js";
import * as pipeline from "../src/pipeline.js";
import type { ComparisonReport } from "../src/report/peers-report.js";
import type { SizeReport } from "../src/report/size-report.js";
import { seededRandom } from "../src/traces/random.js";

const tiny = fileURLToPath(new URL("support/peers/tiny.c", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-compare-"));
  put("alloc-gen.json", {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "16KiB", alignment: 8 },
    policy: { kind: "segregated-fit" },
  });
  writeFileSync(join(folder, "mixed.trace"), mixedTrace());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Blocks of all sizes that come and go; some grow, and some are never freed. */
function mixedTrace(): string {
  const random = seededRandom(7, "compare");
  const live: number[] = [];
  const lines: string[] = [];
  for (let id = 0; lines.length < 1500; id++) {
    lines.push(`a ${id} ${1 + random.below(random.chance(0.1) ? 1100 : 120)}`);
    live.push(id);
    if (random.chance(0.1)) lines.push(`r ${id} ${1 + random.below(200)}`);
    while (live.length > 20) lines.push(`f ${live.splice(random.below(live.length), 1)[0] ?? 0}`);
  }
  return `${lines.join("\n")}\n`;
}

const put = (name: string, content: object): void =>
  writeFileSync(join(folder, name), JSON.stringify(content, undefined, 1));

/** Description of the test allocator, with `parts` in place of its own. */
const tinyPeer = (flaw: string, parts: object = {}) => ({
  name: `tiny ${flaw.toLowerCase()}`,
  sources: [tiny],
  flags: [`-DFLAW=${flaw}`],
  prelude: ["int tiny_init(void *, size_t);", "static int ready;"],
  alignment: 8,
  init: { call: "ready = tiny_init(start, bytes)", succeeds: "ready" },
  malloc: "tiny_malloc",
  free: "tiny_free",
  ...parts,
});

function program(line: string) {
  const [command = "", ...words] = wordsOf(line);
  const given = [command, join(folder, "alloc-gen.json"), ...words];
  return runWords(given, { folder, pipeline: () => Promise.resolve(pipeline) });
}

async function compare(peers: readonly string[], more = "--no-least-heap", trace = "mixed.trace") {
  const named = peers.map((peer) => `--peer ${peer}`).join(" ");
  const { code, out, err } = await program(`compare --trace ${trace} ${named} ${more} --json`);
  expect(err).toBe("");
  return { code, report: JSON.parse(out) as ComparisonReport };
}

const ofTrace = ({ allocators }: ComparisonReport, name: string) => {
  const allocator = allocators.find((candidate) => candidate.name === name);
  const trace = allocator?.traces[0];
  if (allocator === undefined || trace === undefined) throw new Error(`the report lacks ${name}`);
  return { allocator, trace };
};

describe("a peer that keeps its promises", () => {
  it("is measured beside the generated allocator", async () => {
    put("good.json", tinyPeer("NONE"));
    const { code, report } = await compare(["good.json"], "");
    expect(code).toBe(0);
    expect(report.allocators.map(({ name }) => name)).toEqual(["app_heap", "tiny none"]);
    const { allocator, trace } = ofTrace(report, "tiny none");
    // 8 bytes of header, and payloads of 8, 16, 32, 64, 128 bytes.
    expect(allocator.strideBytes).toEqual({ 1: 16, 12: 24, 24: 40, 64: 72, 100: 136 });
    // unused, end, freed, ready, and the first header.
    expect(allocator.controlBytes).toBe(4 + 4 + 12 * 4 + 4 + 8);
    const generated = ofTrace(report, "app_heap").trace;
    expect(trace.malloc.calls).toBe(generated.malloc.calls);
    expect(trace.free.calls).toBe(generated.free.calls);
    expect(trace.malloc.failed).toBe(0);
    const { heapBytes = 0, ramBytes, ratio } = trace.leastHeap ?? {};
    expect(ramBytes).toBe(heapBytes + 60);
    expect(ratio).toBe((ramBytes ?? 0) / (report.traces[0]?.peakBytes ?? 0));

    // The least heap is an edge: so says a run with that size, and one with 8 bytes less.
    const at = async (bytes: number) =>
      ofTrace((await compare(["good.json"], `--set heap.size=${bytes} --no-least-heap`)).report, "tiny none");
    expect((await at(heapBytes)).trace.malloc.failed).toBe(0);
    expect((await at(heapBytes - 8)).trace.malloc.failed).toBeGreaterThan(0);
  });

  it("is told from one called through expressions by nothing", async () => {
    put("good.json", tinyPeer("NONE"));
    put(
      "expressed.json",
      tinyPeer("NONE", {
        name: "expressed",
        prelude: [
          "#include <stdlib.h>",
          "int tiny_init(void *, size_t);",
          "void *tiny_malloc(size_t);",
          "void tiny_free(void *);",
        ],
        init: { call: "tiny_init(start, bytes)" },
        malloc: { function: "tiny_malloc", call: "tiny_malloc(bytes)" },
        free: { function: "tiny_free", call: "tiny_free(block)" },
      }),
    );
    const { report } = await compare(["good.json", "expressed.json"]);
    expect(ofTrace(report, "expressed").trace).toEqual(ofTrace(report, "tiny none").trace);
    expect(ofTrace(report, "expressed").allocator.flashBytes).toBe(
      ofTrace(report, "tiny none").allocator.flashBytes,
    );
  });

  it("keeps the old block of a realloc that fails", async () => {
    put("good.json", tinyPeer("NONE"));
    writeFileSync(join(folder, "grows.trace"), "a 0 100\nr 0 20000\nr 0 200\nr 0 30000\nf 0\n");
    const { code, report } = await compare(["good.json"], "--no-least-heap", "grows.trace");
    expect(code).toBe(0);
    // Freed are the block of 100 bytes, for that of 200, and at the end this one.
    const { malloc, free } = ofTrace(report, "tiny none").trace;
    expect([malloc.calls, malloc.failed, free.calls]).toEqual([4, 2, 2]);
  });

  it("runs the same on both engines", async () => {
    put("good.json", tinyPeer("NONE"));
    const { code } = await compare(["good.json", "newlib-nano"], "--no-least-heap --engine both");
    expect(code).toBe(0);
  });
});

describe("a realloc of the allocator's own", () => {
  const own = `--set policy={"kind":"sequential-fit"} --set api.realloc=true --no-least-heap`;
  const withRealloc = (flaw: string) => tinyPeer(flaw, { realloc: "tiny_realloc" });

  it("is replayed where all that are compared have one", async () => {
    put("good.json", withRealloc("NONE"));
    const { code, report } = await compare(["good.json", "newlib-nano"], own);
    expect(code).toBe(0);
    expect(report.realloc).toBe("the allocators' own");
    const reallocs = mixedTrace().match(/^r /gm)?.length;
    for (const { traces } of report.allocators) expect(traces[0]?.realloc?.calls).toBe(reallocs);

    put("without.json", tinyPeer("NONE"));
    const mixed = await compare(["without.json", "newlib-nano"], own);
    expect(mixed.report.realloc).toBe("malloc, then free of the old block");
    for (const { traces } of mixed.report.allocators) expect(traces[0]?.realloc).toBeUndefined();
  });

  it("keeps the old block where it fails", async () => {
    put("good.json", withRealloc("NONE"));
    writeFileSync(join(folder, "grows.trace"), "a 0 100\nr 0 20000\nr 0 200\nr 0 30000\nf 0\n");
    const { code, report } = await compare(["good.json"], own, "grows.trace");
    expect(code).toBe(0);
    const { malloc, free, realloc } = ofTrace(report, "tiny none").trace;
    expect([malloc.calls, free.calls, realloc?.calls, realloc?.failed]).toEqual([1, 1, 3, 2]);
  });

  it("must keep the payload", async () => {
    put("flawed.json", withRealloc("FORGETTING"));
    const { code, report } = await compare(["flawed.json"], own);
    expect(code).toBe(1);
    expect(ofTrace(report, "tiny forgetting").trace.broken).toMatch(
      /^operation \d+: byte 8 of the payload of operation \d+ changed /,
    );
  });
});

describe("a peer that breaks a promise", () => {
  it.each([
    [
      "MISALIGNED",
      /^operation \d+, a request of \d+ bytes, returned 0x[0-9a-f]{8}, which is not a multiple of 8$/,
    ],
    [
      "OVERLAPPING",
      /^operation \d+, a request of \d+ bytes, returned 0x[0-9a-f]{8}, which overlaps the block of operation \d+$/,
    ],
    ["SCRIBBLING", /^operation \d+: byte \d+ of the payload of operation \d+ changed before its free$/],
    ["ENDLESS", /^operation \d+: more than 5000000 instructions and still running at 0x[0-9a-f]{8}$/],
  ])("is told: %s", async (flaw, message) => {
    put("flawed.json", tinyPeer(flaw));
    const { code, report } = await compare(["flawed.json"]);
    expect(code).toBe(1);
    expect(report.ok).toBe(false);
    expect(ofTrace(report, `tiny ${flaw.toLowerCase()}`).trace.broken).toMatch(message);
    expect(ofTrace(report, "app_heap").trace.broken).toBeUndefined();
  });

  it("is told although the block that it writes to is never freed", async () => {
    put("flawed.json", tinyPeer("SCRIBBLING"));
    writeFileSync(join(folder, "stays.trace"), "a 0 8\na 1 8\nf 0\n");
    const { code, report } = await compare(["flawed.json"], "--no-least-heap", "stays.trace");
    expect(code).toBe(1);
    const { broken, malloc, free } = ofTrace(report, "tiny scribbling").trace;
    expect(broken).toBe("operation 3: byte 0 of the payload of operation 1 changed before its free");
    expect([malloc.calls, free.calls]).toEqual([2, 1]);
  });

  it("is told where a block does not end in the heap", async () => {
    put("flawed.json", tinyPeer("OUTSIDE"));
    const { code, report } = await compare(["flawed.json"], "--set heap.size=2KiB --no-least-heap");
    expect(code).toBe(1);
    expect(ofTrace(report, "tiny outside").trace.broken).toMatch(
      /^operation \d+: malloc of \d+ bytes returned 0x[0-9a-f]{8}, not all of them inside the heap$/,
    );
  });

  it("is told where init refuses the heap", async () => {
    put("picky.json", tinyPeer("NONE", { init: { call: "0", succeeds: "bytes < 1000" } }));
    const { code, out } = await program("compare --trace mixed.trace --peer picky.json --no-least-heap");
    expect(code).toBe(1);
    expect(out).toMatch(/\nBROKEN PROMISES:\ntiny none -O2, mixed: init rejects a heap of 16384 bytes\n$/);
  });
});

describe("a peer that cannot be built", () => {
  it.each([
    [
      "lacks a function",
      {
        malloc: { function: "tiny_maloc", call: "tiny_malloc(bytes)" },
        prelude: ["void *tiny_malloc(size_t);", "int tiny_init(void *, size_t);", "static int ready;"],
      },
      2,
      'peer.json: has no function "tiny_maloc"; did you mean "tiny_malloc"?\n',
    ],
    [
      "calls what nobody defines",
      { free: "tiny_release" },
      2,
      "peer.json: undefined symbols: tiny_release (none of the peer's sources defines them)\n",
    ],
    [
      "has no such array",
      { heap: { kind: "array", array: "memory", bytes: "MEMORY" } },
      2,
      "peer.json: the array memory has nothing where the heap has 16384 bytes\n",
    ],
  ])("since it %s", async (_what, parts, exitCode, message) => {
    put("peer.json", tinyPeer("NONE", parts));
    const { code, err } = await program("compare --trace mixed.trace --peer peer.json");
    expect(err).toBe(`alloc-gen: ${message}`);
    expect(code).toBe(exitCode);
  });

  it("since the compiler refuses it, in the compiler's words", async () => {
    writeFileSync(join(folder, "broken.c"), "int broken(\n");
    put("peer.json", tinyPeer("NONE", { sources: [tiny, "broken.c"] }));
    const { code, err } = await program("compare --trace mixed.trace --peer peer.json");
    expect(err).toContain("alloc-gen: peer.json: arm-none-eabi-gcc failed to compile ");
    expect(err).toMatch(/broken\.c:1:\d+: error: expected /);
    expect(code).toBe(3);
  });
});

describe("the peers that come along", () => {
  it("keep their promises, at any optimisation", async () => {
    const { code, report } = await compare(
      ["newlib", "newlib-nano", "picolibc"],
      "--optimize all --no-least-heap",
    );
    expect(code).toBe(0);
    expect(report.allocators).toHaveLength(12);
    for (const { traces } of report.allocators) expect(traces[0]?.malloc.failed).toBe(0);
  });

  it("keep them where requests fail", async () => {
    const small = "--set heap.size=2KiB --no-least-heap";
    const { code, report } = await compare(["newlib", "newlib-nano", "picolibc"], small);
    expect(code).toBe(0);
    for (const { traces } of report.allocators) expect(traces[0]?.malloc.failed).toBeGreaterThan(0);
  });

  it("run on the smallest core too", async () => {
    const { code } = await compare(
      ["newlib", "newlib-nano", "picolibc"],
      "--target cortex-m0plus --no-least-heap",
    );
    expect(code).toBe(0);
  });
});

describe("several compilers", () => {
  const small = "a 0 24\na 1 100\nf 0\na 2 8\nf 1\nf 2\n";

  it("each make the generated allocator and a peer in C; a library is measured once", async () => {
    writeFileSync(join(folder, "small.trace"), small);
    // The C library's header: Clang has none of its own.
    writeFileSync(join(folder, "uses-errno.c"), "#include <errno.h>\nint last_error = ENOMEM;\n");
    put("good.json", tinyPeer("NONE", { sources: [tiny, "uses-errno.c"] }));
    const peers = ["good.json", "newlib-nano", "picolibc"];
    const { code, report } = await compare(peers, "--compiler all --no-least-heap", "small.trace");
    expect(code).toBe(0);
    const [gcc = "", clang = ""] = report.toolchain.split(", ");
    expect([gcc, clang].join()).toMatch(/^arm-none-eabi-gcc [\d.]+,clang [\d.]+$/);
    expect(report.allocators.map(({ name, compiler, precompiled }) => [name, compiler, precompiled])).toEqual(
      [
        ["app_heap", gcc, false],
        ["app_heap", clang, false],
        ["tiny none", gcc, false],
        ["tiny none", clang, false],
        ["newlib-nano", gcc, true],
        ["picolibc", gcc, true],
      ],
    );
    // The same allocator in other code.
    for (const name of ["app_heap", "tiny none"]) {
      const [one, other] = report.allocators.filter((allocator) => allocator.name === name);
      expect(other?.strideBytes).toEqual(one?.strideBytes);
      expect(other?.controlBytes).toEqual(one?.controlBytes);
      expect(other?.flashBytes).not.toBe(one?.flashBytes);
    }
  });

  it("are those of the command line instead of the config's, which a library does not depend on", async () => {
    writeFileSync(join(folder, "small.trace"), small);
    const rows = async (more: string) =>
      (await compare(["newlib-nano"], `${more} --no-least-heap`, "small.trace")).report.allocators;
    const [generated, library] = await rows("--compiler clang");
    expect(generated?.compiler).toMatch(/^clang /);
    expect(library?.compiler).toMatch(/^arm-none-eabi-gcc /);
    expect(await rows("--set toolchain.compiler=clang")).toEqual([generated, library]);
    const [, own] = await rows("");
    expect(own).toEqual(library);
  });

  it("have compiled a peer that is optimised at the link", async () => {
    writeFileSync(join(folder, "small.trace"), small);
    put("good.json", tinyPeer("NONE", { flags: ["-DFLAW=NONE", "-flto"] }));
    const { report } = await compare(["good.json"], "--no-least-heap", "small.trace");
    expect(ofTrace(report, "tiny none").allocator.precompiled).toBe(false);
  });

  it("must be installed: what to install is told before anything is measured", async () => {
    writeFileSync(join(folder, "small.trace"), small);
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "arm-none-eabi-gcc"), "#!/bin/sh\necho 12.2.1\n", { mode: 0o755 });
    vi.stubEnv("PATH", bin);
    const { code, err, out } = await program("compare --trace small.trace --compiler all");
    vi.unstubAllEnvs();
    expect([code, out]).toEqual([3, ""]);
    expect(err).toMatch(/^alloc-gen: clang was not found; install it with:\n.*apt-get install clang /);
  });
});

describe("alloc-gen size", () => {
  it("names the least heap and the request that fails below it", async () => {
    const { code, out } = await program("size --trace mixed.trace --json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as SizeReport;
    const [trace] = report.traces;
    expect(trace?.confirmed).toBe(true);
    const least = trace?.leastHeapBytes ?? 0;
    expect(trace?.below?.heapBytes).toBe(least - 8);
    expect(report.leastHeapBytes).toBe(least);

    const { out: text } = await program("size --trace mixed.trace");
    expect(text).toMatch(
      /\nmixed  +[\d,]+  +[\d,]+  +[\d,]+  \d\.\d{3}  \w+ of \d+ returns NULL \(line \d+\)\n/,
    );
  });

  it("agrees with a comparison that runs with that size and with 8 bytes less", async () => {
    const { out } = await program("size --trace mixed.trace --json");
    const least = (JSON.parse(out) as SizeReport).leastHeapBytes ?? 0;
    const failed = async (bytes: number) =>
      ofTrace((await compare([], `--set heap.size=${bytes} --no-least-heap`)).report, "app_heap").trace.malloc
        .failed;
    expect(await failed(least)).toBe(0);
    expect(await failed(least - 8)).toBeGreaterThan(0);
  });

  it("says which trace no heap serves", async () => {
    writeFileSync(join(folder, "large.trace"), "a 0 8000000\nf 0\n");
    const { code, out } = await program("size --trace large.trace");
    expect(code).toBe(1);
    expect(out).toMatch(/\nlarge +2 +8,000,000 +- +- +no heap that fits the target's RAM serves it\n/);
    expect(out).toMatch(/\n\nNOT SERVED: no heap that fits the target's RAM serves every trace\.\n$/);
  });

  it("asks for a trace", async () => {
    const { code, err } = await program("size");
    expect(err).toBe('alloc-gen: name a trace: --trace FILE (see "alloc-gen --help")\n');
    expect(code).toBe(2);
  });
});
