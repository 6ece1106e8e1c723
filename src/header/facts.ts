/** What others may ask of a header without knowing its fields. */
import type { HeaderField } from "./field.js";
import { choiceOf, isNamed, type HeaderConfig } from "./config.js";
import { padding } from "./fields/padding.js";
import { prevFree } from "./fields/prev-free.js";
import { quick } from "./fields/quick.js";
import { size } from "./fields/size.js";
import { tag } from "./fields/tag.js";
import { used } from "./fields/used.js";
import { fieldOf, findField, type HeaderLayout, type PlacedField } from "./layout.js";

const some = ({ fields }: HeaderLayout, is: (field: HeaderField) => boolean): boolean => fields.some(is);

/** Where the block's size stands. @throws Error without a header */
export const sizeField = (header: HeaderLayout): PlacedField => fieldOf(header, size);

/** Where the flag stands that is set in blocks in use; undefined where headers do not say it. */
export const usedField = (header: HeaderLayout): PlacedField | undefined => findField(header, used);

/** Whether a header says that its block waits in a quick list. */
export const tellsWaiting = (header: HeaderLayout): boolean => header.fields.includes(quick);

/** Bits of the value that the caller passes; 0 where headers keep none. */
export const tagBits = (header: HeaderLayout): number => findField(header, tag)?.placement.bits ?? 0;

/** Whether free verifies a header before it trusts it. */
export const verifies = (header: HeaderLayout): boolean =>
  some(header, ({ verifiedBy }) => verifiedBy === "free");

/** Whether a change of a header must be followed by writing what is computed from it. */
export const isSealed = (header: HeaderLayout): boolean =>
  some(header, ({ written }) => written === "with-any");

/** Whether something is written when a block is handed out, beside size and flags. */
export const isLabelled = (header: HeaderLayout): boolean =>
  some(header, ({ written }) => written === "on-allocation");

/**
 * Bits of the header of a block in use of which free notices any one that is wrong: number of the byte in the header
 * times 8, plus that of the bit.
 */
export function verifiedBits(header: HeaderLayout): readonly number[] {
  const all = isSealed(header);
  return header.units.flatMap(({ offset, fields }) =>
    fields
      .filter(({ field }) => all || field.verifiedBy === "free")
      .filter(({ field }) => field.written !== "never")
      .flatMap(({ shift, bits }) => Array.from({ length: bits }, (_, bit) => 8 * offset + shift + bit)),
  );
}

/** Mask of the flag that says that the left neighbour is free; 0 where headers do not say it. */
export function leftFreeMask(header: HeaderLayout): number {
  const found = findField(header, prevFree);
  return found === undefined ? 0 : 2 ** found.placement.shift;
}

/** Keys of the fields that a config asks for beside those of any block with a footer. */
export const namedFields = (header: HeaderConfig): readonly string[] =>
  header.palette.fields
    .filter((field) => isNamed(header, field) && field !== size && field !== used && field !== prevFree)
    .map(({ name, config }) => config?.key ?? name);

/** What neighbours say of each other: sizes, and whether they are free. */
const redundant: readonly HeaderField[] = [size, used, prevFree, padding];

/** The key of a field that a config asks for and of which nothing else in the heap tells what it must be. */
export function singleField(header: HeaderConfig): string | undefined {
  const found = header.palette.fields.find(
    (field) => choiceOf(header, field) !== undefined && !redundant.includes(field),
  );
  return found === undefined ? undefined : (found.config?.key ?? found.name);
}
