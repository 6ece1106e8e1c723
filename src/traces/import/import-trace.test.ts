import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AllocGenError, formatDiagnostic } from "../../diagnostics.js";
import { parseTrace } from "../parse.js";
import { encodeRecording } from "../recording/encode.fixture.js";
import { formatOperation, formatTrace } from "../write.js";
import type { HeapEvent } from "./event.js";
import { importTrace, type ImportedTrace, type ImportOptions } from "./import-trace.js";
import { importers } from "./registry.js";
import { session, type Kinds } from "./session.fixture.js";
import { asCtf, asEspDump, asFreertosLog, asMtrace, asTextLog, ctfMetadata } from "./writers.fixture.js";

type Options = Partial<ImportOptions> & { readonly metadata?: string };

function load(content: string | Buffer, { metadata, ...options }: Options = {}): ImportedTrace {
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
  // In pieces, so that lines are torn.
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
  };
  const source = { head: bytes.subarray(0, 2 ** 20), pieces, metadata };
  return importTrace(source, { file: "log", name: "log", from: undefined, ...options });
}

const told = (text: string | Buffer, options: Options = {}) => {
  const { trace, faults, notices } = load(text, options);
  return {
    operations: trace.operations.map(formatOperation),
    faults: faults.map(formatDiagnostic),
    notices: notices.map(formatDiagnostic),
  };
};

function refusal(content: string | Buffer, options: Options = {}): string[] {
  try {
    load(content, options);
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.diagnostics.map(formatDiagnostic);
  }
  return [];
}

interface Format extends Kinds {
  readonly from: string;
  readonly write: (events: readonly HeapEvent[]) => string | Buffer;
  readonly metadata?: string;
}

const all = ["malloc", "calloc", "aligned", "realloc", "free", "failed"] as const;
const formats: readonly (readonly [string, Format])[] = [
  ["text", { from: "text", write: asTextLog, kinds: all, times: true }],
  ["text without times", { from: "text", write: asTextLog, kinds: all, times: false }],
  ["freertos", { from: "freertos", write: asFreertosLog, kinds: ["malloc", "free", "failed"], times: true }],
  [
    "mtrace",
    { from: "mtrace", write: asMtrace, kinds: ["malloc", "realloc", "free", "failed"], times: false },
  ],
  ...(["narrow", "wide"] as const).map(
    (header) =>
      [
        `zephyr, ${header}`,
        {
          from: "zephyr",
          write: (events: readonly HeapEvent[]) => asCtf(events, header),
          metadata: ctfMetadata(header),
          kinds: ["malloc", "free", "failed"],
          times: true,
        },
      ] as const,
  ),
  ["recording", { from: "recording", write: (events) => encodeRecording(events), kinds: all, times: false }],
  [
    "recording with times",
    {
      from: "recording",
      write: (events) => encodeRecording(events, { times: true }),
      kinds: all,
      times: true,
    },
  ],
];

/** Options of a format; metadata where it has some. */
const optionsOf = ({ metadata }: Format): Options => (metadata === undefined ? {} : { metadata });

