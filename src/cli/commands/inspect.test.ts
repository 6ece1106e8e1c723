import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { planWithin } from "../../plan/plan-heap.js";
import { metadataImage } from "../../reference/image.js";
import * as pipeline from "../../pipeline.js";
import { writeCore, writeIntelHex, writeSRecords } from "../../inspect/files/writers.fixture.js";
import { runWords, wordsOf } from "../run-words.fixture.js";

const config = `{
  "name": "app_heap", "target": "cortex-m4", "heap": { "size": 1024 },
  "policy": { "kind": "segregated-fit", "split": "low" },
  "header": { "fields": { "requested": true, "tag": { "bits": 4 } } }
}`;

let folder: string;
let memory: Uint8Array;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "alloc-gen-inspect-"));
  writeFileSync(join(folder, "alloc-gen.json"), config);
  const { plan } = pipeline.prepare(join(folder, "alloc-gen.json"), {});
  const heap = plan.rules.reference(plan);
  const payloads = [40, 100, 200, 60].map((size, tag) => heap.malloc(size, tag).payload);
  heap.free(payloads[1] ?? -1);
  memory = metadataImage(plan, heap).bytes;
  write("heap.bin", memory);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes);

/** The working directory of the tests is another. */
const prepare: typeof pipeline.prepare = (path, options) => pipeline.prepare(resolve(folder, path), options);

const inspect = (line: string) =>
  runWords(["inspect", ...wordsOf(line)], {
    folder,
    pipeline: () => Promise.resolve({ ...pipeline, prepare }),
  });

/** What a layout says of the heads of free lists. */
const withHeads = z.object({
  control: z.object({ first: z.object({ offset: z.number(), bytes: z.number() }) }),
});

