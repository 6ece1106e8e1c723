/** Bytes of a heap that are nobody's: a function that writes there wrote past something else. */
import type { GuestRange } from "../emulators/caller.js";
import { imageRegions, slackOf, type LinkedSegments } from "../emulators/image-regions.js";
import type { Plan } from "../plan/plan.js";
import type { Image } from "../toolchain/image.js";

/** From the first offset on, up to the second. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Between the members of the control data, before the first block, and after the last header. */
export function gapsOf({ control, firstBlock, endOfBlocks, header, heapBytes }: Plan): readonly Gap[] {
  const members = control
    .filter(({ meaning }) => meaning !== "unused")
    .map(({ offset, bytes, count }) => ({ start: offset, end: offset + bytes * count }))
    .toSorted((left, right) => left.start - right.start);
  const blocks = { start: firstBlock, end: endOfBlocks + header.bytes };
  const owned = [...members, blocks, { start: heapBytes, end: heapBytes }];
  return owned.flatMap(({ start }, index) => {
    const end = Math.max(0, ...owned.slice(0, index).map((before) => before.end));
    return start > end ? [{ start: end, end: start }] : [];
  });
}

/** The heap's gaps in the guest, and what of the pages with data belongs to nothing. */
export const bytesOfNobody = (
  plan: Plan,
  image: LinkedSegments & Pick<Image, "heapAddress">,
): readonly GuestRange[] => [
  ...gapsOf(plan).map(({ start, end }) => ({ address: image.heapAddress + start, bytes: end - start })),
  ...imageRegions(image)
    .filter(({ rights }) => rights === "data")
    .flatMap(slackOf)
    .map(({ start, end }) => ({ address: start, bytes: end - start })),
];
