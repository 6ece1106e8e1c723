/** The header's storage units as C: members, constants, and the expressions that read and write their fields. */
import {
  findField,
  granuleShift,
  hasHeaders,
  linkUnitBytes,
  type FieldPlacement,
  type Plan,
  type StorageUnit,
} from "../plan/plan.js";
import { cType, hex, maskOf, narrowed, shifted, unsigned, unwrapped } from "./c-text.js";
import { checkView } from "./check-view.js";
import type { View } from "./view.js";

/** Whether other fields share the unit: only then a mask is needed. */
const alone = (unit: StorageUnit): boolean => unit.fields.length === 1;

/** Reads a size field, in bytes. */
function sizeExpression(plan: Plan, unit: StorageUnit, field: FieldPlacement, mask: string): string {
  const raw = alone(unit) ? `(uint32_t)block->${unit.name}` : `(block->${unit.name} & ${mask})`;
  return shifted(raw, granuleShift(plan) - field.shift);
}

/** Reads a field that is no size; "" where there is none. */
function readExpression(plan: Plan, name: FieldPlacement["field"]): string {
  const found = findField(plan.header, name);
  if (found === undefined) return "";
  const { unit, placement } = found;
  const raw = `(uint32_t)block->${unit.name}`;
  return alone(unit) ? raw : `${shifted(raw, -placement.shift)} & ${hex(2 ** placement.bits - 1)}`;
}

const flagNames: Readonly<Partial<Record<FieldPlacement["field"], string>>> = {
  used: "USED",
  prevFree: "PREV_FREE",
  quick: "QUICK",
};

/** What takes the flags off a size that shares its unit with them alone, which is a shorter constant than a mask. */
function flagsOff(unit: StorageUnit): string | undefined {
  const others = unit.fields.filter(({ field }) => field !== "size");
  const flags = others.map(({ field }) => flagNames[field]);
  if (flags.includes(undefined)) return undefined;
  return flags.length === 1 ? `~${flags.join("")}` : `~(${flags.join(" | ")})`;
}

const inParentheses = (expression: string): string =>
  expression.includes(" & ") ? `(${expression})` : expression;

/** The offset in the heap that a link stands for. */
const offsetOfLink = (plan: Plan, link: string): string =>
  linkUnitBytes(plan) === 1 ? link : `(uint32_t)${link} << LINK_SHIFT`;

/** A size in bytes, put where the field stands. */
const sizeBits = (plan: Plan, field: FieldPlacement, expression: string): string =>
  shifted(expression, field.shift - granuleShift(plan));

function fieldComment(unit: StorageUnit): string {
  const bits = [...unit.fields].reverse().map((field) => {
    const top = field.shift + field.bits - 1;
    const range = field.bits === 1 ? String(top) : `${top}..${field.shift}`;
    return `${range} ${meaning[field.field]}`;
  });
  return bits.join(", ");
}

const meaning = {
  size: "size in granules",
  used: "in use",
  prevFree: "left neighbour free",
  quick: "in a quick list",
  prevSize: "left neighbour's size in granules",
  requested: "bytes asked for",
  magic: "magic",
  tag: "tag",
  checksum: "checksum",
  padding: "not used",
} satisfies Record<FieldPlacement["field"], string>;

/** Writes of `requested`, `magic` and `tag` when a block is handed out. */
function labels(plan: Plan): View[] {
  const values: Partial<Record<FieldPlacement["field"], string>> = {
    requested: "request",
    magic: "MAGIC",
    tag: "tag",
  };
  return plan.header.units.flatMap((unit): View[] => {
    const fields = unit.fields.filter((field) => values[field.field] !== undefined);
    if (fields.length === 0) return [];
    const terms = fields.map((field) => {
      const value = values[field.field] ?? "";
      const masked = field.field === "tag" ? `(tag & ${hex(2 ** field.bits - 1)})` : value;
      return shifted(masked, field.shift);
    });
    const owned = fields.reduce((sum, field) => sum + maskOf(field), 0);
    const kept = unit.fields.filter((field) => !fields.includes(field) && field.field !== "padding");
    const keep =
      kept.length === 0 ? [] : [`(block->${unit.name} & ${hex(2 ** (8 * unit.bytes) - 1 - owned)})`];
    return [{ member: unit.name, value: narrowed([...keep, ...terms].join(" | "), unit.bytes) }];
  });
}

