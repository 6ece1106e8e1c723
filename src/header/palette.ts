/** The fields that a header can have. */
import type { HeaderField } from "./field.js";
import { checksum } from "./fields/checksum.js";
import { magic } from "./fields/magic.js";
import { padding } from "./fields/padding.js";
import { prevFree } from "./fields/prev-free.js";
import { prevSize } from "./fields/prev-size.js";
import { quick } from "./fields/quick.js";
import { requested } from "./fields/requested.js";
import { size } from "./fields/size.js";
import { tag } from "./fields/tag.js";
import { used } from "./fields/used.js";

/** Fields by rank: flags stand in this order from the lowest bit up, and of layouts that cost the same the first wins. */
export interface Palette {
  readonly fields: readonly HeaderField[];
  /** Nothing: a config's hash and JSON do not tell of fields that it could have asked for. */
  toJSON(): undefined;
}

export const paletteOf = (fields: readonly HeaderField[]): Palette => ({ fields, toJSON: () => undefined });

export const standardPalette: Palette = paletteOf([
  size,
  used,
  prevFree,
  quick,
  prevSize,
  requested,
  magic,
  tag,
  checksum,
  padding,
]);
