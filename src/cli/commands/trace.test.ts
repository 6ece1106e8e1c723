import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importers } from "../../traces/import/registry.js";
import { asCtf, ctfMetadata } from "../../traces/import/writers.fixture.js";
import { runWords, wordsOf } from "../run-words.fixture.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-trace-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): void =>
  writeFileSync(join(folder, name), content);
const read = (name: string): Buffer => readFileSync(join(folder, name));

const trace = (line: string) => runWords(["trace", ...wordsOf(line)], { folder });

const log =
  "boot\n@a 20000100 24\n@a 20000120 100\nmain: @a 0 4000\n@f 20000100\n@f 20000100\n@r 20000120 20000200 120\n";
const imported = "# imported: text\n# events: 4\na 0 24\na 1 100\n# failed: a 4000\nf 0\nr 1 120\n";
const fault = "alloc-gen: heap.log:6: free of 0x20000100, which was freed before (line 5); left out\n";
const summary = `imported 4 operations from heap.log (text): peak 124 bytes in 2 blocks, 120 bytes in 1 blocks left; requests that failed: 1, events lost: 0
what cannot be:
  frees of addresses that were freed before: 1
`;

describe("alloc-gen trace import", () => {
  it("prints the trace, and on standard error what cannot be, and a summary", async () => {
    write("heap.log", log);
    expect(await trace("import heap.log")).toEqual({ code: 0, out: imported, err: `${fault}${summary}` });
    expect(await trace("import heap.log --from text --quiet")).toEqual({ code: 0, out: imported, err: "" });
  });

  it("fails on request when something cannot be, with the trace written", async () => {
    write("heap.log", log);
    expect(await trace("import heap.log --strict --quiet")).toEqual({ code: 1, out: imported, err: "" });
    write("heap.log", "@a 100 8\n");
    expect((await trace("import heap.log --strict")).code).toBe(0);
  });

  it("writes to a file, packed by its name, and reads packed logs", async () => {
    write("heap.log", gzipSync(log));
    expect(await trace("import heap.log --out one.trace")).toEqual({
      code: 0,
      out: "",
      err: `wrote one.trace\n${fault}${summary}`,
    });
    expect(read("one.trace").toString()).toBe(imported);
    expect((await trace("import heap.log --out one.trace.gz")).code).toBe(0);
    expect(gunzipSync(read("one.trace.gz")).toString()).toBe(imported);
    // Over a trace of an earlier run, once more the same.
    expect((await trace("import heap.log --out one.trace.gz --keep-failed --quiet")).code).toBe(0);
    expect(gunzipSync(read("one.trace.gz")).toString()).toContain("a 2 4000\nf 2\n");
  });

  it("writes over no input, and over no file that is no trace", async () => {
    write("heap.log", log);
    write("main.c", "int main(void) { return 0; }\n");
    expect(await trace("import heap.log --out ./heap.log")).toEqual({
      code: 2,
      out: "",
      err: 'alloc-gen: --out ./heap.log is a file that the command reads (see "alloc-gen --help")\n',
    });
    const refused = "alloc-gen: main.c already exists (--force overwrites it)\n";
    expect(await trace("import heap.log --out main.c")).toEqual({ code: 2, out: "", err: refused });
    expect((await trace("import heap.log --out main.c --force")).code).toBe(0);
    expect(read("main.c").toString()).toBe(imported);
    write("backup.tar.gz", gzipSync("main.c\0\0\0"));
    expect((await trace("import heap.log --out backup.tar.gz")).err).toBe(
      "alloc-gen: backup.tar.gz already exists (--force overwrites it)\n",
    );
    expect((await trace("import heap.log --out .")).code).toBe(2);
  });

  it("leaves nothing behind where there is nothing to import", async () => {
    write("heap.log", "hello\n");
    const { code, err } = await trace("import heap.log --out one.trace");
    expect([code, err]).toEqual([
      2,
      "alloc-gen: heap.log: does not look like a recording that is known: name its format with --from (allowed: recording, text, freertos, esp-idf, zephyr, mtrace)\n",
    ]);
    expect(readdirSync(folder)).toEqual(["heap.log"]);
    expect((await trace("import missing.log")).err).toBe("alloc-gen: no such file: missing.log\n");
    expect((await trace("import .")).err).toBe("alloc-gen: cannot read .: it is a folder\n");
    expect((await trace("import")).err).toBe('alloc-gen: name a recording (see "alloc-gen --help")\n');
  });

  it("reads a pipe, which gives its bytes once", async () => {
    write("heap.log", log);
    execFileSync("mkfifo", [join(folder, "pipe")]);
    // Who opened it a second time would find nothing.
    const writer = spawn("sh", ["-c", "cat heap.log > pipe; while :; do : > pipe; sleep 0.05; done"], {
      cwd: folder,
    });
    try {
      expect(await trace("import pipe --quiet")).toEqual({ code: 0, out: imported, err: "" });
    } finally {
      writer.kill();
    }
  });

  it("reads a stream of Zephyr by the metadata beside it, or in a file that is named", async () => {
    mkdirSync(join(folder, "ctf"));
    const events = [{ kind: "malloc", address: 0x2000_0100, size: 24, place: { line: 1 } }] as const;
    write("ctf/channel0_0", asCtf(events, "wide"));
    write("zephyr.tsdl", ctfMetadata("wide"));
    const out = "# imported: zephyr\n# clock_hz: 1000000000\n# events: 1\n# at: 0\na 0 20\n";
    expect((await trace("import ctf/channel0_0 --metadata zephyr.tsdl --header 4")).out).toBe(out);
    write("ctf/metadata", ctfMetadata("wide"));
    expect((await trace("import ctf/channel0_0 --header 4 --quiet")).out).toBe(out);
    expect((await trace("import ctf/channel0_0 --header x")).err).toBe(
      'alloc-gen: --header x (allowed: 0 to 9999 bytes) (see "alloc-gen --help")\n',
    );
  });
});

