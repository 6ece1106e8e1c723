/** Numbers as few characters. */
import { deflateRawSync } from "node:zlib";
import type { Packed } from "./data.js";

/** @param values whole numbers from 0 */
export function packed(values: ArrayLike<number>): Packed {
  const bytes: number[] = [];
  for (let index = 0; index < values.length; index++) {
    let rest = values[index] ?? 0;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  return deflateRawSync(Uint8Array.from(bytes), { level: 9 }).toString("base64");
}

/** The first value, and each one's step from the one before. */
export function packedSteps(values: ArrayLike<number>): Packed {
  return packed(
    Array.from(values, (value, index) => {
      const step = value - (index === 0 ? 0 : (values[index - 1] ?? 0));
      return step >= 0 ? 2 * step : -2 * step - 1;
    }),
  );
}
