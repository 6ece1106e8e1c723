/** The view the C templates share: everything of the plan that is not the policy's own. */
import { headerConstants } from "../../header/c/constants.js";
import { soundnessView } from "../../header/c/soundness-view.js";
import { headerView } from "../../header/c/view.js";
import { drawHeader } from "../../header/draw.js";
import { tagBits } from "../../header/facts.js";
import {
  granuleShift,
  hasHeaders,
  linkUnitBytes,
  overheadBytes,
  type ControlField,
  type Plan,
} from "../../plan/plan.js";
import { drawMemoryMap } from "../../plan/draw.js";
import { cType, unsigned, type Constant } from "../../csource/c-text.js";
import { placementView } from "./placement-view.js";
import { lockView } from "./lock-view.js";
import { apiView } from "./api-view.js";
import { timeBound } from "./time-bound.js";
import type { View } from "../../csource/view.js";

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
  const own = plan.rules.headerlessBlocks?.declare(plan, field);
  if (own !== undefined) return own;
  const { links } = plan.header;
  if (field.name === "none") return "links_t none";
  if (field.name === "slots" && links.place === "slots") return "slot_t slots[SLOTS]";
  const slotNumbers = links.place === "slots" && field.name !== "coalesce_due" && field.name !== "wilderness";
  const isLink =
    field.name === "first" ||
    field.name === "last" ||
    field.name === "rover" ||
    field.name === "spare" ||
    field.name === "quick";
  const type = isLink ? (slotNumbers ? "slot_number_t" : "link_t") : cType(field.bytes);
  const count =
    field.count === 1 && field.name !== "quick"
      ? ""
      : field.name === "first"
        ? links.place === "intrusive" && links.addresses === true
          ? "[(2U * CLASSES) - 1U]"
          : "[CLASSES]"
        : field.name === "bitmap"
          ? "[BITMAP_WORDS]"
          : field.name === "quick"
            ? "[QUICK_LISTS]"
            : `[${unsigned(field.count)}]`;
  return `${type} ${field.name}${count}`;
}

/** What the C has as macros, as far as it uses them. */
export function constants(plan: Plan): readonly Constant[] {
  const policyConstants = plan.rules.constants(plan);
  if (!hasHeaders(plan)) return policyConstants;
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  return [
    constant("HEADER_BYTES", plan.header.bytes),
    constant("GRANULE_SHIFT", granuleShift(plan)),
    constant("GRANULE_MASK", plan.granuleBytes - 1),
    ...(linkUnitBytes(plan) === 1
      ? []
      : [constant("LINK_SHIFT", Math.log2(linkUnitBytes(plan)), "log2 of the unit of links.")]),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of the first block's header."),
    constant("END_OF_BLOCKS", plan.endOfBlocks, "Offset of the end of the last block."),
    constant("MINIMUM_BLOCK_BYTES", plan.minimumBlockBytes, "Header included."),
    ...(plan.api.alignedAlloc
      ? [
          constant(
            "LARGEST_BLOCK_BYTES",
            plan.endOfBlocks - plan.firstBlock,
            "All blocks of an empty heap, as one.",
          ),
        ]
      : []),
    ...headerConstants(plan),
    ...policyConstants,
  ];
}

