/** Config and target to plan. */
import type { Config } from "../config/config.js";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { policyFor } from "../policies/registry.js";
import type { ControlMember } from "../policies/policy.js";
import type { Target } from "../targets/target.js";
import { bytes, offset, roundUp } from "../units.js";
import { freeBlockBytes, layOutHeader } from "./header-layout.js";
import type { ControlField, Plan } from "./plan.js";

const isDiagnostics = (value: object): value is readonly Diagnostic[] => Array.isArray(value);

function placeControl(members: readonly ControlMember[]): {
  readonly control: readonly ControlField[];
  readonly end: number;
} {
  let at = 0;
  const control = members.map((member) => {
    at = roundUp(at, member.bytes);
    const field = { ...member, offset: offset(at) };
    at += member.bytes * member.count;
    return field;
  });
  // The C struct ends on a multiple of its widest member.
  return { control, end: roundUp(at, Math.max(...members.map((member) => member.bytes))) };
}

/**
 * Decides every number of the allocator.
 * @throws AllocGenError (exit code 2) with every fault of the header and of the sizes, by config path.
 */
export function makePlan(config: Config, target: Target): Plan {
  const policy = policyFor(config.policy);
  const granule = config.heap.alignment;
  const needs = policy.headerNeeds(config.policy, config.header);
  if (isDiagnostics(needs)) throw new AllocGenError(2, needs);
  const laidOut = layOutHeader(config.header, needs, config.heap.size, granule);
  if ("diagnostics" in laidOut) throw new AllocGenError(2, laidOut.diagnostics);
  const header = laidOut.layout;

  const needOf = (request: number) => roundUp(request + header.bytes, granule);
  const minimumBlock = Math.max(
    roundUp(header.bytes + freeBlockBytes(header), granule),
    needOf(Math.max(1, config.limits.smallest ?? 1)),
  );
  const part = policy.plan(config.policy, {
    header,
    granuleBytes: granule,
    minimumBlockBytes: minimumBlock,
    largestBlockBytes: config.heap.size - granule,
    largestNeedBytes: Math.min(
      config.heap.size - granule,
      Math.max(minimumBlock, needOf(config.limits.largest ?? config.heap.size)),
    ),
  });
  if (isDiagnostics(part)) throw new AllocGenError(2, part);

  const { control, end } = placeControl(part.control);
  const firstBlock = roundUp(end + header.bytes, granule) - header.bytes;
  const spaceForLast = part.endHeader === "none" ? header.bytes : 0;
  const endOfBlocks = Math.floor((config.heap.size + spaceForLast) / granule) * granule - header.bytes;
  if (endOfBlocks - firstBlock < minimumBlock) {
    const needed = roundUp(firstBlock + minimumBlock + config.heap.size - endOfBlocks, granule);
    throw new AllocGenError(2, [
      diagnose(
        "heap-too-small",
        { size: config.heap.size, control: end, block: minimumBlock, needed },
        { path: ["heap", "size"] },
      ),
    ]);
  }
  const largestPossible = part.largestServedBytes(endOfBlocks - firstBlock) - header.bytes;
  return {
    name: config.name,
    heapBytes: config.heap.size,
    alignment: granule,
    granuleBytes: granule,
    ...(config.heap.section === undefined ? {} : { section: config.heap.section }),
    header,
    control,
    controlBytes: bytes(end),
    firstBlock: offset(firstBlock),
    endOfBlocks: offset(endOfBlocks),
    endHeader: part.endHeader,
    minimumBlockBytes: bytes(minimumBlock),
    maximumRequestBytes: bytes(Math.min(largestPossible, config.limits.largest ?? largestPossible)),
    zeroSize: config.zeroSize,
    policy: part.policy,
    countLeadingZeros: target.countLeadingZeros,
  };
}
