/** The image's memory: runs of pages, what they hold, and the bytes in them that belong to nobody. */
import type { Image } from "../toolchain/image.js";
import { roundUp } from "../units.js";

/** Pages that have rights of their own; the linker script keeps code and data on pages apart. */
export const pageBytes = 4096;

/** What an unused byte of a stack, and a byte that belongs to nobody, holds. */
export const paint = 0xa5;

/** A run of pages with one set of rights, and what is copied into it. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
  readonly rights: "data" | "code" | "constants";
  readonly contents: readonly { readonly address: number; readonly data: Uint8Array }[];
  /** Stretches [start, end) of the region that belong to the program; the rest is canary. */
  readonly used: readonly { readonly start: number; readonly end: number }[];
}

/** What of an image says where its memory is. */
export type LinkedSegments = Pick<Image, "segments" | "code" | "symbols">;

/** The pages of the image's segments. Segments of different rights must not share a page. */
export function imageRegions(image: LinkedSegments): readonly Region[] {
  const parts = image.segments
    .filter((segment) => segment.memoryBytes > 0)
    .map((segment): Region => {
      const start = segment.address - (segment.address % pageBytes);
      const end = segment.address + segment.memoryBytes;
      return {
        address: start,
        bytes: roundUp(end, pageBytes) - start,
        rights: segment.writable ? "data" : holdsCode(image, segment.address, end) ? "code" : "constants",
        contents: [{ address: segment.address, data: segment.data }],
        used: [{ start: segment.address, end }],
      };
    })
    .sort((left, right) => left.address - right.address);
  const merged: Region[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last === undefined || part.address >= last.address + last.bytes) merged.push(part);
    else merged[merged.length - 1] = merge(last, part);
  }
  return merged;
}

function holdsCode(image: LinkedSegments, start: number, end: number): boolean {
  const driver = image.symbols.get("replay_start")?.address ?? -1;
  return (image.code.start < end && image.code.end > start) || (driver >= start && driver < end);
}

function merge(left: Region, right: Region): Region {
  if (left.rights !== right.rights) {
    throw new Error(`segments of different rights share the page at 0x${right.address.toString(16)}`);
  }
  return {
    address: left.address,
    bytes: Math.max(left.bytes, right.address + right.bytes - left.address),
    rights: left.rights,
    contents: [...left.contents, ...right.contents],
    used: [...left.used, ...right.used],
  };
}

/** Stretches of the region that belong to nobody. */
export function slackOf(region: Region): readonly { readonly start: number; readonly end: number }[] {
  const slack: { start: number; end: number }[] = [];
  let at = region.address;
  for (const { start, end } of [...region.used].sort((left, right) => left.start - right.start)) {
    if (start > at) slack.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  const end = region.address + region.bytes;
  if (end > at) slack.push({ start: at, end });
  return slack;
}

let unlike: Uint8Array = new Uint8Array(0);

/**
 * What memory holds that nobody has initialised, where no fill is given: no byte 0, and words beside each other
 * different, so that what init leaves out does not look as if it were written.
 */
export function dirtOf(length: number): Uint8Array {
  if (unlike.length < length) {
    unlike = new Uint8Array(length);
    for (let at = 0; at < length; at++) unlike[at] = Math.imul(at + 1, 0x9e3779b1) >>> 24 || paint;
  }
  return unlike.subarray(0, length);
}

/** Fills memory that nobody has initialised: each byte is `fill`, or where that is left out as `dirtOf` says. */
export function makeDirty(memory: Uint8Array, fill?: number): void {
  if (fill === undefined) memory.set(dirtOf(memory.length));
  else memory.fill(fill);
}

/** What a region holds after reset. */
export function initialBytes(region: Region): Uint8Array {
  const initial = new Uint8Array(region.bytes);
  setInitialBytes(region, initial);
  return initial;
}

/** The same, into memory that is all zeros. */
export function setInitialBytes(region: Region, memory: Uint8Array): void {
  for (const { start, end } of slackOf(region))
    memory.fill(paint, start - region.address, end - region.address);
  for (const { address, data } of region.contents) memory.set(data, address - region.address);
}

/** Address of a label of the image. */
export function labelAddress(image: Image, name: string): number {
  const symbol = image.symbols.get(name);
  if (symbol === undefined) throw new Error(`the image has no symbol ${name}`);
  return symbol.address;
}