export function headerView(plan: Plan): View {
  const { header } = plan;
  // No template of a block with a header is rendered: what is left is what the public functions ask for.
  if (!hasHeaders(plan)) return { hasTag: false, hasRequested: false, hasMagic: false, verifies: false };
  const size = findField(header, "size");
  if (size === undefined) throw new Error("the header has no size field");
  const used = findField(header, "used");
  const prevFree = findField(header, "prevFree");
  const prevSize = findField(header, "prevSize");
  const quick = findField(header, "quick");
  const main = size.unit;
  const memberBytes = header.units.reduce((sum, unit) => sum + unit.bytes, 0);
  const sizeMask = alone(main) ? "" : hex(maskOf(size.placement));
  // Only a previous size that shares the unit must outlive the writing of size and flags.
  const keep = prevSize?.unit === main ? `(block->${main.name} & ${hex(maskOf(prevSize.placement))}) | ` : "";
  const sizeTerm = sizeBits(plan, size.placement, "size");
  const members = header.units.map((unit) => {
    const [type, name, comment] = [cType(unit.bytes), unit.name, fieldComment(unit)];
    // A line of C has up to 120 characters.
    return { type, name, comment, commentAbove: `    ${type} ${name}; /* ${comment}. */`.length > 120 };
  });
  const { links } = header;
  const prevSizeMask = prevSize === undefined ? 0 : maskOf(prevSize.placement);
  return {
    members,
    unused: header.bytes > memberBytes ? unsigned(header.bytes - memberBytes) : "",
    intrusive: links.place === "intrusive",
    double: links.place === "intrusive" && links.form === "double",
    linkType: cType(links.bytes),
    linkShifted: linkUnitBytes(plan) > 1,
    linkUnit: linkUnitBytes(plan) === 1 ? "bytes" : `units of ${linkUnitBytes(plan)} bytes`,
    footer: header.boundaryTag === "footer",
    prevSize: header.boundaryTag === "prevSize",
    tags: header.boundaryTag !== "none",
    footerType: header.footerBytes === 0 ? "" : cType(header.footerBytes),
    footerBytes: unsigned(header.footerBytes),
    mainMember: main.name,
    sizeMask,
    hasSizeMask: sizeMask !== "",
    usedMask: used === undefined ? "" : hex(maskOf(used.placement)),
    hasUsed: used !== undefined,
    hasQuick: quick !== undefined,
    quickMask: quick === undefined ? "" : hex(maskOf(quick.placement)),
    setQuick: narrowed(`block->${main.name} | QUICK`, main.bytes),
    clearQuick: narrowed(`block->${main.name} & ~QUICK`, main.bytes),
    prevFreeMask: prevFree === undefined ? "" : hex(maskOf(prevFree.placement)),
    blockSize: unwrapped(sizeExpression(plan, main, size.placement, flagsOff(main) ?? "SIZE_MASK")),
    // Of a free block whose left neighbour is in use: then no flag of it is set.
    freeSize: unwrapped(
      flagsOff(main) === undefined
        ? sizeExpression(plan, main, size.placement, "SIZE_MASK")
        : shifted(`(uint32_t)block->${main.name}`, granuleShift(plan) - size.placement.shift),
    ),
    bareFree: flagsOff(main) !== undefined,
    usedValue: narrowed(`${keep}${used === undefined ? sizeTerm : `${sizeTerm} | USED`}`, main.bytes),
    resizedValue: narrowed(
      alone(main) ? sizeTerm : `(block->${main.name} & ~SIZE_MASK) | ${sizeTerm}`,
      main.bytes,
    ),
    tagRead: readExpression(plan, "tag"),
    magicRead: inParentheses(readExpression(plan, "magic")),
    requestedRead: inParentheses(readExpression(plan, "requested")),
    linkOffset: offsetOfLink(plan, "node"),
    freeOffset: offsetOfLink(plan, "link"),
    previousOffset: linkUnitBytes(plan) === 1 ? "previous" : "(previous << LINK_SHIFT)",
    slotOffset: offsetOfLink(plan, "slot_at(node)->block"),
    freeValue: narrowed(`${keep}${sizeTerm}`, main.bytes),
    footerValue: header.footerBytes === 0 ? "" : narrowed(sizeTerm, header.footerBytes),
    footerSize: shifted("footer", granuleShift(plan) - size.placement.shift),
    setPrevFree: narrowed(`block->${main.name} | PREV_FREE`, main.bytes),
    clearPrevFree: narrowed(`block->${main.name} & ~PREV_FREE`, main.bytes),
    prevSizeMember: prevSize?.unit.name ?? "",
    prevSizeRead:
      prevSize === undefined
        ? ""
        : unwrapped(sizeExpression(plan, prevSize.unit, prevSize.placement, hex(prevSizeMask))),
    prevSizeWrite:
      prevSize === undefined
        ? ""
        : narrowed(
            `${alone(prevSize.unit) ? "" : `(block->${prevSize.unit.name} & ${hex(2 ** (8 * prevSize.unit.bytes) - 1 - prevSizeMask)}) | `}${sizeBits(plan, prevSize.placement, "size")}`,
            prevSize.unit.bytes,
          ),
    labels: labels(plan),
    ...checkView(plan),
    hasRequested: findField(header, "requested") !== undefined,
    hasMagic: findField(header, "magic") !== undefined,
    magic: hex(header.magic),
    hasTag: findField(header, "tag") !== undefined,
  };
}
