/** The header's storage units as C: members, and the expressions that read and write their fields. */
import { cType, hex, maskOf, narrowed, shifted, unsigned, unwrapped } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import { tagInHeader } from "../boundary-tag.js";
import type { FieldPlacement, HeaderField } from "../field.js";
import { size as sizeRecord } from "../fields/size.js";
import { used as usedRecord } from "../fields/used.js";
import {
  fieldOf,
  findField,
  hasHeaders,
  linkUnitOf,
  type HeaderLayout,
  type StorageUnit,
} from "../layout.js";
import { standardPalette } from "../palette.js";
import { checksumView } from "./checksum-view.js";
import type { HeaderHeap } from "./heap.js";
import { fieldTexts, granuleBits, isAlone, readBytes, sizeInPlace, wholeMask } from "./texts.js";

/** What takes the flags off a size that shares its unit with them alone, which is a shorter constant than a mask. */
function flagsOff(unit: StorageUnit): string | undefined {
  const others = unit.fields.filter(({ field }) => field !== sizeRecord);
  const flags = others.map(({ field }) => field.c.flag);
  if (flags.includes(undefined)) return undefined;
  return flags.length === 1 ? `~${flags.join("")}` : `~(${flags.join(" | ")})`;
}

/** The offset in the heap that a link stands for. */
const offsetOfLink = (header: HeaderLayout, link: string): string =>
  linkUnitOf(header) === 1 ? link : `(uint32_t)${link} << LINK_SHIFT`;

function fieldComment(unit: StorageUnit): string {
  const bits = [...unit.fields].reverse().map(({ field, shift, bits: width }) => {
    const top = shift + width - 1;
    const range = width === 1 ? String(top) : `${top}..${shift}`;
    return `${range} ${field.c.comment}`;
  });
  return bits.join(", ");
}

/** A member of the header: its type, its name, and its bits. */
function memberView(unit: StorageUnit): View {
  const [type, name, comment] = [cType(unit.bytes), unit.name, fieldComment(unit)];
  // A line of C has up to 120 characters.
  return { type, name, comment, commentAbove: `    ${type} ${name}; /* ${comment}. */`.length > 120 };
}

/** What is written when a block is handed out, unit by unit. */
function labels({ units }: HeaderLayout): View[] {
  return units.flatMap((unit): View[] => {
    const fields = unit.fields.filter(({ field }) => field.written === "on-allocation");
    if (fields.length === 0) return [];
    const owned = fields.reduce((sum, field) => sum + maskOf(field), 0);
    const kept = unit.fields.filter((each) => !fields.includes(each) && each.field.written !== "never");
    const keep = kept.length === 0 ? [] : [`(block->${unit.name} & ${hex(wholeMask(unit) - owned)})`];
    return [
      { member: unit.name, value: narrowed([...keep, ...fields.map(labelTerm)].join(" | "), unit.bytes) },
    ];
  });
}

/** Whether what is written names the bytes requested, which the C then keeps beside the block's size. */
const keepsRequest = ({ c }: HeaderField): boolean => /\brequest\b/.test(c.value?.text ?? "");

function labelTerm({ field, shift, bits }: FieldPlacement): string {
  const value = field.c.value;
  if (value === undefined) throw new Error(`nothing says what the C writes to ${field.name}`);
  return shifted(value.masked ? `(${value.text} & ${hex(2 ** bits - 1)})` : value.text, shift);
}

/** What each field gives to the templates, those that the header has not among them. */
function fieldViews(heap: HeaderHeap): View {
  const present = heap.header.fields;
  const known = new Set<HeaderField>([...standardPalette.fields, ...present]);
  const views = [...known].map((field) => {
    const found = findField(heap.header, field);
    return field.c.view?.(found && fieldTexts(heap, found.unit, found.placement)) ?? {};
  });
  return Object.fromEntries(views.flatMap((view) => Object.entries(view)));
}

