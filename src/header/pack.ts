/** Packs the header's fields into the fewest bytes. */
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { bytes, roundUp, type UnitBytes } from "../units.js";
import { choiceOf, type HeaderConfig } from "./config.js";
import { fieldSets } from "./field-sets.js";
import type { FieldPlacement, HeaderField } from "./field.js";
import { size as sizeField } from "./fields/size.js";
import type { HeaderLayout, LinkLayout, StorageUnit } from "./layout.js";
import { linkBytesFor, linkUnitBytes } from "./link-width.js";
import type { HeaderNeeds, HeaderlessNeeds } from "./needs.js";
import { partitions } from "./partitions.js";
import { narrowFields, widthOf } from "./widths.js";

interface Field {
  readonly field: HeaderField;
  readonly bits: number;
  readonly value?: number;
}

interface Candidate {
  readonly fields: readonly HeaderField[];
  readonly units: readonly StorageUnit[];
  readonly headerBytes: number;
  readonly footerBytes: 0 | 2 | 4;
  /** Compared in order, smaller is better. */
  readonly cost: readonly number[];
}

/** The smallest storage unit that holds `bits`, or undefined above 32. */
function unitBytesFor(bits: number): UnitBytes | undefined {
  if (bits <= 8) return 1;
  if (bits <= 16) return 2;
  return bits <= 32 ? 4 : undefined;
}

/** Fields from the lowest bit up. A unit that holds a size alone keeps it where it reads as bytes, if it can. */
function placeFields(fields: readonly Field[], granuleBits: number): readonly FieldPlacement[] {
  const [only] = fields;
  if (fields.length === 1 && only?.field.holds === "granules") {
    const bytesForm = unitBytesFor(only.bits + granuleBits) === unitBytesFor(only.bits);
    return [{ ...only, shift: bytesForm ? granuleBits : 0 }];
  }
  let shift = 0;
  return fields.map((field) => {
    const placement = { ...field, shift };
    shift += field.bits;
    return placement;
  });
}

function candidate(
  present: readonly HeaderField[],
  main: readonly FieldPlacement[],
  groups: readonly (readonly Field[])[],
  needs: HeaderNeeds,
  linkBytes: number,
  granuleBits: number,
  leftOut: number,
): Candidate | undefined {
  const top = Math.max(...main.map((field) => field.shift + field.bits));
  const [shared = [], ...others] = groups;
  const members = [
    [...main, ...placeFields(shared, 0).map((field) => ({ ...field, shift: field.shift + top }))],
    ...others.map((group) => placeFields(group, granuleBits)),
  ];
  const units: Omit<StorageUnit, "offset">[] = [];
  for (const fields of members) {
    const unitBytes = unitBytesFor(Math.max(...fields.map((field) => field.shift + field.bits)));
    if (unitBytes === undefined) return undefined;
    units.push({ name: unitName(fields), bytes: unitBytes, fields });
  }
  const size = main.find(({ field }) => field === sizeField);
  const sizeTop = size === undefined ? 0 : size.shift + size.bits;
  const footerBytes = needs.boundaryTag === "footer" ? (sizeTop <= 16 ? 2 : 4) : 0;
  const widest = Math.max(
    ...units.map((unit) => unit.bytes),
    // Behind boundary tags a list's links are never looked for behind a header that stands in the control data.
    needs.links.place === "intrusive" && needs.boundaryTag === "none" ? linkBytes : 1,
    footerBytes,
  );
  const ordered = units
    .map((unit, index) => ({ unit, index }))
    .sort((a, b) => b.unit.bytes - a.unit.bytes || a.index - b.index);
  let at = 0;
  const placed = ordered.map(({ unit }) => {
    const result: StorageUnit = { ...unit, offset: at };
    at += unit.bytes;
    return result;
  });
  const headerBytes = roundUp(at, widest);
  const sharers = shared.length + others.reduce((sum, group) => sum + group.length - 1, 0);
  const bytesForm = size?.shift === granuleBits ? 0 : 1;
  return {
    fields: present,
    units: placed,
    headerBytes,
    footerBytes,
    cost: [headerBytes, leftOut, sharers, bytesForm, units.length],
  };
}

