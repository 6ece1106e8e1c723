/** Defaults. */
import type { BumpInput } from "./schema.js";
import type { BumpConfig } from "./types.js";

export const resolve = ({ kind, release = "all" }: BumpInput): BumpConfig => ({ kind, release });