/** The members of the view `header`. */
export function headerView(heap: HeaderHeap): View {
  const { header } = heap;
  // No template of a block with a header is rendered: what is left is what the public functions ask for.
  if (!hasHeaders(header)) return { ...fieldViews(heap), verifies: false };
  return {
    ...unitsView(heap),
    ...linksView(heap),
    ...mainView(heap),
    ...fieldViews(heap),
    labels: labels(header),
    keepsRequest: header.fields.some(keepsRequest),
    ...checksumView(heap),
  };
}

function unitsView({ header }: HeaderHeap): View {
  const memberBytes = header.units.reduce((sum, unit) => sum + unit.bytes, 0);
  return {
    members: header.units.map(memberView),
    unused: header.bytes > memberBytes ? unsigned(header.bytes - memberBytes) : "",
    footer: header.boundaryTag === "footer",
    prevSize: header.boundaryTag === tagInHeader,
    tags: header.boundaryTag !== "none",
    footerType: header.footerBytes === 0 ? "" : cType(header.footerBytes),
    footerBytes: unsigned(header.footerBytes),
  };
}

function linksView({ header }: HeaderHeap): View {
  const { links } = header;
  const unit = linkUnitOf(header);
  const isAddress = links.place === "intrusive" && links.addresses === true;
  const fromHeap = (link: string): string => `${link} - link_of(heap.bytes)`;
  return {
    intrusive: links.place === "intrusive",
    double: links.place === "intrusive" && links.form === "double",
    linkType: cType(links.bytes),
    linkShifted: unit > 1,
    linkUnit: unit === 1 ? "bytes" : `units of ${unit} bytes`,
    linkOffset: offsetOfLink(header, "node"),
    freeOffset: isAddress ? fromHeap("link") : offsetOfLink(header, "link"),
    previousOffset: isAddress
      ? `(${fromHeap("previous")})`
      : unit === 1
        ? "previous"
        : "(previous << LINK_SHIFT)",
    slotOffset: offsetOfLink(header, "slot_at(node)->block"),
  };
}

/** The unit with the size and the flags. */
function mainView(heap: HeaderHeap): View {
  const { header } = heap;
  const { unit: main, placement } = fieldOf(header, sizeRecord);
  // Only what is known of the left neighbour must outlive the writing of size and flags.
  const left = main.fields.find(({ field }) => field.written === "with-left" && field.holds !== "flag");
  const keep = left === undefined ? "" : `(block->${main.name} & ${hex(maskOf(left))}) | `;
  const sizeTerm = sizeInPlace(heap, placement, "size");
  const off = flagsOff(main);
  const isUsed = findField(header, usedRecord) === undefined ? "" : ` | ${usedRecord.c.flag ?? ""}`;
  const sizeMask = isAlone(main) ? "" : hex(maskOf(placement));
  return {
    mainMember: main.name,
    sizeMask,
    hasSizeMask: sizeMask !== "",
    blockSize: unwrapped(readBytes(heap, main, placement, off ?? "SIZE_MASK")),
    // Of a free block whose left neighbour is in use: then no flag of it is set.
    freeSize: unwrapped(
      off === undefined
        ? readBytes(heap, main, placement, "SIZE_MASK")
        : shifted(`(uint32_t)block->${main.name}`, granuleBits(heap) - placement.shift),
    ),
    bareFree: off !== undefined,
    usedValue: narrowed(`${keep}${sizeTerm}${isUsed}`, main.bytes),
    resizedValue: narrowed(
      isAlone(main) ? sizeTerm : `(block->${main.name} & ~SIZE_MASK) | ${sizeTerm}`,
      main.bytes,
    ),
    freeValue: narrowed(`${keep}${sizeTerm}`, main.bytes),
    footerValue: header.footerBytes === 0 ? "" : narrowed(sizeTerm, header.footerBytes),
    footerAgain:
      header.footerBytes === 0 ? "" : narrowed(sizeInPlace(heap, placement, "again"), header.footerBytes),
    footerSize: shifted("footer", granuleBits(heap) - placement.shift),
  };
}
