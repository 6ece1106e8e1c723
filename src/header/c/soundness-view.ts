/** What check holds a header against: the conditions that is_sound and damaged_block put together. */
import { narrowed } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { tagInHeader } from "../boundary-tag.js";
import { isSealed, sizeField, tellsWaiting, verifies } from "../facts.js";
import type { FieldInC, HeaderField } from "../field.js";
import { fieldOf } from "../layout.js";
import type { HeaderHeap } from "./heap.js";
import { fieldTexts, sizeInPlace } from "./texts.js";

/** The members of the view `soundness`. @throws Error without a header */
export function soundnessView(heap: HeaderHeap): View {
  const { header } = heap;
  const mergesAtOnce = heap.coalescing === "immediate";
  const left = conditionsOf(heap, header.fields, "left");
  const free = [...footerConditions(heap), ...conditionsOf(heap, header.fields, "free")];
  const used = conditionsOf(heap, inOrder(header.fields), "used");
  const looksLeft = mergesAtOnce || header.boundaryTag !== "none";
  const isVerified = verifies(header);
  return {
    looksLeft,
    ...leftView(heap),
    leftParameter: looksLeft ? ", left_t left" : "",
    leftArgument: looksLeft ? ", left" : "",
    notQuick: tellsWaiting(header) ? " && !is_quick(block)" : "",
    mergesAtOnce,
    looksAtFree: mergesAtOnce || free.length > 0,
    looksAtUsed: used.length > 0 || isVerified,
    leftConditions: left.map((condition) => ({ condition })),
    freeConditions: inTurn(free, mergesAtOnce),
    usedConditions: [
      ...inTurn(used, false),
      ...(isVerified ? [{ condition: "sound && is_intact(block)" }] : []),
    ],
    endConditions: [...left, ...(isSealed(header) ? ["is_sealed(block)"] : [])].map((condition) => ({
      condition,
    })),
  };
}

/** What the walk over the blocks keeps of the left neighbour: no more than some condition reads. */
function leftView({ header, coalescing }: HeaderHeap): View {
  const kept = [
    ...(header.boundaryTag === tagInHeader
      ? [{ declaration: "uint32_t size", member: "size", value: "block_size(block)", initial: "0U" }]
      : []),
    ...(coalescing === "immediate" || header.boundaryTag === "footer"
      ? [{ declaration: "bool     free", member: "free", value: "is_free(block)", initial: "false" }]
      : []),
  ];
  return { leftMembers: kept, leftInitial: kept.map(({ initial }) => initial).join(", ") };
}

/** What free verifies too comes first. */
const inOrder = (fields: readonly HeaderField[]): readonly HeaderField[] => [
  ...fields.filter(({ verifiedBy }) => verifiedBy === "free"),
  ...fields.filter(({ verifiedBy }) => verifiedBy !== "free"),
];

const conditionsOf = (
  heap: HeaderHeap,
  fields: readonly HeaderField[],
  of: NonNullable<FieldInC["sound"]>["of"],
): readonly string[] =>
  fields.flatMap((field) => {
    const { sound } = field.c;
    if (sound?.of !== of) return [];
    const { unit, placement } = fieldOf(heap.header, field);
    const condition = sound.condition(fieldTexts(heap, unit, placement));
    return condition === undefined ? [] : [condition];
  });

/** The footer says the size as the header does. */
function footerConditions(heap: HeaderHeap): readonly string[] {
  const { header } = heap;
  if (header.footerBytes === 0) return [];
  const size = sizeInPlace(heap, sizeField(header).placement, "size");
  return [`(*footer == ${narrowed(size, header.footerBytes)})`];
}

/** Conditions of which each asks for the ones before it; the first for none, if nothing was asked yet. */
const inTurn = (conditions: readonly string[], isAsked: boolean): View[] =>
  conditions.map((condition, index) => ({
    condition: isAsked || index > 0 ? `sound && ${condition}` : condition,
  }));
