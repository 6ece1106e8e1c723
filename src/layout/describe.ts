/** Plan to layout. */
import { findField, type FieldName, type Plan } from "../plan/plan.js";
import type { Field, Member, Width } from "./decode/numbers.js";
import type { HeaderLayoutData, LayoutBasis } from "./layout.js";

type Fields = HeaderLayoutData["header"]["fields"];

function field(plan: Plan, name: FieldName): Field | undefined {
  const found = findField(plan.header, name);
  if (found === undefined) return undefined;
  const { unit, placement } = found;
  const mask = (2 ** placement.bits - 1) * 2 ** placement.shift;
  return { offset: unit.offset, bytes: unit.bytes, shift: placement.shift, mask };
}

function fields(plan: Plan): Fields {
  const size = field(plan, "size");
  if (size === undefined) throw new Error("the header has no size field");
  const optional = [
    "used",
    "prevFree",
    "quick",
    "prevSize",
    "requested",
    "magic",
    "tag",
    "checksum",
  ] as const;
  const found = optional.map((name) => [name, field(plan, name)] as const);
  return { size, ...Object.fromEntries(found.filter(([, placement]) => placement !== undefined)) };
}

/** Kept with a block in use; the bits mean nothing in a free one. */
const labels: readonly FieldName[] = ["requested", "magic", "tag"];

/** What the checksum covers, unit by unit: of each block, and more of one in use. */
function checksum({ header }: Plan): Pick<HeaderLayoutData["header"], "checksum"> {
  if (header.checksum === undefined) return {};
  const covered = (inUse: boolean): readonly Field[] =>
    header.units.flatMap((unit) => {
      const mask = unit.fields
        .filter(
          ({ field: name }) => name !== "checksum" && name !== "padding" && labels.includes(name) === inUse,
        )
        .reduce((sum, { shift, bits }) => sum + (2 ** bits - 1) * 2 ** shift, 0);
      return mask === 0 ? [] : [{ offset: unit.offset, bytes: unit.bytes, shift: 0, mask }];
    });
  return { checksum: { ...header.checksum, parts: covered(false), inUse: covered(true) } };
}

/** A member of the control data by its name in the plan. */
export function member(plan: Plan, name: string): Member | undefined {
  const found = plan.control.find((candidate) => candidate.name === name);
  return found === undefined ? undefined : { offset: found.offset, bytes: found.bytes, count: found.count };
}

function links(plan: Plan): HeaderLayoutData["links"] {
  const { links: planned } = plan.header;
  if (planned.place === "own") throw new Error("blocks without a header have no links of this kind");
  const { unitBytes } = planned;
  if (planned.place === "slots") {
    return { place: "slots", unitBytes, slots: planned.count, table: requiredMember(plan, "slots") };
  }
  return {
    place: "blocks",
    unitBytes,
    bytes: planned.bytes,
    next: planned.nextOffset,
    ...(planned.form === "double" ? { previous: planned.previousOffset } : {}),
  };
}

function control(plan: Plan): HeaderLayoutData["control"] {
  const first = requiredMember(plan, "first");
  const optional = [
    "head",
    "wilderness",
    "last",
    "rover",
    "sweep_due",
    "spare",
    "summary",
    "bitmap",
    "filled",
    "quick",
    "quick_room",
  ];
  const found = optional.map((name) => [name, member(plan, name)] as const);
  return { first, ...Object.fromEntries(found.filter(([, placement]) => placement !== undefined)) };
}

/** What every layout has. */
export function layoutBasis(plan: Plan): LayoutBasis {
  const { name, heapBytes, granuleBytes, firstBlock, endOfBlocks } = plan;
  const { minimumBlockBytes, maximumRequestBytes } = plan;
  return {
    ...{ name, heapBytes, granuleBytes, firstBlock, endOfBlocks },
    ...{ minimumBlockBytes, maximumRequestBytes },
  };
}

/** As `member`, for one the policy always has. */
export function requiredMember(plan: Plan, name: string): Member {
  const found = member(plan, name);
  if (found === undefined) throw new Error(`the control data has no ${name}`);
  return found;
}

/** The layout of a policy whose blocks have headers and free ones stand in lists. */
export function headerLayout(plan: Plan): HeaderLayoutData {
  const { header } = plan;
  const sizeShift = findField(header, "size")?.placement.shift ?? 0;
  return {
    kind: "headers",
    ...layoutBasis(plan),
    header: {
      bytes: header.bytes,
      fields: fields(plan),
      ...(findField(header, "magic") === undefined ? {} : { magic: header.magic }),
      ...checksum(plan),
    },
    ...(header.footerBytes === 0
      ? {}
      : { footer: { bytes: header.footerBytes satisfies Width, shift: sizeShift } }),
    endHeader: plan.endHeader,
    links: links(plan),
    control: control(plan),
  };
}