describe("alloc-gen inspect", () => {
  it("draws the heap and lists what stands in it", async () => {
    const { code, out } = await inspect("heap.bin --config alloc-gen.json");
    expect(code).toBe(0);
    expect(out).toBe(`app_heap in heap.bin: segregated-fit, 1,024 B

0x000  =====######+............+#################################+.....
0x200  ................................................................

= control data   # in use   . free   + in use and free   (a character: 8 B)

Blocks (5)
offset  size  state   requested  tag  list  next  previous
  0x2c    48  in use         40    0
  0x5c   104  free                       5
  0xc4   208  in use        200    2
 0x194    64  in use         60    3
 0x1d4   552  free                      10

Free lists
 5   from 96 B  1 block  104 B
10  from 512 B  1 block  552 B

In use by tag, largest first
2  1 block  208 B  0xc4
3  1 block   64 B  0x194
0  1 block   48 B  0x2c

Totals, headers included
in use        320 B  3 blocks, 300 B of them requested
free          656 B  2 blocks
largest free  552 B  15.9 % of the free bytes are outside it

OK: 5 blocks, no damage.
`);
  });

  it("groups blocks by tag, the largest first", async () => {
    const { plan } = pipeline.prepare(join(folder, "alloc-gen.json"), {});
    const heap = plan.rules.reference(plan);
    for (const size of [20, 60, 40, 30, 50, 10]) heap.malloc(size, 7);
    heap.malloc(100, 1);
    write("leak.bin", metadataImage(plan, heap).bytes);
    expect((await inspect("leak.bin")).out).toContain(`In use by tag, largest first
7  6 blocks  248 B  0x44, 0xdc, 0x84, 0xb4 and 2 more
1   1 block  104 B  0x124
`);
    const { tags } = JSON.parse((await inspect("leak.bin --json")).out) as { tags: object };
    expect(tags).toEqual([
      { tag: 7, blocks: 6, bytes: 248, offsets: [0x44, 0xdc, 0x84, 0xb4, 0x2c, 0x114] },
      { tag: 1, blocks: 1, bytes: 104, offsets: [0x124] },
    ]);
  });

  it("names damage and exits 1", async () => {
    memory.fill(0xff, 0xc4, 0xc6);
    write("heap.bin", memory);
    const { code, out } = await inspect("heap.bin");
    expect(code).toBe(1);
    expect(out).toContain(`0x000  =====######+............!??????????????????????????#######+.....`);
    expect(out).toContain(`Damage (1)
0xc4  size of the block at 0xc4: found 1016, expected 16 to 824, a multiple of 8

DAMAGED: 1 fault, listed above.
`);
  });

  it("says which operation may be under way where one leaves what is wrong", async () => {
    // The free block of 104 bytes was taken out of its list, whose bit is still set.
    const { plan } = pipeline.prepare(join(folder, "alloc-gen.json"), {});
    const { offset, bytes } = withHeads.parse(plan.rules.layout(plan)).control.first;
    memory.fill(0, offset + 5 * bytes, offset + 6 * bytes);
    write("heap.bin", memory);
    const { code, out } = await inspect("heap.bin");
    expect(code).toBe(1);
    expect(out).toContain(`Damage (2)
0x4  bit 13 of the non-empty lists: found 1, expected 0: list 5 is empty
0x5c  free block at 0x5c: found in no list, expected in list 5

AN OPERATION MAY BE UNDER WAY: malloc or free of a block from 0x5c to 0xc4, or beside it. It leaves
the 2 faults listed above; if none was under way, the heap is damaged.
`);
    const { damage, ...report } = JSON.parse((await inspect("heap.bin --json")).out) as {
      damage: readonly object[];
    };
    expect(report).toMatchObject({
      ok: false,
      underWay: { operations: ["malloc", "free"], isSure: true, from: 0x5c, to: 0xc4 },
    });
    expect(Object.keys(damage[0] ?? {})).toEqual(["kind", "offset", "what", "found", "expected"]);
  });

  it("names damage that a realloc under way leaves too", async () => {
    write("realloc.json", Buffer.from(config.replace('"heap":', '"api": { "realloc": true }, "heap":')));
    const { plan } = pipeline.prepare(join(folder, "realloc.json"), {});
    const heap = plan.rules.reference(plan);
    for (const size of [40, 40, 40, 40]) heap.malloc(size, 0);
    const { bytes } = metadataImage(plan, heap);
    write("heap.bin", bytes.fill(0x55, 0x5c, 0x60));
    const { code, out } = await inspect("heap.bin --config realloc.json");
    expect(code).toBe(1);
    expect(out).toContain(`
DAMAGED: 1 fault, listed above. An operation under way looks the same: realloc of a block from 0x2c
to 0x8c, or beside it.
`);
  });

  it("prints one object with --json", async () => {
    const { code, out } = await inspect("heap.bin --json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual([
      ...["version", "ok", "heap", "totals", "blocks", "lists", "tags", "lost", "untouched", "damage"],
    ]);
    expect(report).toMatchObject({
      version: 1,
      ok: true,
      heap: {
        ...{ name: "app_heap", policy: "segregated-fit", file: "heap.bin", format: "raw" },
        ...{ fileOffset: 0, heapBytes: 1024 },
      },
      damage: [],
    });
  });

  it("finds the heap in a dump of more", async () => {
    const ram = new Uint8Array(4096);
    ram.set(memory, 0x200);
    write("ram.bin", ram);
    const byOffset = await inspect("ram.bin --offset 0x200");
    expect(byOffset).toMatchObject({ code: 0, err: "" });
    expect(byOffset.out).toContain(
      "app_heap in ram.bin: segregated-fit, 1,024 B, from byte 512 of the file\n",
    );
    const byAddress = await inspect("ram.bin --base 0x20000000 --address 0x20000200");
    expect(byAddress.code).toBe(0);
    expect(byAddress.out).toContain("from byte 512 of the file, at 0x20000200 on the target\n");
    expect(byAddress.out).toMatch(/^ {2}0x2c {2}0x20000230 /m);
  });
});

