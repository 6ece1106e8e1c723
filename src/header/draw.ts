/** The header as text: every bit, and the forms of a block. Used in the C comment and by `explain`. */
import { hasHeaders, type HeaderLayout, type StorageUnit } from "./layout.js";

const bitRange = (shift: number, bits: number): string =>
  bits === 1 ? String(shift) : `${shift + bits - 1}..${shift}`;

function unitRows(unit: StorageUnit): string[] {
  const title = `${unit.name}, ${8 * unit.bytes} bits at byte ${unit.offset} of the block:`;
  const rows = [...unit.fields]
    .reverse()
    .map(
      ({ field, shift, bits }) =>
        `  ${bitRange(shift, bits).padEnd(7)}${field.name.padEnd(10)}${field.meaning}`,
    );
  return [title, ...rows];
}

/** Every bit of the header, and the links and the footer of free blocks. */
export function drawHeader(header: HeaderLayout): string {
  if (!hasHeaders(header)) return "Blocks have no header.";
  const { links, footerBytes, units } = header;
  const scale =
    links.place === "own" || links.unitBytes === 1 ? "in bytes" : `in units of ${links.unitBytes} bytes`;
  const rows = units.flatMap(unitRows);
  if (links.place === "intrusive") {
    const names = links.form === "double" ? "next, previous" : "next";
    const what =
      links.addresses === true
        ? "address of a free block's payload, or of none where the list ends"
        : `offset of a free block's payload ${scale}, 0: none`;
    rows.push(`${names}, ${8 * links.bytes} bits: ${what}`);
  } else {
    rows.push(
      `slot: block (offset of its payload ${scale}), granules (its size), next (slot number, 0: none)`,
    );
  }
  if (footerBytes > 0)
    rows.push(`footer, ${8 * footerBytes} bits, at the end of a free block: its size as in the header`);
  return rows.join("\n");
}

/** The forms of a block, a row each: in use, free, and waiting in a quick list where there are some. */
export function drawBlockForms(
  header: HeaderLayout,
  options: { readonly waits: boolean },
): readonly string[] {
  const units = header.units.map((unit) => unit.name);
  const head =
    header.units.reduce((sum, unit) => sum + unit.bytes, 0) < header.bytes ? [...units, "-"] : units;
  const { links } = header;
  const linkNames =
    links.place !== "intrusive" ? [] : links.form === "double" ? ["next", "previous"] : ["next"];
  const free = [...head, ...linkNames, "...", ...(header.footerBytes > 0 ? ["footer"] : [])];
  return [
    `block in use  | ${head.join(" | ")} | payload, padding ... |`,
    `free block    | ${free.join(" | ")} |`,
    ...(options.waits ? [`in quick list | ${[...head, "next", "..."].join(" | ")} |`] : []),
  ];
}

/** Names of the fields that no policy needs, as the drawing has them. */
export const extraNames = ({ fields }: HeaderLayout): readonly string[] =>
  fields.filter(({ written }) => written !== "with-block" && written !== "with-left").map(({ name }) => name);
