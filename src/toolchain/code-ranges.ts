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

/** What the file says is at an address; undefined where it says nothing. */
export function contentAt({ mapping, sections }: Pick<Elf, "mapping" | "sections">, address: number) {
  const section = sections.find(
    ({ allocated, address: start, bytes }) => allocated && address >= start && address < start + bytes,
  );
  if (section === undefined) return undefined;
  const marks = mapping
    .filter((mark) => mark.address <= address && mark.address >= section.address)
    .toSorted((left, right) => left.address - right.address);
  return section.executable ? marks.at(-1)?.begins : "data";
}

/** A search for the worst case opens hundreds of sessions of one image. */
const codes = new WeakMap<object, Code>();

/** The allocator's code, and that of what stands in for the user's functions which it calls. */
export function calledCode(image: Pick<Image, "elf" | "segments" | "code" | "hooks">): Code {
  if (image.hooks === undefined) return imageCode(image);
  const elf = parseElf(image.elf);
  return new Code(elf.machine, image.segments, [...codeRanges(elf, image.code), ...image.hooks]);
}

/** The allocator's code in an image: decoded once for each image. */
export function imageCode(image: Pick<Image, "elf" | "segments" | "code">): Code {
  const known = codes.get(image);
  if (known !== undefined) return known;
  const elf = parseElf(image.elf);
  const code = new Code(elf.machine, image.segments, codeRanges(elf, image.code));
  codes.set(image, code);
  return code;
}