it("the help of trace import names every format", async () => {
  const { out } = await trace("import --help");
  expect(out.replace(/\s+/g, " ")).toContain(
    `Its format: ${importers
      .map(({ name }) => name)
      .join(", ")
      .replace(/, (\w+)$/, " or $1")} (`,
  );
});

describe("alloc-gen trace info", () => {
  it("prints figures for people", async () => {
    write(
      "one.trace",
      `# clock_hz: 1000\n# lost_events: 7\n# at: 5\n${imported.replace("a 1 100", "# at: 1500\n# tag: net\na 1 100")}`,
    );
    expect(await trace("info one.trace")).toEqual({
      code: 0,
      err: "",
      out: `one (4 operations)
calls        2 malloc, 1 realloc, 1 free
peak         124 bytes in 2 blocks, after operation 2
most blocks  2
time         1,495 ticks, 1.495 s
lost         7 events of the recording

Sizes of requests, in bytes: 24 to 120, mean 81.3, median 100, 90 % at most 120
   17 to 32  1  33.3 %  ####################
   33 to 64  0   0.0 %
  65 to 128  2  66.7 %  ########################################

Lifetimes of blocks that are freed, in operations: 2 to 2, mean 2, median 2, 90 % at most 2
  2  1  100.0 %  ########################################

Left at the end: 120 bytes in 1 block, by tag
  120 bytes  1 block  net

Failed when it was recorded: 1 malloc, the largest of 4,000 bytes
`,
    });
    write("two.trace", "a 0 24\na 1 8\nf 0\na 2 100\n");
    expect((await trace("info two.trace")).out).toContain(
      "Left at the end: 108 bytes in 2 blocks, the largest\n  100 bytes  operation 4, line 4\n    8 bytes  operation 2, line 2\n",
    );
  });

  it("prints them as JSON", async () => {
    write("one.trace", imported);
    const { code, out } = await trace("info one.trace --json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      name: "one",
      header: { imported: "text", events: "4" },
      operations: 4,
      counts: { malloc: 2, calloc: 0, aligned: 0, realloc: 1, free: 1 },
      peak: { bytes: 124, blocks: 2, operation: 2 },
      left: { blocks: 1, bytes: 120, byTag: [{ tag: null, blocks: 1, bytes: 120 }] },
      failed: { count: 1, largest: 4000 },
      times: null,
    });
  });

  it("names what is no trace, line by line", async () => {
    write("heap.log", "x 1\nf 3\n");
    const { code, err } = await trace("info heap.log");
    expect(code).toBe(2);
    expect(err.split("\n")).toHaveLength(3);
    expect(await trace("info")).toMatchObject({
      code: 2,
      err: 'alloc-gen: name a trace (see "alloc-gen --help")\n',
    });
  });
});

