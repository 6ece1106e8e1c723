/** The parts of the config's schema that fields share: their widths. */
import { z } from "zod";
import { about } from "../../config/describe.js";
import type { FieldSettings } from "../field-config.js";

/** 1 to 32 bits: a field stands in one word. */
export const bitsSchema = z.number().int().min(1).max(32);

const bits = about(bitsSchema.optional(), "Width in bits. Computed from the heap size when left out.");

/** A field whose width the config may pin. */
export const pinned = z.strictObject({ bits });

/** A field at its own width, or at one that the config pins. */
export const asked = z.union([z.literal(true), pinned]);

/** Width where the config gives none and nothing of the heap decides it. */
export const defaultBits = 8;

/** The width that the config pins, if any. */
export function pinnedWidth(
  written: true | { readonly bits?: number | undefined } | undefined,
): FieldSettings {
  return written === undefined || written === true || written.bits === undefined
    ? {}
    : { bits: written.bits };
}

export const widthOrDefault = (
  written: true | { readonly bits?: number | undefined },
): { readonly bits: number } => ({ bits: pinnedWidth(written).bits ?? defaultBits });