/** What the templates of both files are given. */
export function cView(plan: Plan, provenance: Provenance): View {
  const policy = plan.rules.view(plan);
  const { header } = plan;
  const fields = headerView(plan);
  const planLine = columns([
    `policy=${plan.policy.kind}`,
    `target=${provenance.targetName}`,
    `align=${plan.alignment}`,
    `header=${header.bytes} B`,
    `min-block=${plan.minimumBlockBytes} B`,
    `control=${plan.controlBytes} B`,
    `locking=${plan.lock.kind}`,
  ]);
  return {
    freeText: `Frees a block${policy["mergesAtFree"] === true ? " and merges it with free neighbours" : ""}.`,
    hasWilderness: false,
    countedFrees: "",
    largestCost: "O(1)",
    largestNote: "",
    ...policy,
    name: plan.name,
    NAME: plan.name.toUpperCase(),
    brief: `${capitalised(policy["summary"] as string)}. ${plan.upTo === undefined ? "" : "Up to "}${sizeText(plan.heapBytes)}.`,
    version: provenance.version,
    configName: provenance.configName,
    configHash: provenance.configHash.slice(0, 8),
    planLine,
    alignment: unsigned(plan.alignment),
    alignmentText: String(plan.alignment),
    linesText:
      plan.cacheLine === undefined
        ? ""
        : ` No cache line of ${plan.cacheLine} bytes holds payload and metadata.`,
    heapBytes: unsigned(plan.heapBytes),
    leastSize:
      plan.upTo === undefined
        ? []
        : [{ name: plan.name, NAME: plan.name.toUpperCase(), bytes: unsigned(plan.upTo.leastBytes) }],
    mostText: plan.upTo === undefined ? "Size" : "Largest size",
    spaceForLast: plan.endHeader === "none" ? " + HEADER_BYTES" : "",
    maximumRequest: unsigned(plan.maximumRequestBytes),
    emptyBytes: unsigned(plan.emptyBytes),
    emptyNow:
      plan.upTo === undefined ? `${plan.name.toUpperCase()}_EMPTY_BYTES` : "(END_OF_BLOCKS - FIRST_BLOCK)",
    ofTheMost: plan.upTo === undefined ? "" : " that has all the memory it may take",
    zeroNull: plan.zeroSize === "null",
    ...requestView(plan),
    ...(policy["inRange"] === undefined ? {} : { inRange: policy["inRange"] }),
    ...trustView(plan, policy, fields),
    ...placementView(plan),
    ...lockView(plan.lock),
    ...faultView(plan),
    ...(policy["threadSafety"] === undefined ? {} : { threadSafety: policy["threadSafety"] }),
    memoryMap: lines(drawMemoryMap(plan)),
    headerTable: lines(drawHeader(header)),
    timeBound: timeBound(plan.cycleBounds, policy, provenance.targetName),
    header: fields,
    ...(hasHeaders(plan) ? { soundness: soundnessView(plan) } : {}),
    // Lined up with the saved mask, where there is one.
    lockedPad: plan.lock.kind === "none" ? "" : "      ",
    tagBits: String(tagBits(header)),
    control: plan.control.map((field) => ({
      declaration: declaration(plan, field),
      comment: capitalised(field.meaning),
    })),
    keepsCoalesceDue: plan.control.some((field) => field.name === "coalesce_due"),
    api: apiView(plan, policy),
    largest: {
      served: plan.limitsRequests
        ? `(bytes < ${plan.name.toUpperCase()}_MAX_REQUEST) ? bytes : ${plan.name.toUpperCase()}_MAX_REQUEST`
        : "bytes",
    },
  };
}

