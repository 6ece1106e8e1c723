/** Plan to layout. */
import { findField, type FieldName, type Plan } from "../plan/plan.js";
import type { Field, Member, Width } from "./decode/numbers.js";
import type { HeaderLayoutData } from "./layout.js";

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
  const optional = ["used", "prevFree", "prevSize", "requested", "magic", "tag"] as const;
  const found = optional.map((name) => [name, field(plan, name)] as const);
  return { size, ...Object.fromEntries(found.filter(([, placement]) => placement !== undefined)) };
}

/** A member of the control data by its name in the plan. */
function member(plan: Plan, name: string): Member | undefined {
  const found = plan.control.find((candidate) => candidate.name === name);
  return found === undefined ? undefined : { offset: found.offset, bytes: found.bytes, count: found.count };
}

function links(plan: Plan): HeaderLayoutData["links"] {
  const { links: planned } = plan.header;
  if (planned.place === "own") throw new Error("blocks without a header have no links of this kind");
  const { unitBytes } = planned;
  if (planned.place === "slots") {
    const table = member(plan, "slots");
    if (table === undefined) throw new Error("the control data has no slots");
    return { place: "slots", unitBytes, slots: planned.count, table };
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
  const first = member(plan, "first");
  if (first === undefined) throw new Error("the control data has no lists");
  const optional = ["head", "wilderness", "last", "rover", "sweep_due", "spare", "summary", "bitmap"];
  const found = optional.map((name) => [name, member(plan, name)] as const);
  return { first, ...Object.fromEntries(found.filter(([, placement]) => placement !== undefined)) };
}

/** The layout of a policy whose blocks have headers and free ones stand in lists. */
export function headerLayout(plan: Plan): HeaderLayoutData {
  const { header } = plan;
  const sizeShift = findField(header, "size")?.placement.shift ?? 0;
  return {
    kind: "headers",
    name: plan.name,
    heapBytes: plan.heapBytes,
    granuleBytes: plan.granuleBytes,
    firstBlock: plan.firstBlock,
    endOfBlocks: plan.endOfBlocks,
    minimumBlockBytes: plan.minimumBlockBytes,
    maximumRequestBytes: plan.maximumRequestBytes,
    header: {
      bytes: header.bytes,
      fields: fields(plan),
      ...(findField(header, "magic") === undefined ? {} : { magic: header.magic }),
    },
    ...(header.footerBytes === 0
      ? {}
      : { footer: { bytes: header.footerBytes satisfies Width, shift: sizeShift } }),
    endHeader: plan.endHeader,
    links: links(plan),
    control: control(plan),
  };
}