describe("a dump that tells addresses", () => {
  const address = 0x1000_0020;
  /** Core-coupled memory with the heap in it. */
  const region = () => {
    const bytes = new Uint8Array(0x800).fill(0xa5);
    bytes.set(memory, 0x20);
    return bytes;
  };
  beforeEach(() => {
    write("ram.hex", Buffer.from(writeIntelHex(address - 0x20, region())));
    write("ram.srec", Buffer.from(writeSRecords(address - 0x20, region())));
    write("ram.core", writeCore([0x2000_0000, new Uint8Array(64)], [address - 0x20, region()]));
  });

  it.each(["ihex", "srec", "elf"])("is read with nothing but the heap's address: %s", async (format) => {
    const file = { ihex: "ram.hex", srec: "ram.srec", elf: "ram.core" }[format] ?? "";
    const { code, out, err } = await inspect(`${file} --address 0x10000020`);
    expect(err).toBe("");
    expect(out.split("\n")[0]).toBe(
      `app_heap in ${file}: segregated-fit, 1,024 B, at 0x10000020 on the target`,
    );
    expect(out).toMatch(/no damage\.\n$/);
    expect(code).toBe(0);
    const report = JSON.parse((await inspect(`${file} --address 0x10000020 --json`)).out) as { heap: object };
    expect(report.heap).toMatchObject({ format, address });
    expect(report.heap).not.toHaveProperty("fileOffset");
  });

  it("needs no address where it is the heap and nothing else", async () => {
    write("heap.hex", Buffer.from(writeIntelHex(address, memory)));
    const { code, out } = await inspect("heap.hex");
    expect(out.split("\n")[0]).toBe(
      "app_heap in heap.hex: segregated-fit, 1,024 B, at 0x10000020 on the target",
    );
    expect(code).toBe(0);
  });

  it("is raw bytes where --from says so", async () => {
    const heap = await inspect("ram.hex --from raw --offset 0");
    expect(heap.code).toBe(1);
    expect(heap.out).toContain("DAMAGED");
  });

  const refusals: Readonly<Record<string, string>> = {
    "ram.hex":
      "ram.hex: is Intel HEX of 0x10000000 to 0x100007ff: say where the 1024 bytes of the heap begin (--address or --elf)",
    "ram.core":
      "ram.core: is ELF of 0x10000000 to 0x100007ff, 0x20000000 to 0x2000003f: say where the 1024 bytes of the heap begin (--address or --elf)",
    "ram.srec --address 0x10000600":
      "ram.srec: lacks 512 of the 1024 bytes of the heap at 0x10000600: 0x10000800 to 0x100009ff (it has 0x10000000 to 0x100007ff)",
    "cut.hex --address 0x10000020":
      "cut.hex: lacks 800 of the 1024 bytes of the heap at 0x10000020: 0x10000100 to 0x1000041f (it has 0x10000000 to 0x100000ff, and breaks off: no record ends it)",
    "ram.hex --base 0x10000000 --address 0x10000020":
      "ram.hex: is Intel HEX, which tells addresses: leave out --base (raw bytes that begin like it: --from raw)",
    "ram.core --offset 4":
      "ram.core: is ELF, which tells addresses: leave out --offset (raw bytes that begin like it: --from raw)",
    "bad.hex --address 0x10000020":
      "bad.hex:3: found the checksum 0x00 (allowed: 0x90, that of its other bytes)",
    "heap.bin --from ihx": 'found --from ihx; did you mean "ihex"? (allowed: ihex, srec, elf, raw)',
    "heap.bin --from srec":
      'heap.bin:1: found "\\u0000\\u0000" at the start (allowed: S0 to S3 and S5 to S9)',
    "heap.bin --from elf": "heap.bin: malformed ELF file: it does not begin with the ELF signature",
  };
  it.each(Object.entries(refusals))("%s", async (line, message) => {
    const lines = writeIntelHex(address - 0x20, region()).split("\r\n");
    write("cut.hex", Buffer.from(lines.slice(0, 17).join("\r\n")));
    write(
      "bad.hex",
      Buffer.from(lines.map((text, at) => (at === 2 ? text.replace(/..$/, "00") : text)).join("\n")),
    );
    const { code, out, err } = await inspect(line);
    expect(err).toBe(`alloc-gen: ${message}\n`);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe.each(["segregated-fit", "sequential-fit"])("%s in as much memory as there is", (kind) => {
  const sized = {
    name: "rest",
    target: "cortex-m4",
    heap: { size: { upTo: "2KiB" }, placement: "linker" },
    policy: { kind },
  };
  const dump = () => {
    writeFileSync(join(folder, "rest.json"), JSON.stringify(sized));
    const plan = planWithin(pipeline.prepare(join(folder, "rest.json"), {}).plan, 1003);
    const heap = plan.rules.reference(plan);
    const payloads = [40, 100, 200].map((size) => heap.malloc(size, 0).payload);
    heap.free(payloads[1] ?? -1);
    return { plan, bytes: metadataImage(plan, heap).bytes };
  };

  it("reads a smaller heap than the largest", async () => {
    write("rest.bin", dump().bytes);
    const { code, out, err } = await inspect("rest.bin --config rest.json");
    expect(err).toBe("");
    expect(out).toMatch(/no damage\.\n$/);
    expect(code).toBe(0);
    write("rest.hex", Buffer.from(writeIntelHex(0x2000_0000, dump().bytes)));
    const addressed = await inspect("rest.hex --config rest.json --address 0x20000000");
    expect(addressed).toMatchObject({ err: "", code: 0 });
    write("rest.bin", new Uint8Array(20));
    expect((await inspect("rest.bin --config rest.json")).err).toContain("the dump has 20 bytes");
  });

  it("sees an end that cannot be", async () => {
    const { plan, bytes } = dump();
    const end = plan.control.find(({ name }) => name === "end");
    bytes[(end?.offset ?? 0) + 1] = 0xff;
    write("rest.bin", bytes);
    const { code, out } = await inspect("rest.bin --config rest.json");
    expect(code).toBe(1);
    expect(out).toContain("end of the blocks: found 65");
  });
});

describe("a config of several heaps", () => {
  const several = `{
  "target": "cortex-m4",
  "policy": { "kind": "segregated-fit" },
  "heaps": [
    { "name": "fast_heap", "heap": { "size": 1024 }, "header": { "fields": { "tag": { "bits": 4 } } } },
    { "name": "bulk_heap", "heap": { "size": 2048 }, "policy": { "kind": "sequential-fit" } }
  ]
}`;
  beforeEach(() => {
    writeFileSync(join(folder, "heaps.json"), several);
    for (const heap of ["fast_heap", "bulk_heap"]) {
      const { plan } = pipeline.prepare(join(folder, "heaps.json"), { heap });
      const reference = plan.rules.reference(plan);
      for (const size of [40, 100, 200]) reference.malloc(size, 3);
      write(`${heap}.bin`, metadataImage(plan, reference).bytes);
    }
  });

  it.each([
    ["fast_heap", "fast_heap in fast_heap.bin: segregated-fit, 1,024 B"],
    ["bulk_heap", "bulk_heap in bulk_heap.bin: sequential-fit, 2,048 B"],
  ])("reads the one that is named: %s", async (heap, title) => {
    const { code, out, err } = await inspect(`${heap}.bin --config heaps.json --heap ${heap}`);
    expect(err).toBe("");
    expect(out.split("\n")[0]).toBe(title);
    expect(out).toMatch(/no damage\.\n$/);
    expect(code).toBe(0);
  });

  it("finds damage where the dump is of another heap of as many bytes", async () => {
    const other = new Uint8Array(1024).fill(0x55);
    write("other.bin", other);
    expect((await inspect("other.bin --config heaps.json --heap fast_heap")).code).toBe(1);
  });

  it.each([
    [
      "fast_heap.bin",
      'heaps.json: the config describes several heaps: name one with --heap ("fast_heap", "bulk_heap")',
    ],
    [
      "fast_heap.bin --heap fast_hep",
      '--heap: the config has no heap "fast_hep"; did you mean "fast_heap"? (allowed: "fast_heap", "bulk_heap")',
    ],
    [
      "fast_heap.bin --heap bulk_heap",
      "fast_heap.bin: the dump has 1024 bytes, the heap 2048: say where the heap begins (--offset, or --base with --address or --elf)",
    ],
  ])("%s", async (line, message) => {
    const { code, out, err } = await inspect(`${line} --config heaps.json`);
    expect(err.replace(`${folder}/`, "")).toBe(`alloc-gen: ${message}\n`);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe("a dump that does not hold the heap", () => {
  const refusals: Readonly<Record<string, string>> = {
    "": 'name a dump of the heap (see "alloc-gen --help")',
    "missing.bin": "no such file: missing.bin",
    "short.bin":
      "short.bin: the dump has 1000 bytes, the heap 1024: say where the heap begins (--offset, or --base with --address or --elf)",
    "heap.bin --offset 1": "heap.bin: the dump has bytes 0 to 1024, the heap would be bytes 1 to 1025",
    "heap.bin --base 16 --address 8":
      "heap.bin: the dump has bytes 0 to 1024, the heap would be bytes -8 to 1016",
    "heap.bin --base 16": '--base needs the heap\'s address: --address or --elf (see "alloc-gen --help")',
    "heap.bin --base 16 --offset 8":
      '--offset and --base both give the start of the heap (see "alloc-gen --help")',
    "heap.bin --offset x": '--offset x (allowed: 0 to 0xffffffff) (see "alloc-gen --help")',
    "heap.bin --elf heap.bin": "heap.bin: malformed ELF file: it does not begin with the ELF signature",
    "heap.bin --elf heap.bin --address 0":
      '--address and --elf both give the heap address (see "alloc-gen --help")',
    "heap.bin --config no.json": "no such file: no.json",
  };
  it.each(Object.entries(refusals))("%s", async (line, message) => {
    write("short.bin", memory.subarray(0, 1000));
    const { code, out, err } = await inspect(line);
    expect(err).toBe(`alloc-gen: ${message}\n`);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
