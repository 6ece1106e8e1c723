/** A header's layout as the JSON of `explain` has it. */
import { checksum } from "./fields/checksum.js";
import { magic } from "./fields/magic.js";
import { findField, type HeaderLayout } from "./layout.js";

/** Fields are told by their names. `magic` and `checksum` are told twice: programs read them here since version 1. */
export function headerJson(header: HeaderLayout): Readonly<Record<string, unknown>> {
  const seal = findField(header, checksum)?.placement;
  return {
    ...header,
    magic: findField(header, magic)?.placement.value ?? 0,
    ...(seal === undefined ? {} : { checksum: { bits: seal.bits, ofZeros: seal.value } }),
  };
}
