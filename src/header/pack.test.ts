import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../diagnostics.js";
import type { HeaderConfig } from "./config.js";
import { magic } from "./fields/magic.js";
import { fieldOf, freeBlockBytes, type HeaderLayout } from "./layout.js";
import { usedFlag, type HeaderNeeds } from "./needs.js";
import { layOutHeader } from "./pack.js";
import { standardPalette } from "./palette.js";

type Fields = Partial<HeaderConfig["fields"]>;

function configOf(fields: Fields = {}, width: "auto" | 16 | 32 = "auto"): HeaderConfig {
  return {
    palette: standardPalette,
    boundaryTag: "auto",
    links: { place: "intrusive", width, form: "auto", slots: 0 },
    fields: { size: { unit: "auto" }, ...fields },
  };
}

const plain: HeaderNeeds = {
  boundaryTag: "none",
  fields: [],
  links: { place: "intrusive", form: "single" },
};
const footer: HeaderNeeds = {
  boundaryTag: "footer",
  fields: [usedFlag()],
  links: { place: "intrusive", form: "double" },
};
const prevSize: HeaderNeeds = { ...footer, boundaryTag: "prevSize" };

const KiB = 1024;

function layout(config: HeaderConfig, needs: HeaderNeeds, heapBytes: number, granule = 8): HeaderLayout {
  const result = layOutHeader(config, needs, heapBytes, granule);
  if ("diagnostics" in result) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  return result.layout;
}

/** "header@0/2 used:0+1 size:3+12": name, offset and bytes of each unit, then shift and width of its fields. */
const show = ({ units }: HeaderLayout): readonly string[] =>
  units.map(({ name, offset, bytes, fields }) =>
    [
      `${name}@${offset}/${bytes}`,
      ...fields.map((field) => `${field.field.name}:${field.shift}+${field.bits}`),
    ].join(" "),
  );

describe("the packed default", () => {
  test("32 KiB at 8 bytes: 2 bytes, the size reads as bytes", () => {
    expect(show(layout(configOf(), plain, 32 * KiB))).toEqual(["header@0/2 size:3+12"]);
    expect(show(layout(configOf(), footer, 32 * KiB))).toEqual([
      "header@0/2 used:0+1 prevFree:1+1 size:3+12",
    ]);
  });

  test("128 KiB at 8 bytes is the most that 2 bytes with both flags and a footer hold", () => {
    const most = layout(configOf(), footer, 128 * KiB);
    expect(show(most)).toEqual(["header@0/2 used:0+1 prevFree:1+1 size:2+14"]);
    expect(most).toMatchObject({ bytes: 2, footerBytes: 2, boundaryTag: "footer" });
    const more = layout(configOf(), footer, 128 * KiB + 8);
    expect(show(more)).toEqual(["header@0/4 used:0+1 prevFree:1+1 size:3+15"]);
    expect(more).toMatchObject({ bytes: 4, footerBytes: 4 });
  });

  test("512 KiB at 8 bytes is the most that 2 bytes without flags hold", () => {
    expect(layout(configOf(), plain, 512 * KiB).bytes).toBe(2);
    expect(layout(configOf(), plain, 512 * KiB + 8).bytes).toBe(4);
  });

  test("a previous size stands in a unit of its own, where it reads as bytes", () => {
    expect(show(layout(configOf(), prevSize, 32 * KiB))).toEqual([
      "header@0/2 used:0+1 size:3+12",
      "prev_size@2/2 prevSize:3+12",
    ]);
  });

  test("1 MiB at 4 bytes: sizes of 18 bits, 4-byte links", () => {
    const large = layout(configOf(), footer, 1024 * KiB, 4);
    expect(show(large)).toEqual(["header@0/4 used:0+1 prevFree:1+1 size:2+18"]);
    expect(large.links).toEqual({
      place: "intrusive",
      form: "double",
      bytes: 4,
      unitBytes: 1,
      nextOffset: 4,
      previousOffset: 8,
    });
  });

  test("a side table needs no room in the block", () => {
    const slots = layout(configOf(), { ...plain, links: { place: "slots", count: 7 } }, 4 * KiB);
    expect(slots).toMatchObject({ bytes: 2, links: { place: "slots", count: 7, bytes: 2 } });
    expect(freeBlockBytes(slots)).toBe(0);
  });
});

