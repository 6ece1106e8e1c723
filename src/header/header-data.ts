/** A header's layout, for those who read a dump. */
import type { Field } from "../layout/decode/numbers.js";
import { isSealed } from "./facts.js";
import { isCovered, isLabel, type FieldPlacement } from "./field.js";
import { checksum } from "./fields/checksum.js";
import { magic } from "./fields/magic.js";
import { size } from "./fields/size.js";
import { fieldOf, findField, type HeaderLayout, type PlacedField } from "./layout.js";
import type { HeaderData } from "./decode/header-data.js";

const maskOf = ({ shift, bits }: FieldPlacement): number => (2 ** bits - 1) * 2 ** shift;

const fieldData = ({ unit, placement }: PlacedField): Field => ({
  offset: unit.offset,
  bytes: unit.bytes,
  shift: placement.shift,
  mask: maskOf(placement),
});

/** Where the fields stand that a dump tells, in the palette's order. @throws Error without a header */
export const placementsOf = (header: HeaderLayout): readonly FieldPlacement[] =>
  header.fields.filter(({ dump }) => dump !== undefined).map((field) => fieldOf(header, field).placement);

/** The header's part of a layout. @throws Error without a header */
export function headerData(header: HeaderLayout): HeaderData {
  const fields = placementsOf(header).map(
    ({ field }) => [field.name, fieldData(fieldOf(header, field))] as const,
  );
  const constant = findField(header, magic)?.placement.value;
  return {
    bytes: header.bytes,
    fields: { size: fieldData(fieldOf(header, size)), ...Object.fromEntries(fields) },
    ...(constant === undefined ? {} : { magic: constant }),
    ...(isSealed(header) ? { checksum: checksumData(header) } : {}),
  };
}

/** What the checksum covers, unit by unit: of each block, and more of one in use. */
function checksumData(header: HeaderLayout): NonNullable<HeaderData["checksum"]> {
  const { placement } = fieldOf(header, checksum);
  const covered = (inUse: boolean): readonly Field[] =>
    header.units.flatMap((unit) => {
      const mask = unit.fields
        .filter(({ field }) => isCovered(field) && isLabel(field) === inUse)
        .reduce((sum, each) => sum + maskOf(each), 0);
      return mask === 0 ? [] : [{ offset: unit.offset, bytes: unit.bytes, shift: 0, mask }];
    });
  return { bits: placement.bits, ofZeros: placement.value ?? 0, parts: covered(false), inUse: covered(true) };
}

/** What the members of the layout's header mean, by their paths in the generated module. */
export const headerDataMeanings: Readonly<Record<string, string>> = {
  header: "A block begins with its header; sizes in it are in granules.",
  "header.magic": "Value of field magic in a block in use.",
  "header.checksum":
    "Field checksum: `parts`, and `inUse` of blocks in use, joined by exclusive or, folded to `bits`, with `ofZeros`.",
};

/** Members that the generated module shows as hexadecimal numbers. */
export const hexMembers: readonly string[] = ["mask", "magic"];
