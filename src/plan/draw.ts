/** The plan as text: memory map, bit table, and what each choice costs. Used in the C comment and by `explain`. */
import { roundUp } from "../units.js";
import { freeBlockBytes } from "./header-layout.js";
import { blockBytesFor, findField, hasHeaders, type Plan, type StorageUnit } from "./plan.js";
import type { Choice } from "./policy-rules.js";

const fieldMeaning = {
  size: "block size in granules, header included",
  used: "1: the block is in use",
  prevFree: "1: the left neighbour is free, its footer is valid",
  quick: "1: the block is in a quick list",
  prevSize: "left neighbour's size in granules, 0: none",
  requested: "bytes asked for (blocks in use)",
  magic: "constant (blocks in use)",
  tag: "the caller's value (blocks in use)",
  checksum: "the other fields, folded by exclusive or",
  padding: "not used",
} as const;

interface Part {
  readonly offset: number;
  readonly text: string;
}

/** Regions of the heap with their offsets, and the two forms of a block. */
export function drawMemoryMap(plan: Plan): string {
  const last = plan.control.at(-1);
  const parts: Part[] = [
    ...plan.control.map((field) => ({
      offset: field.offset,
      text: `${field.name}${field.count > 1 ? `[${field.count}]` : ""}: ${field.meaning}`,
    })),
    ...(last !== undefined && plan.controlBytes < plan.firstBlock
      ? [{ offset: plan.controlBytes, text: "gap" }]
      : []),
    { offset: plan.firstBlock, text: "blocks, one behind the other" },
    ...(plan.endOfBlocks < plan.heapBytes ? [{ offset: plan.endOfBlocks, text: endText(plan) }] : []),
    { offset: plan.heapBytes, text: "end" },
  ];
  const width = String(plan.heapBytes).length;
  const map = parts.map((part) => `${String(part.offset).padStart(width)}  ${part.text}`);
  const own = plan.rules.ownBlocks;
  return [...map, "", ...(own === undefined ? drawBlock(plan) : own.draw(plan))].join("\n");
}

function endText(plan: Plan): string {
  switch (plan.endHeader) {
    case "block":
      return "header of a block of size 0, never free";
    case "tag":
      return "header that holds the last block's size";
    case "none":
      return "gap";
  }
}

function drawBlock(plan: Plan): string[] {
  const { header } = plan;
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
    ...(hasQuickLists(plan) ? [`waiting block | ${[...head, "next", "..."].join(" | ")} |`] : []),
    `              ${plan.header.bytes} header byte${plan.header.bytes === 1 ? "" : "s"}, then the payload at a multiple of ${plan.alignment}; blocks of ${plan.minimumBlockBytes}, ${plan.minimumBlockBytes + plan.granuleBytes}, ... bytes`,
  ];
}

const hasQuickLists = ({ control }: Plan): boolean => control.some(({ name }) => name === "quick");

const bitRange = (shift: number, bits: number): string =>
  bits === 1 ? String(shift) : `${shift + bits - 1}..${shift}`;

function unitRows(unit: StorageUnit): string[] {
  const title = `${unit.name}, ${8 * unit.bytes} bits at byte ${unit.offset} of the block:`;
  const rows = [...unit.fields]
    .reverse()
    .map(
      (field) =>
        `  ${bitRange(field.shift, field.bits).padEnd(7)}${field.field.padEnd(10)}${fieldMeaning[field.field]}`,
    );
  return [title, ...rows];
}

/** Every bit of the header, and the links and the footer of free blocks. */
export function drawHeader(plan: Plan): string {
  if (!hasHeaders(plan)) return "Blocks have no header.";
  const { links, footerBytes, units } = plan.header;
  const scale =
    links.place === "own" || links.unitBytes === 1 ? "in bytes" : `in units of ${links.unitBytes} bytes`;
  const rows = units.flatMap(unitRows);
  if (links.place === "intrusive") {
    const names = links.form === "double" ? "next, previous" : "next";
    rows.push(`${names}, ${8 * links.bytes} bits: offset of a free block's payload ${scale}, 0: none`);
  } else {
    rows.push(
      `slot: block (offset of its payload ${scale}), granules (its size), next (slot number, 0: none)`,
    );
  }
  if (footerBytes > 0)
    rows.push(`footer, ${8 * footerBytes} bits, the last of a free block: its size as the header has it`);
  return rows.join("\n");
}

/** What each choice of the config costs or saves, in bytes and steps. */
export function explainChoices(plan: Plan): readonly Choice[] {
  const { header, rules } = plan;
  if (!hasHeaders(plan)) return [...rules.choices(plan), ...sharedChoices(plan)];
  const stride = [1, 12, 24, 64, 100].map((size) => `${size}→${blockBytesFor(plan, size)}`).join(" ");
  const rows: Choice[] = [
    {
      choice: `alignment ${plan.alignment}`,
      costs: `block sizes are multiples of ${plan.granuleBytes}; stride in bytes by request: ${stride}`,
    },
    {
      choice: `header ${header.bytes} B`,
      costs: `on each block; ${header.boundaryTag === "none" ? "no boundary tag" : `boundary tag: ${header.boundaryTag}`}`,
    },
    { choice: `minimum block ${plan.minimumBlockBytes} B`, costs: minimumReason(plan) },
    ...sharedChoices(plan),
  ];
  rows.push(...rules.choices(plan));
  const extras = (["requested", "magic", "tag", "checksum", "padding"] as const).filter(
    (name) => findField(header, name) !== undefined,
  );
  if (extras.length > 0)
    rows.push({ choice: `fields ${extras.join(", ")}`, costs: `within the ${header.bytes} header bytes` });
  return rows;
}

/** What every heap has, whatever its blocks look like. */
function sharedChoices(plan: Plan): readonly Choice[] {
  const usable = plan.endOfBlocks - plan.firstBlock;
  return [
    {
      choice: `control data ${plan.controlBytes} B`,
      costs: `once; ${usable} of ${plan.heapBytes} bytes are left for blocks`,
    },
    { choice: `largest request ${plan.maximumRequestBytes} B`, costs: "larger ones get NULL" },
  ];
}

function minimumReason(plan: Plan): string {
  const { links, footerBytes, bytes: headerBytes } = plan.header;
  const free = roundUp(headerBytes + Math.max(1, freeBlockBytes(plan.header)), plan.granuleBytes);
  if (free < plan.minimumBlockBytes) return "the smallest request and its header, rounded up";
  const linkBytes = links.place === "intrusive" ? links.bytes * (links.form === "double" ? 2 : 1) : 0;
  const footer = footerBytes > 0 ? ` and ${footerBytes} of footer` : "";
  return `a free block holds ${headerBytes} bytes of header, ${linkBytes} of links${footer}, rounded up`;
}
