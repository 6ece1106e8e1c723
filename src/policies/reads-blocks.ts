/** Whether functions go over all blocks. */
import type { Api } from "../config/config.js";

/** Each block then says whether it is free. */
export const readsBlocks = ({ walk, check, stats }: Api): boolean => walk || check || stats;
