/** The header of a heap, with every bit in its place. */
import { roundUp, type Bytes, type UnitBytes } from "../units.js";
import type { BoundaryTag } from "./boundary-tag.js";
import type { FieldPlacement, HeaderField } from "./field.js";
export type { FieldPlacement } from "./field.js";

/** One naturally aligned 1-, 2- or 4-byte member of the header. */
export interface StorageUnit {
  /** C member name. */
  readonly name: string;
  /** Bytes from the start of the block. */
  readonly offset: number;
  readonly bytes: UnitBytes;
  /** From the lowest bit up. Sizes are in granules; one whose shift is log2 of the granule reads as bytes. */
  readonly fields: readonly FieldPlacement[];
}

/**
 * Where the free list's links are. A link is the offset of a block's payload, in the smallest power of two bytes that
 * lets its bits reach the heap's end; 0 is no block. Slots count from 1.
 */
export type LinkLayout =
  | {
      readonly place: "intrusive";
      readonly form: "single" | "double";
      readonly bytes: 2 | 4;
      /** What a link counts in. At most a granule. */
      readonly unitBytes: number;
      /** A link is the address of a payload, and that of the member `none` of the control data is no block's. */
      readonly addresses?: true;
      /** Bytes from the start of a free block. */
      readonly nextOffset: number;
      /** Bytes from the start of a free block; read when `form` is "double". */
      readonly previousOffset: number;
    }
  | {
      readonly place: "slots";
      readonly count: number;
      readonly bytes: 2 | 4;
      readonly unitBytes: number;
    }
  /** Blocks have no header. The policy keeps the links it needs, if any; they have this width. */
  | { readonly place: "own"; readonly bytes: 2 | 4 };

/** Without a header: no units, no tags, and `links.place` is "own". */
export interface HeaderLayout {
  /** In front of each payload. */
  readonly bytes: Bytes;
  /** In the palette's order. */
  readonly fields: readonly HeaderField[];
  readonly units: readonly StorageUnit[];
  readonly boundaryTag: BoundaryTag;
  /** Width of a free block's footer, which holds the size field as it stands in the header; 0: no footer. */
  readonly footerBytes: 0 | 2 | 4;
  readonly links: LinkLayout;
}

/** A field and the unit it stands in. */
export interface PlacedField {
  readonly unit: StorageUnit;
  readonly placement: FieldPlacement;
}

/** Where a field of the header stands, or undefined when the header has no such field. */
export function findField(header: HeaderLayout, field: HeaderField): PlacedField | undefined {
  for (const unit of header.units) {
    const placement = unit.fields.find((candidate) => candidate.field === field);
    if (placement !== undefined) return { unit, placement };
  }
  return undefined;
}

/** As `findField`, for a field the layout always has. @throws Error where it has not. */
export function fieldOf(header: HeaderLayout, field: HeaderField): PlacedField {
  const found = findField(header, field);
  if (found === undefined) throw new Error(`the header has no field ${field.name}`);
  return found;
}

/** Whether blocks have headers; without them the policy alone knows where blocks are. */
export const hasHeaders = (header: HeaderLayout): boolean => header.links.place !== "own";

/** What links count in, in bytes, where blocks have headers. @throws Error where they have none. */
export function linkUnitOf({ links }: HeaderLayout): number {
  if (links.place === "own") throw new Error("blocks without a header have links of the policy's own");
  return links.unitBytes;
}

/** Bytes a free block needs beside its header: links and footer. */
export function freeBlockBytes(layout: HeaderLayout): number {
  const { links } = layout;
  const linkBytes = links.place === "intrusive" ? links.bytes * (links.form === "double" ? 2 : 1) : 0;
  return roundUp(linkBytes, Math.max(1, layout.footerBytes)) + layout.footerBytes;
}
