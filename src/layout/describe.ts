/** Plan to layout. */
import { sizeField } from "../header/facts.js";
import { headerData, placementsOf } from "../header/header-data.js";
import type { Plan } from "../plan/plan.js";
import type { Member, Width } from "./decode/numbers.js";
import type { HeaderLayoutData, LayoutBasis } from "./layout.js";

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
  const { bytes, nextOffset: next, previousOffset: previous } = planned;
  if (planned.addresses === true)
    return { place: "addresses", unitBytes: 1, bytes, end: requiredMember(plan, "none"), next, previous };
  return {
    place: "blocks",
    unitBytes,
    bytes,
    next,
    ...(planned.form === "double" ? { previous } : {}),
  };
}

function control(plan: Plan): HeaderLayoutData["control"] {
  const words = requiredMember(plan, "first");
  const { links: planned } = plan.header;
  // Between two heads that are linked to by address there is a word of no use.
  const isAddress = planned.place === "intrusive" && planned.addresses === true;
  const first = isAddress ? { ...words, count: (words.count + 1) / 2 } : words;
  const optional = [
    "head",
    "wilderness",
    "end",
    "last",
    "rover",
    "coalesce_due",
    "spare",
    "summary",
    "bitmap",
    "nonempty",
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
  return {
    kind: "headers",
    ...layoutBasis(plan),
    header: headerData(header),
    placements: placementsOf(header),
    ...(header.footerBytes === 0
      ? {}
      : { footer: { bytes: header.footerBytes satisfies Width, shift: sizeField(header).placement.shift } }),
    endHeader: plan.endHeader,
    links: links(plan),
    control: control(plan),
  };
}