function unitName(fields: readonly FieldPlacement[]): string {
  if (fields.some(({ field }) => field === sizeField)) return "header";
  return fields
    .map(({ field }) => field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .join("_");
}

function compareCosts(left: Candidate, right: Candidate): number {
  for (const [index, cost] of left.cost.entries()) {
    const difference = cost - (right.cost[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The header of a heap of `heapBytes` at `granuleBytes`, or why there is none. Fields stand in naturally aligned
 * units, the widest first; the header's end is the payload's start, so its size is a multiple of its widest member.
 * @param lineBytes what the header's size must be a multiple of besides
 */
export function layOutHeader(
  config: HeaderConfig,
  needs: HeaderNeeds,
  heapBytes: number,
  granuleBytes: number,
  lineBytes = 1,
): { readonly layout: HeaderLayout } | { readonly diagnostics: readonly Diagnostic[] } {
  const granuleBits = Math.log2(granuleBytes);
  const sizes = { heapBytes, granuleBytes };
  const sets = fieldSets(config, needs);
  const diagnostics: Diagnostic[] = [...narrowFields(config, sets.at(-1) ?? [], sizes)];
  const mostUnitBytes =
    needs.links.place === "intrusive" ? (needs.links.mostUnitBytes ?? granuleBytes) : granuleBytes;
  const addresses = needs.links.place === "intrusive" && needs.links.addresses === true;
  const linkBytes = addresses
    ? 4
    : linkBytesFor(config, heapBytes, Math.min(granuleBytes, mostUnitBytes), diagnostics);

  const unit = choiceOf(config, sizeField)?.unit ?? "auto";
  const sizeBits = widthOf(config, sizeField, sizes);
  const candidates = sets.flatMap((fields, leftOut) => {
    const flags = flagsOf(fields);
    const extras = fields
      .filter((field) => field !== sizeField && field.holds !== "flag")
      .map((field) => extraOf(config, field, widthOf(config, field, sizes)));
    // A size in bytes has the flags below it.
    const inBytes = flags.length <= granuleBits ? [granuleBits] : [];
    const shifts =
      unit === "granules" ? [flags.length] : unit === "bytes" ? inBytes : [...inBytes, flags.length];
    return shifts.flatMap((shift) => {
      const main = [...flags, { field: sizeField, shift, bits: sizeBits }];
      return [...partitions(extras)].map((groups) =>
        candidate(fields, main, groups, needs, linkBytes, granuleBits, leftOut),
      );
    });
  });
  const [best] = candidates.filter((found) => found !== undefined).sort(compareCosts);
  if (best === undefined) {
    diagnostics.push(whyNone(flagsOf(sets.at(-1) ?? []).length, unit === "bytes", sizeBits, granuleBytes));
  }
  if (best === undefined || diagnostics.length > 0) return { diagnostics };

  // What is behind the fields is unused: no payload lies on a line with a header.
  const headerBytes = roundUp(best.headerBytes, lineBytes);
  return {
    layout: {
      bytes: bytes(headerBytes),
      fields: best.fields,
      units: best.units,
      boundaryTag: needs.boundaryTag,
      footerBytes: best.footerBytes,
      links: layOutLinks(needs, linkBytes, linkUnitBytes(linkBytes, heapBytes), headerBytes),
    },
  };
}

/** The one-bit fields, from the lowest bit up. */
const flagsOf = (fields: readonly HeaderField[]): readonly FieldPlacement[] =>
  fields
    .filter(({ holds }) => holds === "flag")
    .map((field, shift): FieldPlacement => ({ field, shift, bits: 1 }));

function extraOf(config: HeaderConfig, field: HeaderField, bits: number): Field {
  const value = field.constant?.(bits, choiceOf(config, field)?.value);
  return { field, bits, ...(value === undefined ? {} : { value }) };
}

/** Why size and flags have no place in a unit. */
function whyNone(flags: number, sizeInBytes: boolean, sizeBits: number, granuleBytes: number): Diagnostic {
  const granuleBits = Math.log2(granuleBytes);
  const path = ["header", "fields", sizeField.name];
  if (sizeInBytes && flags > granuleBits) {
    const reason = `the ${granuleBits} bits below a granule of ${granuleBytes} bytes do not hold ${flags} flags`;
    return diagnose("header-refused", { what: 'unit "bytes"', reason }, { path: [...path, "unit"] });
  }
  const bits = sizeBits + (sizeInBytes ? granuleBits : flags);
  return diagnose("header-too-wide", { bits }, { path });
}

function layOutLinks(
  { links }: HeaderNeeds,
  linkBytes: 2 | 4,
  unitBytes: number,
  headerBytes: number,
): LinkLayout {
  if (links.place === "slots") return { place: "slots", count: links.count, bytes: linkBytes, unitBytes };
  return {
    place: "intrusive",
    form: links.form,
    bytes: linkBytes,
    unitBytes,
    ...(links.addresses === true ? { addresses: true } : {}),
    nextOffset: headerBytes,
    previousOffset: headerBytes + linkBytes,
  };
}

/** The layout of a heap whose blocks have no header. */
export function layOutWithoutHeader(
  config: HeaderConfig,
  { granuleBytes, linkBefore, linkBytes: fixed }: HeaderlessNeeds,
  heapBytes: number,
): { readonly layout: HeaderLayout } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const linkBytes = fixed ?? linkBytesFor(config, heapBytes, granuleBytes, diagnostics);
  if (diagnostics.length > 0) return { diagnostics };
  return {
    layout: {
      bytes: bytes(linkBefore ? linkBytes : 0),
      fields: [],
      units: [],
      boundaryTag: "none",
      footerBytes: 0,
      links: { place: "own", bytes: linkBytes },
    },
  };
}
