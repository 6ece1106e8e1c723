/** Packs the header's fields into the fewest bytes. */
import type { HeaderConfig } from "../config/config.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { bitsFor, bytes, roundUp } from "../units.js";
import { flagChoices } from "./header-flags.js";
import { linkBytesFor, linkUnitBytes } from "./link-width.js";
import type { FieldName, FieldPlacement, HeaderLayout, LinkLayout, StorageUnit } from "./plan.js";
import type { UnitBytes } from "../units.js";

/** Blocks without a header: the policy keeps what it must know of them elsewhere. */
export interface NoHeader {
  readonly headerless: true;
  /** The alignment, or a power of two times it. */
  readonly granuleBytes: number;
  /** Whether one link stands in front of each payload, in use or not. */
  readonly linkInFront: boolean;
}

/** What a policy asks of the header, after the config's own wishes were held against it. */
export interface HeaderNeeds {
  readonly boundaryTag: "none" | "prevSize" | "footer";
  /** Whether every block says if it is free; "if-room": only where that makes no header larger. */
  readonly free: boolean | "if-room";
  /** Whether a block in a quick list says so. */
  readonly quick?: boolean;
  readonly links:
    | { readonly place: "slots"; readonly count: number }
    | {
        readonly place: "intrusive";
        readonly form: "single" | "double";
        /** Most bytes that a link may count in; a granule when left out. */
        readonly mostUnitBytes?: number;
      };
}

interface Field {
  readonly field: FieldName;
  readonly bits: number;
}

interface Candidate {
  readonly units: readonly StorageUnit[];
  readonly headerBytes: number;
  readonly footerBytes: 0 | 2 | 4;
  /** Compared in order, smaller is better. */
  readonly cost: readonly number[];
}

const header = (...rest: string[]) => ({ path: ["header", ...rest] });

/** The smallest storage unit that holds `bits`, or undefined above 32. */
function unitBytesFor(bits: number): UnitBytes | undefined {
  if (bits <= 8) return 1;
  if (bits <= 16) return 2;
  return bits <= 32 ? 4 : undefined;
}

/** All ways to split `items` into groups; group 0 already holds the size field and the flags. */
function* partitions(items: readonly Field[]): Generator<readonly (readonly Field[])[]> {
  const [item, ...rest] = items;
  if (item === undefined) {
    yield [[]];
    return;
  }
  for (const partition of partitions(rest)) {
    for (let index = 0; index < partition.length; index++) {
      yield partition.map((group, at) => (at === index ? [item, ...group] : group));
    }
    yield [...partition, [item]];
  }
}

/** Fields from the lowest bit up. A unit that holds a size alone keeps it where it reads as bytes, if it can. */
function placeFields(fields: readonly Field[], granuleBits: number): readonly FieldPlacement[] {
  const [only] = fields;
  if (fields.length === 1 && only?.field === "prevSize") {
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
  const size = main.find((field) => field.field === "size");
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
    units: placed,
    headerBytes,
    footerBytes,
    cost: [headerBytes, leftOut, sharers, bytesForm, units.length],
  };
}

