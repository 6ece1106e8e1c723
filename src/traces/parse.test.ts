import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import type { TraceOperation } from "./operation.js";
import { checkTraceFits, parseTrace, readTrace, traceName } from "./read.js";
import { formatTrace } from "./write.js";

function faultsOf(text: string): string[] {
  try {
    parseTrace(text, "t", "t.trace");
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.diagnostics.map(formatDiagnostic);
  }
  return [];
}

describe("parseTrace", () => {
  it("reads header lines and every operation", () => {
    const trace = parseTrace(
      "# program: a: b\n# no header\na 0 10\nc 1 0\nm 2 16 4294967295\nr 0 20\n\nf 0\nf 2",
      "t",
      "t.trace",
    );
    expect([...trace.header]).toEqual([["program", "a: b"]]);
    expect(trace.operations).toEqual([
      { kind: "malloc", id: 0, size: 10 },
      { kind: "calloc", id: 1, size: 0 },
      { kind: "aligned", id: 2, alignment: 16, size: 4294967295 },
      { kind: "realloc", id: 0, size: 20 },
      { kind: "free", id: 0 },
      { kind: "free", id: 2 },
    ]);
    expect([...(trace.lines ?? [])]).toEqual([3, 4, 5, 6, 8, 9]);
  });

  it("takes CRLF, tabs and several spaces", () => {
    const operations = parseTrace("a 0 10\r\n  a\t1   7 \r\nf 0\r\n", "t", "t").operations;
    expect(operations).toEqual([
      { kind: "malloc", id: 0, size: 10 },
      { kind: "malloc", id: 1, size: 7 },
      { kind: "free", id: 0 },
    ]);
  });

  it("lets an id be used again after its block was freed", () => {
    expect(parseTrace("a 0 1\nf 0\na 0 2\n", "t", "t").operations).toHaveLength(3);
  });

  it("names every malformed line", () => {
    const lines = [
      "a 0 10",
      "x 1 2",
      "a 1",
      "f 0 1",
      "a 2 -5",
      "a q 5",
      "a 3 4294967296",
      "m 4 24 8",
      "a 5 1.5",
    ];
    expect(faultsOf(lines.join("\n"))).toEqual([
      't.trace:2: found "x 1 2" (allowed: "a id size", "c id size", "m id align size", "r id size", "f id", "# key: value")',
      't.trace:3: found "a 1" (allowed: "a id size")',
      't.trace:4: found "f 0 1" (allowed: "f id")',
      't.trace:5: found "-5" (allowed: a whole number from 0 to 4294967295 as size)',
      't.trace:6: found "q" (allowed: a whole number from 0 to 4294967295 as id)',
      't.trace:7: found "4294967296" (allowed: a whole number from 0 to 4294967295 as size)',
      't.trace:8: found "24" (allowed: a power of two as align)',
      't.trace:9: found "1.5" (allowed: a whole number from 0 to 4294967295 as size)',
    ]);
  });

  it.each([
    ["few", 0, 9],
    ["beyond the first numbers that are kept", 1023, 1024],
    ["many", 2 ** 20 - 1, 2 ** 20],
    ["all there are", 0, 2 ** 32 - 1],
  ])(
    "names operations on blocks that are not live, and allocations of blocks that are: %s",
    (_name, id, other) => {
      expect(faultsOf(`a ${id} 10\na ${id} 20\nf ${id}\nf ${id}\nr ${id} 5\nf ${other}\n`)).toEqual([
        `t.trace:2: block ${id} is live already (allocated on line 1)`,
        `t.trace:4: block ${id} is not live`,
        `t.trace:5: block ${id} is not live`,
        `t.trace:6: block ${other} is not live`,
      ]);
      expect(
        faultsOf(`a ${id} 10\na ${other} 20\nf ${id}\nr ${other} 5\na ${other} 1\nf ${other}\n`),
      ).toEqual([`t.trace:5: block ${other} is live already (allocated on line 2)`]);
    },
  );

  it("does not blame the free of a block whose allocation is malformed", () => {
    expect(faultsOf("a 7 x\nf 7\n")).toHaveLength(1);
  });

  it("reports 20 faults and counts the others", () => {
    const faults = faultsOf("f 1\n".repeat(33));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe("t.trace: and 13 more faults");
  });

  it("refuses a trace without an operation", () => {
    expect(faultsOf("")).toEqual(["t.trace: the trace has no operation"]);
    expect(faultsOf("# only: a header\n")).toEqual(["t.trace: the trace has no operation"]);
  });

  it("reads a comment of any length and shape as a whole, and its key up to the first colon", () => {
    const shapes = ["x", " ", ": ", " :", "x:", "\t"].map((part) => part.repeat(100_000));
    const comments = shapes.flatMap((text) => [`# ${text}`, `#${text}x`, `# x${text}`, `# key: ${text}`]);
    const trace = parseTrace(`${comments.join("\n")}\na 0 1\n`, "t", "t");
    expect(trace.operations).toHaveLength(1);
    const header = parseTrace("#a:b\n# c d :\t e:f \n#: x\n# : y\n#\n# z\n#  k:\na 0 1\n", "t", "t").header;
    expect([...header]).toEqual([
      ["a", "b"],
      ["c d", "e:f"],
      ["k", ""],
    ]);
  });

  it("cuts what is no text short", () => {
    expect(faultsOf(`\u0000${"z".repeat(500)}`)[0]).toMatch(/^t\.trace:1: found "\\u0000z{38}…" \(allowed/);
  });

  it("reads what formatTrace writes", () => {
    const size = fc.integer({ min: 0, max: 0xffffffff });
    const steps = fc.array(
      fc.record({ id: fc.nat(5), size, kind: fc.constantFrom("malloc", "calloc", "aligned", "realloc") }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(steps, (drawn) => {
        const live = new Set<number>();
        const operations = drawn.map(({ id, size: bytes, kind }): TraceOperation => {
          if (!live.has(id)) {
            live.add(id);
            if (kind === "aligned") return { kind, id, alignment: 16, size: bytes };
            return { kind: kind === "calloc" ? kind : "malloc", id, size: bytes };
          }
          if (kind === "realloc") return { kind, id, size: bytes };
          live.delete(id);
          return { kind: "free", id };
        });
        const header = new Map([["program", "made up: by a test"]]);
        const again = parseTrace(formatTrace({ header, operations }), "t", "t");
        expect(again.operations).toEqual(operations);
        expect(again.header).toEqual(header);
      }),
    );
  });
});

describe("readTrace", () => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-trace-"));
  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it("reads text and gzip alike, whatever the name", () => {
    const text = "a 0 8\nf 0\n";
    const plain = readTrace(put("one.trace", text));
    const packed = readTrace(put("two.trace", gzipSync(text)));
    expect(packed.operations).toEqual(plain.operations);
    expect(plain.name).toBe("one");
    expect(["a/lua5.4-json.trace.gz", "b.gz", "c"].map(traceName)).toEqual(["lua5.4-json", "b", "c"]);
  });

  it("says why a file cannot be read", () => {
    const missing = join(folder, "none.trace");
    expect(() => readTrace(missing)).toThrow(`no such file: ${missing}`);
    expect(() => readTrace(folder)).toThrow(`cannot read ${folder}: it is a folder`);
    const packed = gzipSync("a 0 8\n".repeat(100));
    const short = put("short.gz", packed.subarray(0, 20));
    expect(() => readTrace(short)).toThrow(`cannot read ${short}: the gzip data ends too early`);
    const damaged = put("damaged.gz", Buffer.concat([packed.subarray(0, 10), Buffer.alloc(40, 0xff)]));
    expect(() => readTrace(damaged)).toThrow(`cannot read ${damaged}: the gzip data is damaged`);
  });

  it("refuses what unpacks to more than is allowed, before it is unpacked whole", () => {
    const bomb = put("bomb.gz", gzipSync(Buffer.alloc(129 * 1024 * 1024, "\n"), { level: 1 }));
    expect(() => readTrace(bomb)).toThrow(`cannot read ${bomb}: the unpacked text is larger than 128 MiB`);
    const plain = put("plain.trace", "");
    truncateSync(plain, 128 * 1024 * 1024 + 1);
    expect(() => readTrace(plain)).toThrow(`cannot read ${plain}: it is larger than 128 MiB`);
  });

  it("refuses more than ten million lines, even if they say nothing", () => {
    const lines = put("lines.gz", gzipSync(Buffer.alloc(10_000_001, "\n"), { level: 1 }));
    expect(() => readTrace(lines)).toThrow(`${lines}:10000001: the trace has more than 10000000 lines`);
  });

  it.each([
    ["zstd", [0x28, 0xb5, 0x2f, 0xfd, 0]],
    ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ["bzip2", [0x42, 0x5a, 0x68, 0x39]],
    ["zip", [0x50, 0x4b, 3, 4]],
  ])("says that it cannot unpack %s", (name, bytes) => {
    const packed = put(`packed.${name}`, Uint8Array.from(bytes));
    const why = `it is packed with ${name} (allowed: text, or text packed with gzip)`;
    expect(() => readTrace(packed)).toThrow(`cannot read ${packed}: ${why}`);
  });

  it("reads every recorded trace of the examples", () => {
    const examples = join(import.meta.dirname, "../../examples/traces");
    const names = readdirSync(examples).filter((name) => name.endsWith(".gz"));
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const trace = readTrace(join(examples, name));
      expect([name, trace.operations.length]).toEqual([name, Number(trace.header.get("events"))]);
    }
  });

  it("looks at each character of a usual line once", () => {
    const file = join(import.meta.dirname, "../../examples/traces/mbedtls-client-ec.trace.gz");
    const lines = gunzipSync(readFileSync(file)).toString().split("\n").slice(0, 2000);
    const text = lines.join("\n");
    const characters = vi.spyOn(String.prototype, "charCodeAt");
    // Only lines that are not as usual are looked at word by word: a comment as a whole, its key and its value.
    const unusual = vi.spyOn(String.prototype, "trim");
    parseTrace(text, "t", "t");
    const counts = { characters: characters.mock.calls.length, unusual: unusual.mock.calls.length };
    vi.restoreAllMocks();
    expect(counts.characters).toBeGreaterThan(lines.length);
    expect(counts.characters).toBeLessThanOrEqual(text.length);
    expect(counts.unusual).toBe(3 * lines.filter((line) => line.startsWith("#")).length);
  });
});

describe("checkTraceFits", () => {
  const trace = parseTrace("a 0 10\n\na 1 4000\nr 0 5000\nm 2 16 8\nf 0\n", "t", "t");
  it("names each request that no heap of the plan can serve", () => {
    expect(checkTraceFits(trace, 3999, "t.trace", 8).map(formatDiagnostic)).toEqual([
      "t.trace:3: requests 4000 bytes, but the heap can serve at most 3999",
      "t.trace:4: requests 5000 bytes, but the heap can serve at most 3999",
      "t.trace:5: requests an alignment of 16, but the heap supports at most 8",
    ]);
  });
  it("passes a trace that fits", () => {
    expect(checkTraceFits(trace, 5000, "t.trace", 16)).toEqual([]);
  });
});
