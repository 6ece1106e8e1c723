/** Config, target and policy to plan. */
import type { Config } from "../config/config.js";
import { refusedAlignment } from "../config/resolve-realloc.js";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { maskLacking, maskOfAll } from "../machine/registry.js";
import type { Target } from "../targets/target.js";
import { bytes, offset, roundUp } from "../units.js";
import { freeBlockBytes, hasHeaders, type HeaderLayout } from "../header/layout.js";
import { layOutHeader, layOutWithoutHeader } from "../header/pack.js";
import { figureMembers } from "./figure-members.js";
import { placeControl } from "./place-control.js";
import type { ControlField, CycleBounds, Plan } from "./plan.js";
import type { ControlMember, PlanningPolicy, PolicyPart } from "./policy-part.js";
import { showValue } from "../suggest.js";
import { guardBytesOf, hardeningOf, refusedHardening } from "./hardening.js";
import { refusedFunctions } from "./refused-functions.js";

const isDiagnostics = (value: object): value is readonly Diagnostic[] => Array.isArray(value);

/** No alignment above an eighth of the heap, nor above a page of 4 KiB: hardly any block would serve it. */
const maximumAlignment = ({ heap }: Config, size: number): number =>
  Math.max(heap.alignment, Math.min(4096, 2 ** Math.floor(Math.log2(size / 8))));

/** Where the blocks end, which init finds out. */
const actualEnd = ({ heap }: Config): readonly ControlMember[] =>
  heap.upTo === true
    ? [{ name: "end", bytes: 4, count: 1, meaning: "offset of the end of the last block" }]
    : [];

/** Where everything lies in a heap that may still be too small for it. */
interface Layout {
  readonly header: HeaderLayout;
  readonly granule: number;
  readonly part: PolicyPart;
  readonly control: readonly ControlField[];
  readonly controlBytes: number;
  readonly minimumBlock: number;
  readonly firstBlock: number;
  readonly endOfBlocks: number;
  /** Size of the heap from which on all this has room. */
  readonly needed: number;
}

/** @throws AllocGenError with every fault of the header, or with those of the policy. */
function layOut(policy: PlanningPolicy, config: Config, heapSize: number): Layout {
  const isHardened = config.hardening !== undefined;
  const needs = policy.headerNeeds(
    config.policy,
    config.header,
    config.heap.alignment,
    config.api,
    isHardened,
  );
  if (isDiagnostics(needs)) throw new AllocGenError(2, needs);
  const headerless = "headerless" in needs;
  const granule = headerless ? needs.granuleBytes : config.heap.alignment;
  const laidOut = headerless
    ? layOutWithoutHeader(config.header, needs, heapSize)
    : layOutHeader(config.header, needs, heapSize, granule, config.heap.cacheLine);
  if ("diagnostics" in laidOut) throw new AllocGenError(2, laidOut.diagnostics);
  const header = laidOut.layout;

  const needOf = (request: number) => roundUp(request + header.bytes + guardBytesOf(config), granule);
  const minimumBlock = Math.max(
    roundUp(header.bytes + freeBlockBytes(header), granule),
    needOf(Math.max(1, config.limits.smallest ?? 1)),
  );
  // An aligned allocation takes a block in which the payload can be moved up to the alignment, past a block.
  const slack = config.api.alignedAlloc ? maximumAlignment(config, heapSize) + minimumBlock : 0;
  const countFigures = figureMembers(config.api);
  const part = policy.plan(config.policy, {
    header,
    api: config.api,
    isHardened,
    figures: countFigures,
    maximumAlignment: maximumAlignment(config, heapSize),
    heapBytes: heapSize,
    granuleBytes: granule,
    minimumBlockBytes: minimumBlock,
    largestBlockBytes: heapSize - granule,
    largestNeedBytes: Math.min(
      heapSize - granule,
      Math.max(minimumBlock, needOf(config.limits.largest ?? heapSize)) + slack,
    ),
  });
  if (isDiagnostics(part)) throw new AllocGenError(2, part);

  const { control, end } = placeControl([...part.control, ...countFigures, ...actualEnd(config)]);
  if (part.space !== undefined) {
    const { minimumBlockBytes, firstBlock, endOfBlocks, needed } = part.space;
    const place = { minimumBlock: minimumBlockBytes, firstBlock, endOfBlocks, needed };
    return { header, granule, part, control, controlBytes: end, ...place };
  }
  const firstBlock = roundUp(end + header.bytes, granule) - header.bytes;
  const endOfBlocks = endOfBlocksIn(heapSize, { granule, header: header.bytes, endHeader: part.endHeader });
  const needed = roundUp(firstBlock + minimumBlock + heapSize - endOfBlocks, granule);
  const place = { minimumBlock, firstBlock, endOfBlocks, needed };
  return { header, granule, part, control, controlBytes: end, ...place };
}

