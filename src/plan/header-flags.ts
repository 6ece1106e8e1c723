/** The one-bit fields of a header. */
import type { HeaderConfig } from "../config/config.js";
import type { HeaderNeeds } from "./header-layout.js";
import type { FieldName, FieldPlacement } from "./plan.js";

/** The flags of the header, from the lowest bit up; where one can be left out, the second choice is without it. */
export function flagChoices(
  config: HeaderConfig,
  needs: HeaderNeeds,
): readonly (readonly FieldPlacement[])[] {
  const placed = (names: readonly FieldName[]) =>
    names.map((field, shift): FieldPlacement => ({ field, shift, bits: 1 }));
  const others: readonly FieldName[] = [
    ...(needs.boundaryTag === "footer" ? (["prevFree"] as const) : []),
    ...(needs.quick === true ? (["quick"] as const) : []),
  ];
  const full = placed(["used", ...others]);
  // What the checksum covers depends on the block's state.
  if (needs.free === true || config.fields.free === true || config.fields.checksum !== undefined)
    return [full];
  return needs.free === "if-room" ? [full, placed(others)] : [placed(others)];
}
