/** How faults of a config are handed on while the rest of it is still checked. */
import type { Diagnostic } from "../diagnostics.js";

/** Takes a fault; all are collected. */
export type Report = (diagnostic: Diagnostic) => void;