describe("further fields", () => {
  test("magic, tag and requested are packed behind the size, the widest first", () => {
    const fields = { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} };
    const packed = layout(configOf(fields), footer, 32 * KiB);
    expect(show(packed)).toEqual([
      "header@0/2 used:0+1 prevFree:1+1 size:3+12",
      "requested@2/2 requested:0+15",
      "tag@4/1 tag:0+4",
      "magic@5/1 magic:0+8",
    ]);
    expect(packed.bytes).toBe(6);
    expect(fieldOf(packed, magic).placement.value).toBe(0xa5);
  });

  test("a field that fits beside the size costs nothing", () => {
    const packed = layout(configOf({ tag: { bits: 4 } }), plain, 32 * KiB);
    expect(show(packed)).toEqual(["header@0/2 size:0+12 tag:12+4"]);
  });

  test("what does not fit costs a unit, and the header stays a multiple of its widest member", () => {
    const packed = layout(configOf({ tag: { bits: 8 } }), footer, 4 * KiB);
    expect(show(packed)).toEqual(["header@0/2 used:0+1 prevFree:1+1 size:3+9", "tag@2/1 tag:0+8"]);
    expect(packed.bytes).toBe(4);
  });

  test("free may be asked for where the policy does not need it", () => {
    expect(show(layout(configOf({ free: true }), plain, 32 * KiB))).toEqual([
      "header@0/2 used:0+1 size:3+12",
    ]);
  });

  test("pinned wider fields are as wide as they are pinned", () => {
    const fields: Fields = { size: { bits: 20, unit: "granules" }, requested: { bits: 32 } };
    expect(show(layout(configOf(fields), plain, 4 * KiB))).toEqual([
      "header@0/4 size:0+20",
      "requested@4/4 requested:0+32",
    ]);
    const inBytes: Fields = { size: { bits: 32, unit: "bytes" } };
    expect(show(layout(configOf(inBytes), footer, 4 * KiB))).toEqual([
      "header@0/4 used:0+1 prevFree:1+1 size:3+29",
    ]);
  });
});

test("free blocks hold links and an aligned footer", () => {
  expect(freeBlockBytes(layout(configOf(), plain, 32 * KiB))).toBe(2);
  expect(freeBlockBytes(layout(configOf(), footer, 32 * KiB))).toBe(6);
  expect(freeBlockBytes(layout(configOf({}, 32), footer, 32 * KiB))).toBe(10);
  expect(freeBlockBytes(layout(configOf(), footer, 256 * KiB))).toBe(8);
});

describe("is refused", () => {
  const refusals = (config: HeaderConfig, needs: HeaderNeeds, heapBytes: number, granule = 8) => {
    const result = layOutHeader(config, needs, heapBytes, granule);
    return "diagnostics" in result ? result.diagnostics.map(formatDiagnostic) : [];
  };

  test("field-too-narrow, every field at once", () => {
    const fields: Fields = {
      size: { bits: 12, unit: "granules" },
      prevSize: { bits: 4 },
      requested: { bits: 15 },
    };
    expect(refusals(configOf(fields), prevSize, 64 * KiB)).toEqual([
      "header.fields.size.bits: size needs 13 bits at 8-byte granules, the field has 12",
      "header.fields.prevSize.bits: prevSize needs 13 bits at 8-byte granules, the field has 4",
      "header.fields.requested.bits: requested needs 16 bits in bytes, the field has 15",
    ]);
    expect(refusals(configOf({ size: { bits: 15, unit: "bytes" } }), plain, 64 * KiB)).toEqual([
      "header.fields.size.bits: size needs 16 bits in bytes, the field has 15",
    ]);
  });

  test("link-too-narrow", () => {
    expect(refusals(configOf({}, 16), plain, 1024 * KiB)).toEqual([
      'header.links.width: a 16-bit link reaches 524288 bytes here, the heap has 1048576 (allowed: 32, "auto")',
    ]);
    expect(refusals(configOf({}, 16), plain, 512 * KiB)).toEqual([]);
  });

  test("header-too-wide", () => {
    expect(refusals(configOf({ size: { bits: 32, unit: "granules" } }), footer, 64 * KiB)).toEqual([
      "header.fields.size: the size field and the flags need 34 bits, a storage unit has at most 32",
    ]);
    expect(refusals(configOf({ size: { bits: 32, unit: "granules" } }), plain, 64 * KiB)).toEqual([]);
  });
});

test("whatever the fields, they do not overlap, they fit, and every unit is aligned", () => {
  const bits = fc.integer({ min: 1, max: 32 });
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const given = fc.record({
    granule: fc.constantFrom(4, 8, 16, 32),
    granules: fc.integer({ min: 16, max: 32768 }),
    needs: fc.constantFrom(plain, footer, prevSize),
    unit: fc.constantFrom("auto" as const, "granules" as const, "bytes" as const),
    tag: optional(bits),
    padding: optional(bits),
    magic: optional(bits),
    requested: fc.boolean(),
    width: fc.constantFrom("auto" as const, 16 as const, 32 as const),
  });
  fc.assert(
    fc.property(given, ({ granule, granules, needs, unit, tag, padding, magic, requested, width }) => {
      const fields: Fields = {
        size: { unit },
        ...(tag === undefined ? {} : { tag: { bits: tag } }),
        ...(padding === undefined ? {} : { padding: { bits: padding } }),
        ...(magic === undefined ? {} : { magic: { bits: magic, value: 1 } }),
        ...(requested ? { requested: {} } : {}),
      };
      const found = layout(configOf(fields, width), needs, granule * granules, granule);
      let end = 0;
      for (const { offset, bytes, fields: placed } of found.units) {
        expect(offset % bytes).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(end);
        end = offset + bytes;
        let top = 0;
        for (const field of placed.toSorted((left, right) => left.shift - right.shift)) {
          expect(field.shift).toBeGreaterThanOrEqual(top);
          top = field.shift + field.bits;
        }
        expect(top).toBeLessThanOrEqual(8 * bytes);
        expect(found.bytes % bytes).toBe(0);
      }
      expect(found.bytes).toBeGreaterThanOrEqual(end);
      const names = found.units.flatMap((each) => each.fields.map((field) => field.field));
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});
