/** The view the C templates share: everything of the plan that is not the policy's own. */
import { granuleShift, type ControlField, type Plan } from "../plan/plan.js";
import { drawHeader, drawMemoryMap } from "../plan/draw.js";
import { policyFor } from "../policies/registry.js";
import { cType, defines, unsigned, type Constant } from "./c-text.js";
import { headerView } from "./header-view.js";
import type { View } from "./view.js";

/** What the banner says of where the files come from. */
export interface Provenance {
  readonly version: string;
  /** The config's file name, without a folder: the output must not depend on where it lies. */
  readonly configName: string;
  /** Hexadecimal sha256 of the resolved config. */
  readonly configHash: string;
  readonly targetName: string;
}

const lines = (text: string): View[] => text.split("\n").map((line) => ({ text: line }));

function declaration(plan: Plan, field: ControlField): string {
  const { links } = plan.header;
  if (field.name === "slots" && links.place === "slots") return "slot_t slots[SLOTS]";
  const slotNumbers = links.place === "slots" && field.name !== "sweep_due" && field.name !== "wilderness";
  const isLink =
    field.name === "first" || field.name === "last" || field.name === "rover" || field.name === "spare";
  const type = isLink ? (slotNumbers ? "slot_number_t" : "link_t") : cType(field.bytes);
  const count =
    field.count === 1
      ? ""
      : field.name === "first"
        ? "[CLASSES]"
        : field.name === "bitmap"
          ? "[BITMAP_WORDS]"
          : `[${unsigned(field.count)}]`;
  return `${type} ${field.name}${count}`;
}

function asserts(plan: Plan): View[] {
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): View => ({ condition, sentence });
  const masks: View[] = [];
  const view = headerView(plan);
  const flags = [view["hasFree"] === true ? "FREE" : "", view["footer"] === true ? "PREV_FREE" : ""].filter(
    (flag) => flag !== "",
  );
  if (view["hasSizeMask"] === true) {
    for (const flag of flags)
      masks.push(check(`(SIZE_MASK & ${flag}) == 0U`, `the size field and ${flag} overlap`));
    const largest = view["sizeAsStored"] as string;
    masks.push(
      check(
        `(${largest.replace("size", "(END_OF_BLOCKS - FIRST_BLOCK)")} & ~SIZE_MASK) == 0U`,
        "the size field does not hold the largest block",
      ),
      check(
        `${largest.replace("size", "(GRANULE_MASK + 1U)")} == (SIZE_MASK & (0U - SIZE_MASK))`,
        "the size field does not begin at one granule",
      ),
    );
  }
  if (flags.length === 2) masks.push(check("(FREE & PREV_FREE) == 0U", "the two flags overlap"));
  for (const flag of flags)
    masks.push(check(`(${flag} & (${flag} - 1U)) == 0U`, `${flag} is more than one bit`));
  return [
    check(`${name}_ALIGNMENT == (GRANULE_MASK + 1U)`, "a granule is the alignment"),
    check("(1U << GRANULE_SHIFT) == (GRANULE_MASK + 1U)", "the shift and the mask of a granule differ"),
    check(`sizeof(heap) == ${name}_SIZE_BYTES`, "the control data is larger than the heap"),
    check("FIRST_BLOCK >= sizeof(control_t)", "the first block begins in the control data"),
    check("((FIRST_BLOCK + HEADER_BYTES) & GRANULE_MASK) == 0U", "the first payload is misaligned"),
    check("((END_OF_BLOCKS + HEADER_BYTES) & GRANULE_MASK) == 0U", "the blocks end off a granule"),
    plan.endHeader === "none"
      ? check(`END_OF_BLOCKS <= ${name}_SIZE_BYTES`, "the blocks end behind the heap")
      : check(`(END_OF_BLOCKS + HEADER_BYTES) <= ${name}_SIZE_BYTES`, "the last header ends behind the heap"),
    check(
      `${name}_MAX_REQUEST <= (END_OF_BLOCKS - FIRST_BLOCK - HEADER_BYTES)`,
      "an empty heap does not serve the largest request",
    ),
    check("(MINIMUM_BLOCK_BYTES & GRANULE_MASK) == 0U", "the minimum block is no whole number of granules"),
    check(`MINIMUM_BLOCK_BYTES >= ${freeBlockText(plan)}`, "a free block does not hold its links"),
    check("sizeof(block_t) == HEADER_BYTES", "the header is not as long as the plan says"),
    ...masks,
  ];
}

