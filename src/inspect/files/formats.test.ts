import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AllocGenError } from "../../diagnostics.js";
import { dumpFormats } from "./formats.js";
import { readMemory, type MemoryFile } from "./memory-file.js";
import { hexRecord, sRecord, writeCore, writeIntelHex, writeSRecords } from "./writers.fixture.js";

const text = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.join("\n"));

/** As the command reads it: in the format that recognises it. */
function read(bytes: Uint8Array): MemoryFile & { readonly format: string | undefined } {
  const format = dumpFormats.find(({ recognise }) => recognise(bytes));
  return { format: format?.name, ...(format?.read(bytes, "dump") ?? { pieces: [] }) };
}

function faults(...lines: readonly string[]): readonly string[] {
  try {
    read(text(...lines));
    return [];
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    return error.diagnostics.map(({ file, line, message }) => `${file ?? ""}:${line ?? ""}: ${message}`);
  }
}

const whole = (memory: MemoryFile, from: number, bytes: number): readonly number[] | string => {
  const found = readMemory(memory, { from, to: from + bytes });
  return found.kind === "whole" ? [...found.bytes] : JSON.stringify(found.missing);
};

describe("memory of any address comes back", () => {
  const memory = fc.record({
    address: fc.nat(0x7fff_ffff).map((value) => (2 * value) & ~0xf),
    data: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  });
  it.each([
    ["ihex", (address: number, data: Uint8Array) => text(writeIntelHex(address, data))],
    ["srec", (address: number, data: Uint8Array) => text(writeSRecords(address, data))],
    ["elf", (address: number, data: Uint8Array) => writeCore([address, data])],
  ] as const)("as %s", (name, write) => {
    fc.assert(
      fc.property(memory, ({ address: signed, data }) => {
        const address = Math.min(signed >>> 0, 2 ** 32 - 256);
        const found = read(write(address, data));
        expect(found.format).toBe(name);
        expect(whole(found, address, data.length)).toEqual([...data]);
      }),
    );
  });

  it.each([
    ["ihex", (data: Uint8Array) => text(writeIntelHex(0x2000_0000, data))],
    ["srec", (data: Uint8Array) => text(writeSRecords(0x2000_0000, data))],
  ] as const)("and no change of a character in %s is read as other memory", (_name, write) => {
    const file = write(new Uint8Array(40).map((_, at) => at));
    const before = JSON.stringify(read(file));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, character) => {
        const changed = file.slice();
        changed[at] = character;
        let after: ReturnType<typeof read>;
        try {
          after = read(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(AllocGenError);
          return;
        }
        // The name in S0, the entry in S7, digits in small letters, or raw bytes.
        if (after.format !== undefined) expect(JSON.stringify(after)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});

describe("Intel HEX", () => {
  it("takes addresses of segments, which go on at their start", () => {
    const memory = read(
      text(hexRecord(2, 0, [0x12, 0x34]), hexRecord(0, 0xfffe, [1, 2, 3]), hexRecord(1, 0)),
    );
    expect(whole(memory, 0x12340 + 0xfffe, 2)).toEqual([1, 2]);
    expect(whole(memory, 0x12340, 1)).toEqual([3]);
  });

  it("tells each wrong line with what was found and what is allowed, five at most", () => {
    const sound = hexRecord(0, 0x100, [1, 2, 3]);
    expect(
      faults(
        sound,
        sound.replace(/..$/, "00"),
        sound.slice(0, -1),
        sound.replace("01", "0G"),
        `:04${sound.slice(3)}`,
        sound.slice(1),
      ),
    ).toEqual([
      "dump:2: found the checksum 0x00 (allowed: 0xf6, that of its other bytes)",
      "dump:3: found 15 digits (allowed: an even number, 10 to 522)",
      'dump:4: found "G" as character 5 (allowed: hexadecimal digits)',
      "dump:5: found 3 bytes of data (allowed: 4, as its first byte says)",
      'dump:6: found "0" at the start (allowed: a record, which begins with ":")',
    ]);
    expect(faults(hexRecord(6, 0), hexRecord(4, 0, [1]), hexRecord(1, 0), sound)).toEqual([
      "dump:1: found a record of type 6 (allowed: types 0 to 5)",
      "dump:2: found 1 bytes of data in a record of type 4 (allowed: 2)",
      "dump:4: found a record behind the one that ends the file (allowed: none)",
    ]);
    expect(faults(hexRecord(4, 0, [0xff, 0xff]), hexRecord(0, 0xffff, [1, 2]))).toEqual([
      "dump:2: found 2 bytes from address 0xffffffff on (allowed: addresses up to 0xffffffff)",
    ]);
    expect(faults(...Array.from({ length: 9 }, () => `${sound}0`))).toHaveLength(5);
  });
});

describe("S-records", () => {
  it("have addresses of 16, 24 and 32 bits", () => {
    const memory = read(
      text(sRecord(1, 0x1000, [1]), sRecord(2, 0x123456, [2]), sRecord(3, 0x20000000, [3])),
    );
    for (const [address, value] of [
      [0x1000, 1],
      [0x123456, 2],
      [0x20000000, 3],
    ] as const)
      expect(whole(memory, address, 1)).toEqual([value]);
    expect(memory.ended).toBe(false);
  });

  it("tell each wrong line, and that records are missing", () => {
    const sound = sRecord(3, 0x20000000, [1, 2]);
    expect(
      faults(sound, sound.replace(/..$/, "00"), `S4${sound.slice(2)}`, `${sound}00`, sound.slice(0, 10)),
    ).toEqual([
      "dump:2: found the checksum 0x00 (allowed: 0xd5, that of its other bytes)",
      'dump:3: found "S4" at the start (allowed: S0 to S3 and S5 to S9)',
      "dump:4: found 8 bytes behind the first (allowed: 7, as the first byte says)",
      "dump:5: found 8 digits behind S3 (allowed: an even number, 12 to 512)",
    ]);
    expect(faults(sound, sRecord(5, 2), sRecord(7, 0), sound)).toEqual([
      "dump:2: found 1 records of data before it (allowed: 2, as it says)",
      "dump:4: found a record behind the one that ends the file (allowed: none)",
    ]);
  });
});

describe("addresses that are told twice", () => {
  const record = (...data: number[]) => hexRecord(0, 0x40, data);
  it("are taken once where both agree", () => {
    expect(whole(read(text(record(1, 2), record(1, 2, 3), hexRecord(1, 0))), 0x40, 3)).toEqual([1, 2, 3]);
  });
  it("are a fault where they do not", () => {
    expect(faults(record(1, 2), record(1, 3))).toEqual([
      "dump:: tells the byte at 0x41 twice: found 0x02 in the records from line 1 on and 0x03 in the records from line 2 on (allowed: the same)",
    ]);
  });
});

it("takes memory that only begins like a format for raw bytes", () => {
  const binary = new Uint8Array([...text(hexRecord(0, 0, [1])), 0, 1, 2]);
  expect(read(binary).format).toBeUndefined();
  expect(read(new Uint8Array(64)).format).toBeUndefined();
});

it("names bytes that several segments of a core do not tell", () => {
  const core = read(writeCore([0x2000_0010, new Uint8Array(16)], [0x1000_0000, new Uint8Array(4)]));
  expect(whole(core, 0x2000_0008, 32)).toBe(
    JSON.stringify([
      { from: 0x2000_0008, to: 0x2000_0010 },
      { from: 0x2000_0020, to: 0x2000_0028 },
    ]),
  );
});
