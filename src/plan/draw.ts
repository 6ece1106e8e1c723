/** The plan as text: memory map, bit table, and what each choice costs. Used in the C comment and by `explain`. */
import { drawBlockForms, extraNames } from "../header/draw.js";
import { freeBlockBytes } from "../header/layout.js";
import { roundUp } from "../units.js";
import { blockBytesFor, hasHeaders, type Plan } from "./plan.js";
import type { Choice } from "./policy-rules.js";

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
    { offset: plan.firstBlock, text: "blocks, one after another" },
    ...(plan.endOfBlocks < plan.heapBytes ? [{ offset: plan.endOfBlocks, text: endText(plan) }] : []),
    { offset: plan.heapBytes, text: "end" },
  ];
  const width = String(plan.heapBytes).length;
  const map = parts.map((part) => `${String(part.offset).padStart(width)}  ${part.text}`);
  const own = plan.rules.headerlessBlocks;
  return [...map, "", ...(own === undefined ? drawBlock(plan) : own.draw(plan))].join("\n");
}

function endText(plan: Plan): string {
  switch (plan.endHeader) {
    case "block":
      return "header of a block of size 0, never free";
    case "tag":
      return "header with the size of the last block";
    case "none":
      return "gap";
  }
}

function drawBlock(plan: Plan): readonly string[] {
  const { bytes } = plan.header;
  return [
    ...drawBlockForms(plan.header, { waits: hasQuickLists(plan) }),
    `              ${bytes} header byte${bytes === 1 ? "" : "s"}, then the payload at a multiple of ${plan.alignment}; blocks of ${plan.minimumBlockBytes}, ${plan.minimumBlockBytes + plan.granuleBytes}, ... bytes`,
    ...drawGuard(plan),
  ];
}

function drawGuard({ hardening }: Plan): readonly string[] {
  if (hardening?.guard === undefined) return [];
  const { code, mostBytes } = hardening.guard;
  const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;
  return [
    `              padding of a block in use: 1 to ${mostBytes} bytes, the first is ${hex(code + 1)}, the last ${hex(code)} + their number`,
  ];
}

const hasQuickLists = ({ control }: Plan): boolean => control.some(({ name }) => name === "quick");

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
      costs: `in each block; ${header.boundaryTag === "none" ? "no boundary tag" : `boundary tag: ${header.boundaryTag}`}`,
    },
    { choice: `minimum block ${plan.minimumBlockBytes} B`, costs: minimumReason(plan) },
    ...sharedChoices(plan),
  ];
  rows.push(...rules.choices(plan));
  const extras = extraNames(header);
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
      costs: `once; ${usable} of ${plan.heapBytes} bytes remain for blocks`,
    },
    { choice: `largest request ${plan.maximumRequestBytes} B`, costs: "larger ones return NULL" },
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