function unitName(fields: readonly FieldPlacement[]): string {
  if (fields.some((field) => field.field === "size")) return "header";
  return fields
    .map((field) => field.field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
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
 */
export function layOutHeader(
  config: HeaderConfig,
  needs: HeaderNeeds,
  heapBytes: number,
  granuleBytes: number,
): { readonly layout: HeaderLayout } | { readonly diagnostics: readonly Diagnostic[] } {
  const granuleBits = Math.log2(granuleBytes);
  const diagnostics: Diagnostic[] = [];
  const sizeBits = bitsFor(heapBytes / granuleBytes - 1);
  const narrow = (field: string, needed: number, found: number, scale: string) => {
    diagnostics.push(
      diagnose("field-too-narrow", { field, needed, found, scale }, header("fields", field, "bits")),
    );
  };

  const { size, prevSize, requested } = config.fields;
  const sizeInBytes = size.unit === "bytes";
  const stored = (pinned: number | undefined) =>
    pinned === undefined ? undefined : pinned - (sizeInBytes ? granuleBits : 0);
  const pinnedSize = stored(size.bits);
  const scale = `at ${granuleBytes}-byte granules`;
  if (pinnedSize !== undefined && pinnedSize < sizeBits) {
    narrow(
      "size",
      sizeInBytes ? sizeBits + granuleBits : sizeBits,
      size.bits ?? 0,
      sizeInBytes ? "in bytes" : scale,
    );
  }
  if (prevSize?.bits !== undefined && prevSize.bits < sizeBits)
    narrow("prevSize", sizeBits, prevSize.bits, scale);
  const requestBits = bitsFor(heapBytes - 1);
  if (requested?.bits !== undefined && requested.bits < requestBits)
    narrow("requested", requestBits, requested.bits, "in bytes");

  const extras: Field[] = [];
  if (needs.boundaryTag === "prevSize") extras.push({ field: "prevSize", bits: prevSize?.bits ?? sizeBits });
  if (requested !== undefined) extras.push({ field: "requested", bits: requested.bits ?? requestBits });
  if (config.fields.magic !== undefined) extras.push({ field: "magic", bits: config.fields.magic.bits });
  if (config.fields.tag !== undefined) extras.push({ field: "tag", bits: config.fields.tag.bits });
  const { checksum } = config.fields;
  if (checksum !== undefined) extras.push({ field: "checksum", bits: checksum.bits });
  if (config.fields.padding !== undefined)
    extras.push({ field: "padding", bits: config.fields.padding.bits });

  const mostUnitBytes =
    needs.links.place === "intrusive" ? (needs.links.mostUnitBytes ?? granuleBytes) : granuleBytes;
  const linkBytes = linkBytesFor(config, heapBytes, Math.min(granuleBytes, mostUnitBytes), diagnostics);

  const candidates = flagChoices(config, needs).flatMap((flags, leftOut) => {
    // A size in bytes has the flags below it.
    const inBytes = flags.length <= granuleBits ? [granuleBits] : [];
    const shifts =
      size.unit === "granules" ? [flags.length] : sizeInBytes ? inBytes : [...inBytes, flags.length];
    return shifts.flatMap((shift) => {
      const main = [...flags, { field: "size" as const, shift, bits: pinnedSize ?? sizeBits }];
      return [...partitions(extras)].map((groups) =>
        candidate(main, groups, needs, linkBytes, granuleBits, leftOut),
      );
    });
  });
  const [best] = candidates.filter((found) => found !== undefined).sort(compareCosts);
  const flags = flagChoices(config, needs).at(-1) ?? [];
  if (best === undefined && sizeInBytes && flags.length > granuleBits) {
    const reason = `the ${granuleBits} bits below a granule of ${granuleBytes} bytes do not hold ${flags.length} flags`;
    diagnostics.push(
      diagnose("header-refused", { what: 'unit "bytes"', reason }, header("fields", "size", "unit")),
    );
  } else if (best === undefined) {
    const bits = (pinnedSize ?? sizeBits) + (sizeInBytes ? granuleBits : flags.length);
    diagnostics.push(diagnose("header-too-wide", { bits }, header("fields", "size")));
  }
  if (best === undefined || diagnostics.length > 0) return { diagnostics };

  const unitBytes = linkUnitBytes(linkBytes, heapBytes);
  const links: LinkLayout =
    needs.links.place === "slots"
      ? { place: "slots", count: needs.links.count, bytes: linkBytes, unitBytes }
      : {
          place: "intrusive",
          form: needs.links.form,
          bytes: linkBytes,
          unitBytes,
          nextOffset: best.headerBytes,
          previousOffset: best.headerBytes + linkBytes,
        };
  return {
    layout: {
      bytes: bytes(best.headerBytes),
      units: best.units,
      boundaryTag: needs.boundaryTag,
      footerBytes: best.footerBytes,
      links,
      magic: config.fields.magic?.value ?? 0,
      ...(checksum === undefined
        ? {}
        : { checksum: { bits: checksum.bits, ofZeros: 0xa5a5 % 2 ** checksum.bits } }),
    },
  };
}

/** The layout of a heap whose blocks have no header. */
export function layOutWithoutHeader(
  config: HeaderConfig,
  { granuleBytes, linkInFront }: NoHeader,
  heapBytes: number,
): { readonly layout: HeaderLayout } | { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const linkBytes = linkBytesFor(config, heapBytes, granuleBytes, diagnostics);
  if (diagnostics.length > 0) return { diagnostics };
  return {
    layout: {
      bytes: bytes(linkInFront ? linkBytes : 0),
      units: [],
      boundaryTag: "none",
      footerBytes: 0,
      links: { place: "own", bytes: linkBytes },
      magic: 0,
    },
  };
}

/** Bytes a free block needs beside its header: links and footer. */
export function freeBlockBytes(layout: HeaderLayout): number {
  const { links } = layout;
  const linkBytes = links.place === "intrusive" ? links.bytes * (links.form === "double" ? 2 : 1) : 0;
  return roundUp(linkBytes, Math.max(1, layout.footerBytes)) + layout.footerBytes;
}