describe.each(formats)("the format %s", (_, format) => {
  it("gives any session back, recognised by its content", () => {
    fc.assert(
      fc.property(session(format), ({ events, operations, notes }) => {
        fc.pre(operations.length > 0);
        const imported = load(format.write(events), optionsOf(format));
        expect(imported.format).toBe(format.from);
        expect(imported.trace.operations).toEqual(operations);
        expect(imported.trace.notes).toEqual(notes);
        expect([imported.faults, imported.lost]).toEqual([[], 0]);
        const again = parseTrace(formatTrace(imported.trace), "again", "again");
        expect([again.operations, again.notes, again.header]).toEqual([
          operations,
          notes,
          imported.trace.header,
        ]);
      }),
    );
  });

  it("gives a prefix of any session that is cut anywhere, and says so", () => {
    fc.assert(
      fc.property(session(format, 20), fc.nat(100_000), ({ events, operations }, drawn) => {
        const whole = Buffer.from(format.write(events));
        const bytes = whole.subarray(0, drawn % (whole.length + 1));
        const found = attempt(bytes, { from: format.from, ...optionsOf(format) });
        expect(operations.slice(0, found.length)).toEqual(found);
        // A line that is missing leaves no trace; a recording that was not stopped is told.
        const isTold = format.from === "recording" && found.length > 0 && bytes.length < whole.length;
        if (isTold) expect(load(bytes).notices).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("never fails on bytes that are changed, added or left out", () => {
    const edits = fc.array(fc.record({ at: fc.nat(100_000), byte: fc.nat(255), how: fc.nat(2) }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(session(format, 20), edits, ({ events }, changes) => {
        let bytes = Buffer.from(format.write(events));
        for (const { at: drawn, byte, how } of changes) {
          const at = drawn % (bytes.length + 1);
          const skipped = how === 0 ? 0 : 1;
          const inserted = how === 2 ? [] : [byte];
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(inserted), bytes.subarray(at + skipped)]);
        }
        checkSound(bytes, { from: format.from, ...optionsOf(format) });
      }),
      { numRuns: 300 },
    );
  });
});

/** The operations; none where nothing could be imported. */
function attempt(bytes: Buffer, options: Options) {
  try {
    return load(bytes, options).trace.operations;
  } catch (error) {
    if (error instanceof AllocGenError) return [];
    throw error;
  }
}

/** Whatever is imported can be read again. */
function checkSound(bytes: Buffer, options: Options): void {
  const operations = attempt(bytes, options);
  if (operations.length === 0) return;
  expect(parseTrace(formatTrace({ header: new Map(), operations }), "again", "again").operations).toEqual(
    operations,
  );
}

describe("what is no recording", () => {
  it.each(importers.map(({ name }) => name))("is read as %s without a crash", (from) => {
    const words = [
      "@a 20",
      "@r 0x1 2 3",
      "\0AGR",
      "traceMALLOC(",
      "12 bytes (@ 0x20) allocated CPU 0 ccount 0x1 caller ",
      "freed by 0x1",
      "@ x:[0x1] ",
      "+ 0x10 0x20",
      "\n",
      "named_event",
      "= Start",
    ];
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom(...words).map((word) => Buffer.from(word, "latin1")),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        checkSound(Buffer.concat(pieces), { from, metadata: ctfMetadata("narrow") });
      }),
      { numRuns: 300 },
    );
  });

  it("is refused where nothing tells its format", () => {
    expect(refusal("hello\n")).toEqual([
      "log: does not look like a recording that is known: name its format with --from (allowed: recording, text, freertos, esp-idf, zephyr, mtrace)",
    ]);
    expect(refusal("")).toHaveLength(1);
  });

  it("is refused where it holds nothing of the format that was named", () => {
    expect(refusal("hello\n", { from: "freertos" })).toEqual([
      'log: has no event of the format freertos: it holds lines with "traceMALLOC(ADDRESS, SIZE)" and "traceFREE(ADDRESS, SIZE)"',
    ]);
    expect(refusal("@f 20\n")).toEqual([
      'log: has no event of the format text: it holds lines with "@a ADDRESS SIZE", "@r OLD NEW SIZE", "@f ADDRESS"',
      "log:1: free of 0x20, which is not live: allocated before the recording began, or the allocation is lost; left out",
    ]);
    expect(refusal(Buffer.from("x"), { from: "zephyr" })[1]).toBe(
      "log: byte 0: the metadata of the stream is missing, or is not what Zephyr writes",
    );
  });

  it("is refused by the name of a format that is not known", () => {
    expect(refusal("@a 10 20\n", { from: "freertoss" })).toEqual([
      'found --from freertoss; did you mean "freertos"? (allowed: recording, text, freertos, esp-idf, zephyr, mtrace)',
    ]);
  });
});

describe("events that cannot be", () => {
  it("are named with their place, and the rest goes on", () => {
    const log = [
      "@a 0x20000010 16",
      "@a 20000030 32",
      "@f 20000040",
      "@f 20000010",
      "@f 20000010",
      "@a 20000030 8",
      "@a 20000028 64",
      "@r 20000200 20000300 9",
      "@f 0",
      "@a zz 1",
      "@m 20000400 24 8",
      "@r 20000300 0 0",
      "@a 20000500 5000000000",
      "@f 20000028",
      "",
    ];
    expect(told(log.join("\n"))).toEqual({
      operations: ["a 0 16", "a 1 32", "f 0", "f 1", "a 1 8", "f 1", "a 1 64", "a 0 9", "f 0", "f 1"],
      faults: [
        "log:3: free of 0x20000040, which is inside the block at 0x20000030 of 32 bytes (line 2); left out",
        "log:5: free of 0x20000010, which was freed before (line 4); left out",
        "log:6: 0x20000030 is allocated, and is live already (line 2): the event is doubled, or a free is lost, which is put here",
        "log:7: the block at 0x20000028 of 64 bytes overlaps the live one at 0x20000030 (line 6): its free is lost, and put here",
        "log:8: realloc of 0x20000200, which is not live: allocated before the recording began, or the allocation is lost; taken for a malloc",
        'log:10: found "@a zz 1" (allowed: @a ADDRESS SIZE, addresses hexadecimal, sizes decimal)',
        'log:11: found "@m 20000400 24 8" (allowed: @m ADDRESS ALIGNMENT SIZE, addresses hexadecimal, sizes decimal)',
        "log:13: 5000000000 bytes are more than a trace can hold (at most 4294967295); left out",
      ],
      notices: [],
    });
  });

  it("are counted by kind beyond the first 20", () => {
    const { faults, faultCounts } = load(`@a 100 8\n${"@f 200\n".repeat(30)}@f 300\n`);
    expect(faults).toHaveLength(21);
    expect([...faultCounts]).toEqual([["import-free-unknown", 31]]);
  });

  it("are no requests that failed: these are noted, or asked for again", () => {
    const log = "@a 100 8\n@a 0 4000\n@r 100 0 900\n@c NULL 70\n@r 100 140 16\n@r 0 200 4\n@r 0 0 0\n";
    const { trace } = load(log);
    expect(formatTrace(trace)).toBe(
      "# imported: text\n# events: 3\na 0 8\n# failed: a 4000\n# failed: r 900\n# failed: c 70\nr 0 16\na 1 4\n",
    );
    expect(told(log, { keepFailed: true }).operations).toEqual([
      "a 0 8",
      "a 1 4000",
      "f 1",
      "a 1 900",
      "f 1",
      "c 1 70",
      "f 1",
      "r 0 16",
      "a 1 4",
    ]);
  });

  it("leave a header out of sizes that have one", () => {
    expect(told("@a 100 24\n@a 200 4\n@r 100 300 40\n", { headerBytes: 8 }).operations).toEqual([
      "a 0 16",
      "a 1 0",
      "r 0 32",
    ]);
  });
});

describe("samples", () => {
  const sample = (name: string): Buffer => readFileSync(join(import.meta.dirname, "samples", name));

  it("of glibc's mtrace, recorded with a program of its own kind", () => {
    const { operations, faults, notices } = told(sample("mtrace.log"));
    expect(operations).toEqual([
      ...["a 0 16", "a 1 4", "a 2 16", "a 3 6", "a 4 16", "a 5 15", "f 5", "f 4", "a 4 16"],
      ...["r 4 32", "r 4 64", "r 4 128", "r 4 111", "a 5 128", "a 6 33", "f 5", "f 6", "a 6 4096", "f 4"],
    ]);
    expect(faults).toEqual([
      "log:23: free of 0x558b3a5552c0, which is not live: allocated before the recording began, or the allocation is lost; left out",
    ]);
    expect(notices).toEqual([]);
    const { trace } = load(sample("mtrace.log"));
    expect(trace.notes?.failed).toEqual([{ before: 14, kind: "malloc", size: 4294967295 }]);
    expect([...(trace.notes?.tags ?? [])].slice(0, 3)).toEqual([
      [0, "m:[0x11df]"],
      [1, "libc.so.6:(__strdup+1a)"],
      [2, "m:[0x11df]"],
    ]);
  });

  it("of an mtrace whose reallocs are torn", () => {
    expect(
      told(
        "= Start\n@ p:[0x1] + 0x100 0x8\n@ p:[0x1] < 0x100\n@ p:[0x1] + 0x200 0x8\n@ p:[0x1] > 0x300 0x9\n@ p [0x1] * 0x9\n",
        { from: "mtrace" },
      ),
    ).toEqual({
      operations: ["a 0 8", "a 1 8"],
      faults: [
        'log:3: found "<", the first half of a realloc, without ">"',
        'log:5: found ">", the second half of a realloc, without "<"',
        "log:6: found a line that mtrace does not write",
      ],
      notices: [],
    });
  });

  it("of ESP-IDF, whose frees have no time: each is as late as it can be", () => {
    fc.assert(
      fc.property(
        session({ kinds: ["malloc", "malloc", "free"], times: false }),
        ({ events, operations }) => {
          const { trace, faults } = load(asEspDump(events));
          expect(faults).toEqual([]);
          const made = (kind: string) => (list: typeof operations) =>
            list.filter((operation) => operation.kind === kind);
          const sizes = (list: typeof operations) =>
            made("malloc")(list).flatMap((operation) => ("size" in operation ? operation.size : []));
          expect(sizes(trace.operations)).toEqual(sizes(operations));
          expect(made("free")(trace.operations)).toHaveLength(made("free")(operations).length);
        },
      ),
    );
  });

  it("of ESP-IDF's two modes, between other lines", () => {
    const dump = sample("esp-idf.log");
    expect(told(dump)).toEqual({
      operations: ["a 0 16", "a 1 96", "a 2 512", "f 0", "a 0 32", "f 2"],
      faults: [],
      notices: [
        "log:17: 9 allocations were traced, and 4 are in the dump: the others were freed (mode leaks), or are lost",
        "log:19: the device's buffer was full: its oldest records are gone, and with them blocks that may still be live",
      ],
    });
    expect(load(dump).trace.notes?.tags?.get(1)).toBe("0x400d20c4");
  });

  it("of FreeRTOS, between other lines", () => {
    expect(told(sample("freertos.log"), { headerBytes: 8 })).toEqual({
      operations: ["a 0 96", "a 1 512", "a 2 24", "f 2", "f 1"],
      faults: [
        "log:9: found a traceMALLOC or traceFREE that cannot be read (allowed: traceMALLOC(ADDRESS, SIZE), traceFREE(ADDRESS, SIZE), addresses hexadecimal, sizes decimal)",
      ],
      notices: [],
    });
  });
});

describe("Zephyr's stream", () => {
  const metadata = ctfMetadata("narrow");
  const events: HeapEvent[] = [100, 200, 300].map((address, index) => ({
    kind: "malloc",
    address,
    size: 16,
    time: index * 2 ** 31,
    place: { byte: 0 },
  }));

  it("has blocks that are resized in place, which listeners see as an allocation and a free", () => {
    const resized: HeapEvent = { kind: "realloc", old: 200, address: 200, size: 40, place: { byte: 0 } };
    const bytes = asCtf([...events, resized, { kind: "free", address: 200, place: { byte: 0 } }], "narrow");
    expect(told(bytes, { metadata }).operations).toEqual(["a 0 16", "a 1 16", "a 2 16", "r 1 40", "f 1"]);
  });

  it("has times of 32 bits, which begin again", () => {
    expect(load(asCtf(events, "narrow"), { metadata }).trace.notes?.times).toEqual(
      Float64Array.from([0, 2 ** 31, 2 ** 32]),
    );
  });

  it("is found again behind bytes that are none of it", () => {
    const more = events.map((event): HeapEvent => ({ ...event, time: 7 }));
    const bytes = Buffer.concat([
      asCtf(more.slice(0, 1), "narrow"),
      Buffer.from([1, 2, 3, 0xee]),
      asCtf(more.slice(1), "narrow"),
    ]);
    const { operations, faults } = told(bytes, { metadata });
    expect(operations).toEqual(["a 0 16", "a 1 16", "a 2 16"]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^log: byte 67: bytes 67 to \d+ are no events of the metadata$/);
  });

  it("may have events of its own for the heap", () => {
    const own = metadata
      .replace("named_event", "heap_alloc")
      .replace(
        /ctf_bounded_string_t name\[20\];\s+uint32_t arg0;\s+uint32_t arg1;/g,
        "uint32_t heap; uint32_t addr; uint32_t size;",
      );
    const bytes = Buffer.from([0, 0, 0, 0, 0x62, 9, 0, 0, 0, 0x10, 0, 0, 0x20, 24, 0, 0, 0]);
    expect(
      told(bytes, { metadata: own.replace("name = thread_switched_in", "name = x") }).operations,
    ).toEqual(["a 0 24"]);
  });
});
