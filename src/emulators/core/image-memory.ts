/** The image's pages in a core's memory: what they held at first, and which of their bytes nobody may write. */
import type { Image } from "../../toolchain/image.js";
import { imageRegions, makeDirty, paint, setInitialBytes, slackOf } from "../image-regions.js";
import type { Region } from "../image-regions.js";
import { Permission } from "./processor.js";
import type { Processor } from "./processor.js";

/** A region, and what it holds after reset. */
interface MappedRegion {
  readonly address: number;
  readonly writable: boolean;
  readonly live: Uint8Array;
  /** But for the heap, which is dirty. */
  readonly initial: readonly { readonly from: number; readonly bytes: Uint8Array }[];
}

/** Bytes nobody owns. */
interface Slack {
  readonly address: number;
  readonly live: Uint8Array;
}

export class ImageMemory {
  /** The heap's bytes. */
  readonly heap: Uint8Array;
  /** Pages of the data region that the heap is in, [address, address + bytes). */
  readonly heapRegion: { readonly address: number; readonly bytes: number };
  readonly regions: readonly MappedRegion[];
  readonly #slack: readonly Slack[];

  /** Maps the image into the processor. @param shared of another processor, whose memory is this one's too */
  constructor(processor: Processor, image: Image, shared?: ImageMemory) {
    const mapped = imageRegions(image).map((region, index) => ({
      region,
      live: mapRegion(processor, region, shared?.regions[index]?.live),
    }));
    const data = mapped.filter(({ region }) => region.rights === "data");
    this.regions = mapped.map(({ region, live }) => ({
      address: region.address,
      writable: region.rights === "data",
      live,
      initial: region.rights === "data" ? besideHeap(region, live, image) : [],
    }));
    this.#slack = data.flatMap(({ region, live }) => slackBytes(region, live));
    const holder = data.find(({ region }) => contains(region, image.heapAddress, image.heapBytes));
    if (holder === undefined) throw new Error("the heap is in no writable segment of the image");
    this.heapRegion = holder.region;
    const start = image.heapAddress - holder.region.address;
    this.heap = holder.live.subarray(start, start + image.heapBytes);
  }

  /**
   * Initial data, zeros and painted canaries. The heap is dirty: init must make it empty whatever was in it, in
   * memory that no start-up clears or the second time.
   */
  reset(heapFill?: number): void {
    for (const { live, initial } of this.regions)
      for (const { from, bytes } of initial) live.set(bytes, from);
    makeDirty(this.heap, heapFill);
  }

  /** Address of the first byte that changed and belongs to nobody. */
  strayWrite(): number | undefined {
    for (const { address, live } of this.#slack) {
      // No callback a byte: this is asked after every few operations.
      for (let at = 0; at < live.length; at++) if (live[at] !== paint) return address + at;
    }
    return undefined;
  }
}

function mapRegion(processor: Processor, region: Region, shared: Uint8Array | undefined): Uint8Array {
  const rights = {
    data: Permission.read | Permission.write,
    code: Permission.read | Permission.execute,
    constants: Permission.read,
  }[region.rights];
  if (shared !== undefined) return processor.map(region.address, region.bytes, rights, shared);
  const live = processor.map(region.address, region.bytes, rights);
  setInitialBytes(region, live);
  return live;
}

/** Copies of what is in front of the heap and behind it. */
function besideHeap(
  region: Region,
  live: Uint8Array,
  { heapAddress, heapBytes }: Image,
): MappedRegion["initial"] {
  const from = Math.min(Math.max(0, heapAddress - region.address), live.length);
  const to = Math.min(Math.max(0, heapAddress + heapBytes - region.address), live.length);
  return [
    { from: 0, bytes: live.slice(0, from) },
    { from: to, bytes: live.slice(to) },
  ];
}

const contains = (region: Region, address: number, bytes: number): boolean =>
  address >= region.address && address + bytes <= region.address + region.bytes;

function slackBytes(region: Region, live: Uint8Array): readonly Slack[] {
  return slackOf(region).map(({ start, end }) => ({
    address: start,
    live: live.subarray(start - region.address, end - region.address),
  }));
}
