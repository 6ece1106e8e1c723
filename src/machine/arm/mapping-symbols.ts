/** Where code ends and data begins inside a section: the mapping symbols of a linked program. */
import { parseElf } from "../../toolchain/elf.js";

/** Addresses [start, end). */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The stretches of Thumb code within `range`, in order of address. `elf` is a linked file; without mapping symbols there
 * is no code.
 * @throws AllocGenError as `parseElf` does.
 */
export function codeRanges(elf: Uint8Array, range: AddressRange): readonly AddressRange[] {
  const marks = parseElf(elf)
    .mapping.filter(({ address }) => address >= range.start && address < range.end)
    .sort((left, right) => left.address - right.address);
  const ranges: AddressRange[] = [];
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.address ?? range.end;
    if (mark.begins === "thumb" && end > mark.address) ranges.push({ start: mark.address, end });
  }
  return ranges;
}
