/** Blocks by address and operation as pixels. Blocks never overlap, so that to draw all takes about as long as to draw one picture. */
import type { Colour } from "./theme.js";
import type { Workload } from "./workload.js";

/** What of time and memory is shown: operations and bytes. */
export interface Window {
  readonly left: number;
  readonly right: number;
  readonly low: number;
  readonly high: number;
}

export interface RasterRequest {
  readonly workload: Workload;
  readonly window: Window;
  readonly width: number;
  readonly height: number;
  readonly background: Colour;
  /** Of each block. */
  readonly colours: Uint32Array;
}

/** Colours of blocks as one number. */
export const packColour = ([red, green, blue]: Colour): number => (red << 16) | (green << 8) | blue;

/**
 * Each pixel has of each block's colour what the block has of the pixel: many short lives in one column are as dense as they were.
 */
export function raster({ workload, window, width, height, background, colours }: RasterRequest): ImageData {
  const { from, to, offset, bytes } = workload;
  const sums = new Float32Array(width * height * 4);
  const acrossScale = width / (window.right - window.left);
  const upScale = height / (window.high - window.low);
  for (let block = 0; block < from.length; block++) {
    const begin = from[block] ?? 0;
    if (begin >= window.right) break;
    const end = to[block] ?? 0;
    const start = offset[block] ?? 0;
    const size = bytes[block] ?? 0;
    if (end <= window.left || start >= window.high || start + size <= window.low) continue;
    const left = Math.max(0, (begin - window.left) * acrossScale);
    const right = Math.min(width, (end - window.left) * acrossScale);
    // Addresses grow upwards.
    const top = Math.max(0, (window.high - start - size) * upScale);
    const bottom = Math.min(height, (window.high - start) * upScale);
    fill(sums, width, { left, right, top, bottom }, colours[block] ?? 0);
  }
  return blended(sums, width, height, background);
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function fill(sums: Float32Array, width: number, { left, right, top, bottom }: Box, colour: number): void {
  const red = (colour >> 16) & 255;
  const green = (colour >> 8) & 255;
  const blue = colour & 255;
  const lastRow = Math.ceil(bottom);
  const lastColumn = Math.ceil(right);
  for (let row = Math.floor(top); row < lastRow; row++) {
    const tall = Math.min(row + 1, bottom) - Math.max(row, top);
    for (let column = Math.floor(left); column < lastColumn; column++) {
      const share = tall * (Math.min(column + 1, right) - Math.max(column, left));
      const at = 4 * (row * width + column);
      sums[at] = (sums[at] ?? 0) + share * red;
      sums[at + 1] = (sums[at + 1] ?? 0) + share * green;
      sums[at + 2] = (sums[at + 2] ?? 0) + share * blue;
      sums[at + 3] = (sums[at + 3] ?? 0) + share;
    }
  }
}

function blended(sums: Float32Array, width: number, height: number, [red, green, blue]: Colour): ImageData {
  const image = new ImageData(width, height);
  const { data } = image;
  for (let at = 0; at < sums.length; at += 4) {
    const rest = Math.max(0, 1 - (sums[at + 3] ?? 0));
    data[at] = (sums[at] ?? 0) + rest * red;
    data[at + 1] = (sums[at + 1] ?? 0) + rest * green;
    data[at + 2] = (sums[at + 2] ?? 0) + rest * blue;
    data[at + 3] = 255;
  }
  return image;
}
