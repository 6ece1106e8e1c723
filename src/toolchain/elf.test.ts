import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AllocGenError } from "../diagnostics.js";
import { parseElf } from "./elf.js";

const sample = makeElf();

/** The smallest program with code, .bss and each kind of symbol, laid out by hand. */
function makeElf(): Uint8Array {
  const text = [0x70, 0x47, 0xc0, 0x46];
  const names = "\0.text\0.bss\0.symtab\0.strtab\0.shstrtab\0";
  const symbolNames = "\0f\0heap\0memset\0$t\0$d.1\0$data\0a.c\0";
  const nameAt = (table: string, name: string): number => table.indexOf(`\0${name}\0`) + 1;
  const half = (value: number): number[] => [value & 0xff, value >>> 8];
  const word = (value: number): number[] => [...half(value & 0xffff), ...half(value >>> 16)];
  const words = (...values: number[]): number[] => values.flatMap(word);
  const characters = (value: string): number[] => [...new TextEncoder().encode(value)];
  const symbol = (name: string, value: number, bytes: number, info: number, section: number): number[] => [
    ...words(name === "" ? 0 : nameAt(symbolNames, name), value, bytes),
    info,
    0,
    ...half(section),
  ];

  const symbols = [
    symbol("", 0, 0, 0, 0),
    symbol("a.c", 0, 0, 0x04, 0xfff1),
    symbol("", 0x1000, 0, 0x03, 1),
    symbol("$t", 0x1000, 0, 0x00, 1),
    symbol("$d.1", 0x1002, 0, 0x00, 1),
    symbol("f", 0x1001, 4, 0x12, 1),
    symbol("$data", 0x1003, 0, 0x00, 1),
    symbol("heap", 0x20000000, 64, 0x01, 2),
    symbol("memset", 0, 0, 0x10, 0),
    // Of a section that is not in memory, as those of debug information.
    symbol("$d.1", 0x1000, 0, 0x00, 3),
  ].flat();
  const segmentsAt = 52;
  const textAt = segmentsAt + 2 * 32;
  const symbolsAt = textAt + text.length;
  const symbolNamesAt = symbolsAt + symbols.length;
  const namesAt = symbolNamesAt + symbolNames.length;
  const sectionsAt = namesAt + names.length;
  const section = (name: string, type: number, flags: number, rest: number[]): number[] =>
    words(name === "" ? 0 : nameAt(names, name), type, flags, ...rest);

  return new Uint8Array([
    ...[0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...[...half(2), ...half(40), ...words(1, 0x1001, segmentsAt, sectionsAt, 0x05000200)],
    ...[52, 32, 2, 40, 6, 5].flatMap(half),
    ...words(1, textAt, 0x1000, 0x1000, 4, 4, 5, 4),
    ...words(1, textAt, 0x20000000, 0x20000000, 0, 64, 6, 8),
    ...text,
    ...symbols,
    ...characters(symbolNames),
    ...characters(names),
    ...section("", 0, 0, [0, 0, 0, 0, 0, 0, 0]),
    ...section(".text", 1, 6, [0x1000, textAt, 4, 0, 0, 4, 0]),
    ...section(".bss", 8, 3, [0x20000000, textAt, 64, 0, 0, 8, 0]),
    ...section(".symtab", 2, 0, [0, symbolsAt, symbols.length, 4, 6, 4, 16]),
    ...section(".strtab", 3, 0, [0, symbolNamesAt, symbolNames.length, 0, 0, 1, 0]),
    ...section(".shstrtab", 3, 0, [0, namesAt, names.length, 0, 0, 1, 0]),
  ]);
}

function messageOf(file: Uint8Array): string {
  try {
    parseElf(file);
  } catch (error) {
    if (error instanceof AllocGenError) {
      expect(error.exitCode).toBe(3);
      return error.message;
    }
    throw error;
  }
  return "parsed";
}

function changed(offset: number, ...bytes: readonly number[]): Uint8Array {
  const copy = sample.slice();
  copy.set(bytes, offset);
  return copy;
}

describe("a linked program", () => {
  const elf = parseElf(sample);

  test("its entry has no Thumb bit", () => {
    expect(elf.executable).toBe(true);
    expect(elf.entry).toBe(0x1000);
  });

  test("sections say where their bytes are and what may be done with them", () => {
    const rows = elf.sections.map(({ name, address, bytes, inFile, allocated, writable, executable }) => [
      name,
      address,
      bytes,
      [inFile, allocated, writable, executable],
    ]);
    expect(rows.slice(0, 3)).toEqual([
      ["", 0, 0, [true, false, false, false]],
      [".text", 0x1000, 4, [true, true, false, true]],
      [".bss", 0x20000000, 64, [false, true, true, false]],
    ]);
    expect([...(elf.sections[1]?.data ?? [])]).toEqual([0x70, 0x47, 0xc0, 0x46]);
    expect(elf.sections[2]?.data).toHaveLength(0);
  });

  test("segments hold the file's bytes and the size in memory", () => {
    expect(elf.segments).toEqual([
      {
        address: 0x1000,
        loadAddress: 0x1000,
        writable: false,
        executable: true,
        data: new Uint8Array([0x70, 0x47, 0xc0, 0x46]),
        memoryBytes: 4,
      },
      {
        address: 0x20000000,
        loadAddress: 0x20000000,
        writable: true,
        executable: false,
        data: new Uint8Array(0),
        memoryBytes: 64,
      },
    ]);
  });

  test("mapping symbols, with a suffix or without", () => {
    expect(elf.mapping).toEqual([
      { address: 0x1000, begins: "code" },
      { address: 0x1002, begins: "data" },
    ]);
  });

  test("symbols: no mapping, section or file symbols, functions without the Thumb bit", () => {
    expect(elf.symbols).toEqual([
      { name: "f", kind: "function", global: true, defined: true, address: 0x1000, bytes: 4 },
      { name: "$data", kind: "other", global: false, defined: true, address: 0x1003, bytes: 0 },
      { name: "heap", kind: "object", global: false, defined: true, address: 0x20000000, bytes: 64 },
      { name: "memset", kind: "other", global: true, defined: false, address: 0, bytes: 0 },
    ]);
  });
});

describe("what is refused, and why", () => {
  test.each([
    ["an empty file", new Uint8Array(0), "it does not begin with the ELF signature"],
    ["text", new TextEncoder().encode("int main(void) {}"), "it does not begin with the ELF signature"],
    ["a header cut short", sample.slice(0, 40), "the header ends at byte 52 of a file of 40"],
    ["64 bits", changed(4, 2), "it is not a 32-bit little-endian file"],
    ["big endian", changed(5, 2), "it is not a 32-bit little-endian file"],
    ["x86-64", changed(18, 62), "it is for machine 62, not for Arm (40) or RISC-V (243)"],
    ["a shared library", changed(16, 3), "its type is 3, neither an object file (1) nor an executable (2)"],
    [
      "short section records",
      changed(46, 8),
      "the table of sections has records of 8 bytes, at least 40 are needed",
    ],
    ["no section of names", changed(50, 99), "the section of names is number 99 of 6"],
  ])("%s", (_, file, what) => {
    expect(messageOf(file)).toBe(`malformed ELF file: ${what}`);
  });

  test("a file that lacks its last byte", () => {
    expect(messageOf(sample.slice(0, -1))).toMatch(
      /^malformed ELF file: the table of sections ends at byte \d+ of/,
    );
  });
});

describe("damage", () => {
  test("a truncated file is always refused", () => {
    fc.assert(
      fc.property(fc.nat({ max: sample.length - 1 }), (length) => {
        expect(messageOf(sample.slice(0, length))).toMatch(/^malformed ELF file: /);
      }),
    );
  });

  test("overwritten bytes give a parse or a diagnostic, never another error", () => {
    const edit = fc.record({ at: fc.nat({ max: sample.length - 1 }), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const file = sample.slice();
        for (const { at, byte } of edits) {
          file[at] = byte;
        }
        expect(messageOf(file)).toMatch(/^(parsed$|malformed ELF file: )/);
      }),
      { numRuns: 3000 },
    );
  });

  test("arbitrary bytes after a good beginning", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const file = new Uint8Array(20 + noise.length);
        file.set(sample.subarray(0, 20));
        file.set(noise, 20);
        expect(messageOf(file)).toMatch(/^(parsed$|malformed ELF file: )/);
      }),
      { numRuns: 1000 },
    );
  });
});

test("a view that does not begin at its buffer's first byte", () => {
  const padded = new Uint8Array(sample.length + 3);
  padded.set(sample, 3);
  expect(parseElf(padded.subarray(3))).toEqual(parseElf(sample));
});