/** What the banner's line has room for, the rest on another. */
function columns(parts: readonly string[]): string {
  const room = 120 - " * Plan: ".length;
  const text = parts.join("  ");
  if (text.length <= room) return text;
  const last = parts.findLastIndex((_, index) => parts.slice(0, index).join("  ").length <= room);
  return `${parts.slice(0, last).join("  ")}\n *       ${parts.slice(last).join("  ")}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sizeText(size: number): string {
  return size % 1024 === 0 ? `${size / 1024} KiB` : `${size} bytes`;
}

/** How malloc and its like test a request and round it up. */
function requestView(plan: Plan): View {
  const { header, name } = plan;
  const prefix = name.toUpperCase();
  const zeroNull = plan.zeroSize === "null";
  const least = zeroNull ? 1 : 0;
  const naturalMinimum = Math.ceil((overheadBytes(plan) + least) / plan.granuleBytes) * plan.granuleBytes;
  // A request of one byte already rounds up to the minimum block: nothing to raise.
  const clampNeed = naturalMinimum < plan.minimumBlockBytes;
  const hasTag = tagBits(header) > 0;
  return {
    clampNeed,
    needed: plan.hardening?.guard === undefined ? "HEADER_BYTES" : "HEADER_BYTES + GUARD_BYTES",
    needType: clampNeed ? "uint32_t" : "const uint32_t",
    inRange: zeroNull ? `(size - 1U) < ${prefix}_MAX_REQUEST` : `size <= ${prefix}_MAX_REQUEST`,
    rangeComment: zeroNull
      ? "0 - 1 wraps around, so one comparison rejects both 0 and sizes whose rounding up would overflow."
      : "Check the range first: rounding up a larger size would overflow.",
    isFailure: zeroNull ? "(payload == NULL) && (size != 0U)" : "payload == NULL",
    mallocHead: hasTag
      ? `void *${name}_malloc_tagged(size_t size, uint32_t tag)`
      : `void *${name}_malloc(size_t size)`,
    mallocAgain: mallocAgain(plan),
    // Without boundary tags the block on the left is not found.
    joinedLeft:
      header.boundaryTag === "none" || plan.realloc.copyUnlocked === true
        ? "NULL"
        : "join_left(old, need - room)",
    keptAlignment: unsigned(plan.realloc.keepAlignment ?? plan.alignment),
    tagParameter: hasTag ? ", uint32_t tag" : "",
    noTag: hasTag ? ", 0U" : "",
  };
}

/** How realloc allocates the block that it moves to. */
function mallocAgain({ header, name, realloc }: Plan): string {
  const hasTag = tagBits(header) > 0;
  if (realloc.keepAlignment === undefined)
    return hasTag ? `${name}_malloc_tagged(size, tag)` : `${name}_malloc(size)`;
  const alignment = "alignment_of(pointer)";
  return hasTag
    ? `aligned_alloc_tagged(${alignment}, size, tag)`
    : `${name}_aligned_alloc(${alignment}, size)`;
}

/** Who is told of misuse. */
function faultView({ hardening, name }: Plan): View {
  if (hardening === undefined)
    return { otherPointer: "Otherwise the behaviour is undefined.", toldPointer: "", dropped: "" };
  return {
    // What frees a part of a block says whether it did.
    dropped: "(void)",
    toldPointer: ` Any other that is found is told to ${hardening.hook}().`,
    otherPointer: `Any other that is found is told to ${hardening.hook}().`,
    faultHook: hardening.hook,
    // One function of several heaps has one prototype.
    faultType: hardening.isGiven ? "uint32_t" : `${name}_fault_t`,
    faultNote: hardening.isGiven ? `, a ${name}_fault_t: the numbers are the same for every heap` : "",
    faultCast: hardening.isGiven ? "(uint32_t)" : "",
    hookOrigin: hardening.isGiven
      ? "You define it."
      : `Unless you define it, ${name}.c has one that stops the core.`,
  };
}

/** What free and realloc verify before they trust a header. */
function trustView(plan: Plan, policy: View, header: View): View {
  if (!hasHeaders(plan)) return {};
  const isBytes = linkUnitBytes(plan) === 1;
  const text = (key: string, otherwise: string): string => {
    const value = policy[key];
    return typeof value === "string" ? value : otherwise;
  };
  const own = text("ownHeader", "");
  const intact = text("trusts", "is_intact");
  const trusted = (block: string, neighbours: unknown): string =>
    `${intact}(${block})${neighbours === true ? ` && neighbours_are_intact(${block})` : ""}`;
  return {
    linkOffsetOfPayload: isBytes ? "link" : "((uint32_t)link << LINK_SHIFT)",
    payloadLink: isBytes
      ? "(offset_of(block) + HEADER_BYTES)"
      : "((offset_of(block) + HEADER_BYTES) >> LINK_SHIFT)",
    isTrusted: trusted(own === "" ? "block" : own, header["verifiesBeside"]),
    isResizable: trusted(own === "" ? "old" : own, header["readsNeighbours"]),
  };
}