function freeBlockText(plan: Plan): string {
  const { links, footerBytes } = plan.header;
  const linksText = links.place === "slots" ? "" : " + sizeof(links_t)";
  const footer = footerBytes === 0 ? "" : ` + ${unsigned(footerBytes)}`;
  return `(sizeof(block_t)${linksText}${footer})`;
}

function constants(plan: Plan): readonly Constant[] {
  const view = headerView(plan);
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  const mask = (name: string, value: unknown): Constant[] =>
    typeof value === "string" && value !== "" ? [{ name, value, comment: "" }] : [];
  return [
    constant("HEADER_BYTES", plan.header.bytes),
    constant("GRANULE_SHIFT", granuleShift(plan)),
    constant("GRANULE_MASK", plan.granuleBytes - 1),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of the first block's header."),
    constant("END_OF_BLOCKS", plan.endOfBlocks, "Offset where the last block ends."),
    constant("MINIMUM_BLOCK_BYTES", plan.minimumBlockBytes, "Header included."),
    ...mask("SIZE_MASK", view["sizeMask"]),
    ...mask("FREE", view["freeMask"]),
    ...mask("PREV_FREE", view["prevFreeMask"]),
    ...(view["hasMagic"] === true ? mask("MAGIC", view["magic"]) : []),
    ...policyFor(plan.policy).constants(plan),
  ];
}

/** The view of heap.c.hbs and heap.h.hbs. */
export function cView(plan: Plan, provenance: Provenance): View {
  const policy = policyFor(plan.policy).view(plan);
  const templates = `policies/${plan.policy.kind}`;
  const { header } = plan;
  const naturalMinimum = Math.ceil((header.bytes + 1) / plan.granuleBytes) * plan.granuleBytes;
  const tag = header.units.flatMap((unit) => unit.fields).find((field) => field.field === "tag");
  const planLine = [
    `policy=${plan.policy.kind}`,
    `target=${provenance.targetName}`,
    `align=${plan.alignment}`,
    `header=${header.bytes} B`,
    `min-block=${plan.minimumBlockBytes} B`,
    `control=${plan.controlBytes} B`,
    "locking=none",
  ].join("  ");
  return {
    ...policy,
    name: plan.name,
    NAME: plan.name.toUpperCase(),
    brief: `${capitalised(policy["summary"] as string)}. ${sizeText(plan.heapBytes)}${plan.section === undefined ? "" : ` in section ${plan.section}`}.`,
    version: provenance.version,
    configName: provenance.configName,
    configHash: provenance.configHash.slice(0, 8),
    planLine,
    alignment: unsigned(plan.alignment),
    alignmentText: String(plan.alignment),
    heapBytes: unsigned(plan.heapBytes),
    maximumRequest: unsigned(plan.maximumRequestBytes),
    zeroNull: plan.zeroSize === "null",
    layoutConstants: defines(constants(plan)).map((text) => ({ text })),
    // A request of one byte already rounds up to the minimum block: nothing to raise.
    clampNeed:
      (plan.zeroSize === "unique" && header.bytes % plan.granuleBytes === 0) ||
      naturalMinimum < plan.minimumBlockBytes,
    section: plan.section ?? "",
    memoryMap: lines(drawMemoryMap(plan)),
    headerTable: lines(drawHeader(plan)),
    header: headerView(plan),
    tagBits: String(tag?.bits ?? 0),
    control: plan.control.map((field) => ({
      declaration: declaration(plan, field),
      comment: capitalised(field.meaning),
    })),
    asserts: asserts(plan),
    policyTemplate: `${templates}/policy`,
    initTemplate: `${templates}/init`,
  };
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sizeText(size: number): string {
  return size % 1024 === 0 ? `${size / 1024} KiB` : `${size} bytes`;
}