describe("alloc-gen trace cut, anonymise and merge", () => {
  beforeEach(() => {
    write("one.trace", imported);
    write("two.trace", "# at: 3\na 0 1\n# at: 9\nf 0\n");
  });

  it("cuts", async () => {
    expect((await trace("cut one.trace --from 3 --to 3")).out).toBe(
      "# imported: text\n# cut: operations 3 to 3 of 4\n# live_before_cut: 2 blocks, allocated first\n# events: 3\na 0 24\na 1 100\n# failed: a 4000\nf 0\n",
    );
    expect((await trace("cut one.trace --from 4 --live drop")).out).toBe(
      "# imported: text\n# cut: operations 4 to 4 of 4\n# events: 0\n",
    );
    expect((await trace("cut one.trace --to 9")).err).toBe(
      'alloc-gen: --to 9 (allowed: 1 to 4, the operations of the trace) (see "alloc-gen --help")\n',
    );
    expect((await trace("cut one.trace --from 3 --to 2")).err).toBe(
      'alloc-gen: --to 2 is before --from 3 (see "alloc-gen --help")\n',
    );
  });

  it("anonymises", async () => {
    expect((await trace("anonymise one.trace --out a.trace")).err).toBe("wrote a.trace\n");
    expect(read("a.trace").toString()).toBe(imported.replace("# imported: text\n", ""));
  });

  it("merges, and says why not by time", async () => {
    expect(await trace("merge two.trace one.trace")).toEqual({
      code: 0,
      out: "# merged: two, one\n# order: round-robin\n# events: 6\na 0 1\na 1 24\nf 0\na 0 100\n# failed: a 4000\nf 1\nr 0 120\n",
      err: "merged round-robin, not by time: one has no times\n",
    });
    expect((await trace("merge one.trace two.trace --order time")).err).toBe(
      'alloc-gen: --order time: one has no times (see "alloc-gen --help")\n',
    );
    expect((await trace("merge two.trace two.trace")).out).toBe(
      "# merged: two, two\n# order: time\n# events: 4\n# at: 3\na 0 1\na 1 1\n# at: 9\nf 0\nf 1\n",
    );
    expect((await trace("merge one.trace")).err).toBe(
      'alloc-gen: name two traces or more (see "alloc-gen --help")\n',
    );
    expect((await trace("merge one.trace two.trace --out two.trace")).code).toBe(2);
  });

  it("are named by two words", async () => {
    const words = "trace import, trace info, trace anonymise, trace cut, trace merge";
    expect(await trace("")).toMatchObject({
      code: 2,
      err: `alloc-gen: "trace" takes another word (allowed: ${words}) (see "alloc-gen --help")\n`,
    });
    expect((await trace("inof one.trace")).code).toBe(2);
    expect((await trace("info one.trace --form json")).err).toBe(
      'alloc-gen: unknown option --form; did you mean "--format"? (see "alloc-gen --help")\n',
    );
  });
});