/** Where the last block ends: its payload's end is a multiple of the granule, and a header that ends the heap has room. */
function endOfBlocksIn(
  heapBytes: number,
  { granule, header, endHeader }: { granule: number; header: number; endHeader: Plan["endHeader"] },
): number {
  const spaceForLast = endHeader === "none" ? header : 0;
  return Math.floor((heapBytes + spaceForLast) / granule) * granule - header;
}

/**
 * The plan of a heap that has fewer bytes than it may take: what is laid out for the most stays as it is.
 * @param heapBytes from the plan's least to its most, any number
 */
export function planWithin(plan: Plan, heapBytes: number): Plan {
  const { granuleBytes: granule, header, endHeader } = plan;
  const endOfBlocks = endOfBlocksIn(heapBytes, { granule, header: header.bytes, endHeader });
  return {
    ...plan,
    heapBytes: bytes(heapBytes),
    endOfBlocks: offset(endOfBlocks),
    emptyBytes: bytes(endOfBlocks - plan.firstBlock),
  };
}

/** The size from which on the heap is large enough: a larger heap may need more control data. */
function leastSize(policy: PlanningPolicy, config: Config, { needed }: Layout): number {
  let size = needed;
  try {
    for (
      let next = layOut(policy, config, size).needed;
      next > size;
      next = layOut(policy, config, size).needed
    )
      size = next;
  } catch (error) {
    // Refused for another reason at that size: the next run tells it.
    if (!(error instanceof AllocGenError)) throw error;
  }
  return size;
}

const cycleBounds = ({ budgets, toolchain }: Config, { cycleModel }: Target): CycleBounds => ({
  ...(budgets.cycles.malloc?.bound === undefined ? {} : { malloc: budgets.cycles.malloc.bound }),
  ...(budgets.cycles.free?.bound === undefined ? {} : { free: budgets.cycles.free.bound }),
  optimize: toolchain.optimize,
  waitStates: cycleModel.flash.waitStates,
});

function refuseMissingMask({ lock }: Config, target: Target): void {
  if (lock.kind === "none" || lock.kind === "custom") return;
  const reason = maskLacking(lock.kind, target);
  if (reason === undefined) return;
  throw new AllocGenError(2, [diagnose("conflict", { found: `"${lock.kind}"`, reason }, { path: ["lock"] })]);
}

/**
 * Decides every number of the allocator.
 * @throws AllocGenError (exit code 2) with every fault of the header and of the sizes, by config path.
 */
