/** How wide the fields of a header are. */
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { bitsFor } from "../units.js";
import { choiceOf, type HeaderConfig } from "./config.js";
import type { HeaderField } from "./field.js";
import { size } from "./fields/size.js";

/** What decides how many bits a field needs, in bytes. */
export interface HeapSizes {
  readonly heapBytes: number;
  /** A power of two. */
  readonly granuleBytes: number;
}

/** Bits that the field needs to hold its largest number; undefined where the config alone decides. */
function neededBits({ holds }: HeaderField, { heapBytes, granuleBytes }: HeapSizes): number | undefined {
  switch (holds) {
    case "flag":
      return 1;
    case "granules":
      return bitsFor(heapBytes / granuleBytes - 1);
    case "bytes":
      return bitsFor(heapBytes - 1);
    case "bits":
      return undefined;
  }
}

/** Bits below a size that the config counts in bytes: they are not the size field's. */
function bitsBelow(config: HeaderConfig, field: HeaderField, { granuleBytes }: HeapSizes): number {
  return field === size && choiceOf(config, field)?.unit === "bytes" ? Math.log2(granuleBytes) : 0;
}

/** Width of a field: what the config pins, or what the field needs. @throws Error where neither tells it. */
export function widthOf(config: HeaderConfig, field: HeaderField, sizes: HeapSizes): number {
  const pinned = choiceOf(config, field)?.bits;
  if (pinned !== undefined) return pinned - bitsBelow(config, field, sizes);
  const needed = neededBits(field, sizes);
  if (needed === undefined) throw new Error(`nothing says how wide ${field.name} is`);
  return needed;
}

/** Fields that the config makes too narrow for what they must hold. */
export function narrowFields(
  config: HeaderConfig,
  fields: readonly HeaderField[],
  sizes: HeapSizes,
): readonly Diagnostic[] {
  return fields.flatMap((field) => {
    const found = choiceOf(config, field)?.bits;
    const needed = neededBits(field, sizes);
    const below = bitsBelow(config, field, sizes);
    if (found === undefined || needed === undefined || found - below >= needed) return [];
    const inBytes = field.holds === "bytes" || below > 0;
    const scale = inBytes ? "in bytes" : `at ${sizes.granuleBytes}-byte granules`;
    const key = field.config?.key ?? field.name;
    return [
      diagnose(
        "field-too-narrow",
        { field: key, needed: needed + below, found, scale },
        { path: ["header", "fields", key, "bits"] },
      ),
    ];
  });
}
