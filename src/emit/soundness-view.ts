/** What check holds a header against: the conditions that is_sound and damaged_block put together. */
import { findField, type FieldName, type Plan } from "../plan/plan.js";
import type { View } from "./view.js";

/** @param header the header's view, which reads its fields */
export function soundnessView(plan: Plan, header: View): View {
  const has = (name: FieldName): boolean => findField(plan.header, name) !== undefined;
  const { boundaryTag, checksum } = plan.header;
  const text = (key: string): string => {
    const value = header[key];
    return typeof value === "string" ? value : "";
  };
  const mergesAtOnce = plan.coalescing === "immediate";
  const hasQuick = has("quick");
  const left = [
    ...(boundaryTag === "footer" ? ["(left_is_free(block) == left.free)"] : []),
    ...(boundaryTag === "prevSize" ? [`((${text("prevSizeRead")}) == left.size)`] : []),
  ];
  const free = [
    ...(boundaryTag === "footer" ? [`(*footer == ${text("footerValue")})`] : []),
    ...(hasQuick ? ["!is_quick(block)"] : []),
    ...(checksum === undefined ? [] : [`(${text("checksumRead")} == checksum_of(block))`]),
  ];
  const used = [
    ...(has("magic") ? [`(${text("magicRead")} == MAGIC)`] : []),
    ...(has("requested") ? [`(${text("requestedRead")} <= (size - HEADER_BYTES))`] : []),
  ];
  const looksLeft = mergesAtOnce || boundaryTag !== "none";
  return {
    looksLeft,
    leftParameter: looksLeft ? ", left_t left" : "",
    leftArgument: looksLeft ? ", left" : "",
    notQuick: hasQuick ? " && !is_quick(block)" : "",
    mergesAtOnce,
    looksAtFree: mergesAtOnce || free.length > 0,
    looksAtUsed: used.length > 0 || checksum !== undefined,
    leftConditions: left.map((condition) => ({ condition })),
    freeConditions: inTurn(free, mergesAtOnce),
    usedConditions: [
      ...inTurn(used, false),
      ...(header["verifies"] === true ? [{ condition: "sound && is_intact(block)" }] : []),
    ],
    endConditions: [...left, ...(checksum === undefined ? [] : ["is_sealed(block)"])].map((condition) => ({
      condition,
    })),
  };
}

/** Conditions of which each asks for the ones before it; the first for none, if nothing was asked yet. */
const inTurn = (conditions: readonly string[], isAsked: boolean): View[] =>
  conditions.map((condition, index) => ({
    condition: isAsked || index > 0 ? `sound && ${condition}` : condition,
  }));
