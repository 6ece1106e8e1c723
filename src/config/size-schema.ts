/** Sizes as the config file says them. */
import { z } from "zod";
import { about } from "./describe.js";

/** What `sizeSchema` takes as text. */
export const sizePattern = /^\d+\s*(B|KiB|MiB)?$/;

/** A number of bytes: `4096`, `"4096"`, `"4KiB"`, `"1MiB"`, `"512B"`. */
export const sizeSchema = about(
  z.union([z.number().int().nonnegative(), z.string().regex(sizePattern)]),
  'Bytes, as a number or as text with a unit: 4096, "4KiB", "1MiB".',
);

/** The size of a heap: so many bytes, or as many as there are when init is called, up to so many. */
export const heapSizeSchema = z.union([
  z.number().int().nonnegative(),
  z.string().regex(sizePattern),
  z.strictObject({ upTo: about(sizeSchema, "Most bytes that the heap takes.") }),
]);

/** What a description adds of it. */
export const sizeHint = 'In bytes, or as text with a unit: 4096, "4KiB", "1MiB".';
