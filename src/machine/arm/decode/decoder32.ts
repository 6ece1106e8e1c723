/**
 * 32-bit Thumb encodings (ARMv7-M ARM, Arm DDI 0403E, A5.3; ARMv8-M ARM, Arm DDI 0553, C2.3), the first halfword shifted
 * up by 16. What a manual calls UNPREDICTABLE or UNDEFINED is not known, nor are coprocessors other than the
 * floating-point unit, which no core of ours has, and what ARMv8.1-M added.
 */
import { controlEncodings } from "./control.js";
import { dataEncodings } from "./data.js";
import { floatEncodings } from "./float.js";
import { memoryEncodings } from "./memory.js";
import { registerEncodings } from "./register.js";
import type { EncodingRow } from "./encoding.js";

export const encodings32: readonly EncodingRow[] = [
  ...memoryEncodings,
  ...dataEncodings,
  ...controlEncodings,
  ...registerEncodings,
  ...floatEncodings,
];
