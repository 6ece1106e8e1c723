/** Sizes as a config writes them. */
import { sizePattern } from "./size-schema.js";
import { bytes, type Bytes } from "../units.js";

const unitBytes = { B: 1, KiB: 1024, MiB: 1024 * 1024 } as const;
const isUnit = (word: string): word is keyof typeof unitBytes => Object.hasOwn(unitBytes, word);

/** `4096`, `"4096"`, `"4KiB"` or `"1MiB"` in bytes; undefined for anything else. */
export function parseSize(written: number | string): Bytes | undefined {
  if (typeof written === "number") {
    return Number.isInteger(written) && written >= 0 ? bytes(written) : undefined;
  }
  if (!sizePattern.test(written)) return undefined;
  const unit = /[A-Za-z]+$/.exec(written)?.[0] ?? "B";
  return isUnit(unit) ? bytes(Number.parseInt(written, 10) * unitBytes[unit]) : undefined;
}

/** "65536 bytes (64 KiB)": a size for messages. */
export function showBytes(size: number): string {
  const count = size === 1 ? "1 byte" : `${size} bytes`;
  if (size >= unitBytes.MiB && size % unitBytes.MiB === 0) return `${count} (${size / unitBytes.MiB} MiB)`;
  if (size >= unitBytes.KiB && size % unitBytes.KiB === 0) return `${count} (${size / unitBytes.KiB} KiB)`;
  return count;
}

/** A size as a config best writes it: "64KiB", 500. */
export function showSize(size: number): string | number {
  if (size >= unitBytes.MiB && size % unitBytes.MiB === 0) return `${size / unitBytes.MiB}MiB`;
  return size >= unitBytes.KiB && size % unitBytes.KiB === 0 ? `${size / unitBytes.KiB}KiB` : size;
}
