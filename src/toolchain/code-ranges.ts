/** Where code ends and data begins inside a section: the mapping symbols of a linked program. */
import { Code } from "../machine/code.js";
import type { AddressRange } from "../machine/instruction.js";
import { parseElf, type Elf } from "./elf.js";
import type { Image } from "./image.js";

/** The stretches of code within `range`, in order of address. Without mapping symbols there is no code. */
export function codeRanges({ mapping }: Pick<Elf, "mapping">, range: AddressRange): readonly AddressRange[] {
  const marks = mapping
    .filter(({ address }) => address >= range.start && address < range.end)
    .sort((left, right) => left.address - right.address);
  const ranges: AddressRange[] = [];
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.address ?? range.end;
    if (mark.begins === "code" && end > mark.address) ranges.push({ start: mark.address, end });
  }
  return ranges;
}

/** The allocator's code in an image. */
export function imageCode({ elf: file, segments, code }: Pick<Image, "elf" | "segments" | "code">): Code {
  const elf = parseElf(file);
  return new Code(elf.machine, segments, codeRanges(elf, code));
}
