/** Where everything lies in the guest. What is not named here is not mapped, so that touching it faults. */
import type { Image } from "../../build/image.js";
import { roundUp } from "../../units.js";
import { pageBytes } from "./binding.js";

/** A run of pages with one set of rights, and what is copied into it. */
export interface Region {
  readonly address: number;
  readonly bytes: number;
  readonly rights: "data" | "code" | "constants";
  readonly contents: readonly { readonly address: number; readonly data: Uint8Array }[];
  /** Stretches [start, end) of the region that belong to the program; the rest is canary. */
  readonly used: readonly { readonly start: number; readonly end: number }[];
}

/** The driver's own memory stands far above any microcontroller's flash and RAM, in what the core may use as RAM. */
export const driverMemory = {
  control: 0x6000_0000,
  operations: 0x6100_0000,
  results: 0x6800_0000,
  stacks: { init: 0x7000_0000, malloc: 0x7010_0000, free: 0x7020_0000 },
} as const;

/** Most operations the tables have room for. */
export const maximumOperations = (driverMemory.results - driverMemory.operations) / 8;

/** Size of each stack. */
export const stackBytes = 16 * 1024;

/** An access this far below a stack is taken for its overflow. */
export const stackGuardBytes = 512 * 1024;

export type StackName = keyof typeof driverMemory.stacks;

/** The pages of the image's segments. Segments of different rights must not share a page. */
export function imageRegions(image: Image): readonly Region[] {
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

function holdsCode(image: Image, start: number, end: number): boolean {
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