export function planHeap(policy: PlanningPolicy, given: Config, target: Target): Plan {
  const config = policy.formed(given, target);
  refuseMissingMask(config, target);
  const { size, alignment, cacheLine } = config.heap;
  const refusals = [
    ...refusedFunctions(policy, config),
    ...refusedHardening(policy, config),
    ...policy.refuse(config, target),
  ];
  if (refusals.length > 0) throw new AllocGenError(2, refusals);
  const layout = layOut(policy, config, size);
  refuseSharedLines(config, layout);
  refuseFixedBlocks(config, layout);
  const { header, granule, part, control, controlBytes, minimumBlock, firstBlock, endOfBlocks } = layout;
  if (layout.needed > size) {
    const needed = leastSize(policy, config, layout);
    const parameters = { size, control: controlBytes, block: minimumBlock, needed };
    throw new AllocGenError(2, [diagnose("heap-too-small", parameters, { path: ["heap", "size"] })]);
  }
  const largestPossible =
    part.largestServedBytes(endOfBlocks - firstBlock) - header.bytes - guardBytesOf(config);
  const plan: Plan = {
    name: config.name,
    heapBytes: size,
    ...(config.heap.upTo === true
      ? {
          upTo: {
            leastBytes: bytes(layout.needed),
            mostBytes: size,
            mostEndOfBlocks: offset(endOfBlocks),
          },
        }
      : {}),
    alignment,
    ...(cacheLine === undefined ? {} : { cacheLine }),
    granuleBytes: bytes(granule),
    placement: config.heap.placement,
    lock: config.lock,
    init: config.init ?? "explicit",
    ...hardeningOf(policy, config, { header: header.bytes, granule, minimumBlock }),
    owned: config.owned === true,
    tellsStart: config.owned === "start",
    header,
    control,
    controlBytes: bytes(controlBytes),
    firstBlock: offset(firstBlock),
    endOfBlocks: offset(endOfBlocks),
    endHeader: part.endHeader,
    coalescing: part.coalescing,
    minimumBlockBytes: bytes(minimumBlock),
    limitsRequests: (config.limits.largest ?? largestPossible) < largestPossible,
    emptyBytes: bytes(part.emptyBytes ?? endOfBlocks - firstBlock),
    maximumRequestBytes: bytes(Math.min(largestPossible, config.limits.largest ?? largestPossible)),
    zeroSize: config.zeroSize,
    heapAlignment: bytes(part.space?.heapAlignment ?? alignment),
    maximumAlignment: bytes(part.space?.maximumAlignment ?? maximumAlignment(config, size)),
    api: config.api,
    realloc: config.realloc ?? {},
    policy: part.policy,
    rules: policy.rulesOf(part.policy),
    countLeadingZeros: target.countLeadingZeros,
    multiplies: target.multiplies,
    unalignedAccess: target.unalignedAccess,
    maskOfAll: maskOfAll(target),
    cycleBounds: cycleBounds(config, target),
  };
  refuseUnlockedFirstCall(plan);
  refuseKeptAlignment(plan);
  return plan;
}

/** Where blocks end is a number of the C's, or of the policy's tables. */
function refuseFixedBlocks({ heap, policy }: Config, { header }: Layout): void {
  if (heap.upTo !== true || hasHeaders(header)) return;
  const reason = `${showValue(policy.kind)} sets out its blocks when the C is generated: a policy whose blocks have headers takes what there is`;
  throw new AllocGenError(2, [diagnose("conflict", { found: '"upTo"', reason }, { path: ["heap", "size"] })]);
}

/** A link in front of each payload ends the line of the payload before it. */
function refuseSharedLines({ heap, policy }: Config, { header }: Layout): void {
  const { cacheLine } = heap;
  if (cacheLine === undefined || header.bytes % cacheLine === 0) return;
  const reason = `the blocks of this ${showValue(policy.kind)} begin with ${header.bytes} bytes of its own, on the last line of the payload before; a policy with headers, or with nothing in front of payloads, keeps lines apart`;
  const path = ["heap", "cacheLine"];
  throw new AllocGenError(2, [diagnose("conflict", { found: String(cacheLine), reason }, { path })]);
}

function refuseKeptAlignment({ api, realloc, alignment, maximumAlignment: most }: Plan): void {
  const refused = refusedAlignment({ alignedAlloc: api.alignedAlloc, realloc }, { alignment, most });
  if (refused.length > 0) throw new AllocGenError(2, refused);
}

/** The first call is made once where contexts are kept apart: what needs no lock does not keep them so. */
function refuseUnlockedFirstCall(plan: Plan): void {
  if (plan.init !== "lazy" || plan.rules.isLockFree?.(plan) !== true) return;
  const reason =
    'the heap takes no lock, and interrupts may make the first call twice: "constructor" initialises it before';
  throw new AllocGenError(2, [diagnose("conflict", { found: '"lazy"', reason }, { path: ["init"] })]);
}
