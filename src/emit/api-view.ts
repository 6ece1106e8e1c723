/** What the templates of the functions beside malloc and free are given. */
import { tellsWaiting } from "../header/facts.js";
import { hasHeaders, type Plan } from "../plan/plan.js";
import { unsigned } from "./c-text.js";
import type { View } from "./view.js";

/** @param policy the policy's own view */
export function apiView(plan: Plan, policy: View): View {
  const { api, header } = plan;
  const looks = api.walk || api.check || api.stats;
  const headers = hasHeaders(plan);
  const readsBlocks = headers && looks;
  const cuts = headers && (api.realloc || api.alignedAlloc);
  const copies = api.realloc && policy["copies"] !== false;
  return {
    ...api,
    words: api.calloc || copies,
    clears: api.calloc,
    copies,
    // Blocks are whole granules: behind a header of whole words the payload is too.
    wholeWords: header.bytes % 4 === 0,
    accesses: cuts || readsBlocks,
    tellsAvailable: api.walk || api.stats,
    available: tellsWaiting(header) ? "is_available" : "is_free",
    // Where links and not offsets lead to blocks, offsets need a way of their own.
    headersByOffset: policy["linksLead"] === true && readsBlocks,
    blockAt: policy["linksLead"] === true ? "header_at" : "block_at",
    cuts: cuts || policy["resizes"] === true,
    // Without headers the policy tells what stands where.
    spans: !headers && (policy["spans"] ?? looks) === true,
    countsInPolicy: policy["countsInPolicy"] === true,
    readsTag: api.realloc || api.walk || api.stats,
    blocksEnd: policy["endOfUsed"] ?? "END_OF_BLOCKS",
    endBlock: plan.endHeader === "block",
    endTag: plan.endHeader === "tag",
    byAddress: policy["listByAddress"] === true,
    resizes: headers || policy["resizes"] === true,
    growsLeft: header.boundaryTag !== "none" || policy["growsLeft"] === true,
    take: policy["obtain"] ?? (policy["sweeps"] === true ? "take_or_sweep" : "take"),
    minimumAboveGranule: plan.minimumBlockBytes > plan.granuleBytes,
    alignmentSlack: slackText(plan),
    reallocText: policy["reallocText"] ?? "",
    alignedText: policy["alignedText"] ?? "What is in front of the payload and behind it stays free.",
    alignedCost:
      policy["alignedCost"] ??
      ` Above ${plan.name.toUpperCase()}_ALIGNMENT it takes a free block of @p alignment bytes more.`,
    maximumAlignment: unsigned(plan.maximumAlignment),
  };
}

/** What the gap in front of an aligned payload may have beside the alignment. */
function slackText({ minimumBlockBytes, granuleBytes }: Plan): string {
  const above = minimumBlockBytes - granuleBytes;
  return above === 0 ? `- ${unsigned(granuleBytes)}` : `+ ${unsigned(above)}`;
}
