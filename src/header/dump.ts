/** What a header in a dump tells, held against what stands around it. */
import type { HeaderLayoutData } from "../layout/layout.js";
import { readHeader, type Header } from "./decode/header.js";
import { hasChecksum } from "./decode/headers.js";
import type { DumpFacts, FieldFault } from "./field-in-dump.js";
import type { FieldPlacement } from "./field.js";
import { checksum } from "./fields/checksum.js";
import { quick } from "./fields/quick.js";
import { requested } from "./fields/requested.js";
import { tag } from "./fields/tag.js";

/** What is wrong with a field of a header. */
export interface FieldDamage extends FieldFault {
  readonly kind: string;
  /** The field's name. */
  readonly name: string;
  /** Bytes from the start of the header to the number that holds the field. */
  readonly offset: number;
}

/** Whether the header says that its block is in use; undefined where headers do not. */
export const saysUsed = ({ used }: Header): boolean | undefined => used;

/** Whether the header says that its block waits in a quick list; undefined where headers do not. */
export function saysWaiting(header: Header): boolean | undefined {
  const value = header[quick.name];
  return value === undefined ? undefined : value === true;
}

/** Of what a header says, all that is wrong of its left neighbour, or of the block in use that it is of. */
export function fieldDamage(
  layout: HeaderLayoutData,
  header: Header,
  of: "left" | "block",
  facts: Pick<DumpFacts, "offset" | "left">,
): readonly FieldDamage[] {
  return layout.placements.flatMap(({ field, bits, value: constant }) => {
    const check = field.dump?.check;
    const value = header[field.name];
    if (check?.of !== of || value === undefined) return [];
    const block = { ...facts, size: header.size, headerBytes: layout.header.bytes, bits, constant };
    const fault = check.fault(Number(value), block);
    const offset = layout.header.fields[field.name]?.offset ?? 0;
    return fault === undefined ? [] : [{ ...fault, kind: check.kind, name: field.name, offset }];
  });
}

/** What is wrong of the checksum of the header at `offset`. */
export function sealDamage(
  layout: HeaderLayoutData,
  heap: DataView,
  offset: number,
): FieldDamage | undefined {
  if (hasChecksum(layout, heap, offset)) return undefined;
  const { name } = checksum;
  return {
    kind: "checksum",
    name,
    offset: layout.header.fields[name]?.offset ?? 0,
    found: `0x${Number(readHeader(layout, heap, offset)[name] ?? 0).toString(16)}`,
    expected: "the checksum of the other fields",
  };
}

/** Whether the header of the block of size 0 that ends a heap is sealed: what is kept with blocks is nothing there. */
export const sealsEndBlock = ({ header }: HeaderLayoutData): boolean => header.checksum?.inUse.length === 0;

const vouches = (placements: readonly FieldPlacement[], when: "in-use" | "always"): boolean =>
  placements.some(({ field }) => field.dump?.vouches === when);

/** Whether a sound header is one beyond doubt: more speaks for it than its size. */
export const isVouchedFor = ({ placements }: HeaderLayoutData, header: Header): boolean =>
  vouches(placements, "always") || (vouches(placements, "in-use") && saysUsed(header) !== false);

/** What inspection tells of a block in use, by the fields' names. */
export type Labels = Readonly<Record<string, number>>;

export function labelsOf({ placements }: HeaderLayoutData, header: Header): Labels {
  const told = placements.filter(({ field }) => field.dump?.told === true);
  return Object.fromEntries(told.map(({ field: { name } }) => [name, Number(header[name] ?? 0)]));
}

/** Bytes that the caller asked for; undefined where headers do not keep them. */
export const requestBytesOf = (labels: Labels | undefined): number | undefined => labels?.[requested.name];

/** The value that the caller passed; undefined where headers do not keep it. */
export const tagOf = (labels: Labels | undefined): number | undefined => labels?.[tag.name];
