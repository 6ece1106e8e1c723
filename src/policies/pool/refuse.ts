/** What a pool cannot work with. */
import type { Config, HeaderConfig } from "../../config/config.js";
import type { PoolConfig } from "./types.js";
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import type { HeaderlessNeeds } from "../../header/needs.js";
import { machineOf } from "../../machine/registry.js";
import type { Target } from "../../targets/target.js";
import { refuseHeader } from "../refuse-header.js";
import type { Refusals } from "../policy.js";
import { strideAlignment } from "./plan.js";

export function headerNeeds(
  _policy: PoolConfig,
  header: HeaderConfig,
  alignment: number,
): HeaderlessNeeds | readonly Diagnostic[] {
  const refusals = refuseHeader(header, true);
  return refusals.length > 0 ? refusals : { headerless: true, granuleBytes: alignment, linkBefore: false };
}

export function refusedFunctions({ classes, atomic }: PoolConfig, { heap }: Config): Refusals {
  const unlocked = "an atomic pool has no lock, so its lists may change while they are read";
  const uncounted = "an atomic pool has no lock, under which calls could be counted";
  const sizes = classes.map(({ blockBytes }) => blockBytes);
  const most = Math.max(...sizes.map(strideAlignment));
  return {
    ...(atomic ? { walk: unlocked, check: unlocked, stats: unlocked, counters: uncounted } : {}),
    ...(most > heap.alignment
      ? {}
      : {
          alignedAlloc: `blocks of ${sizes.join(", ")} bytes are aligned to at most ${most}, which malloc already guarantees`,
        }),
  };
}

export function refuse(policy: PoolConfig, config: Config, target: Target): readonly Diagnostic[] {
  return [
    ...refuseAtomic(policy, config, target),
    ...refuseUnused(policy, config),
    ...refuseProducts(config, target),
  ];
}

/** A pointer's block is found by a product: without an instruction for it, that would be a library's function. */
function refuseProducts({ hardening }: Config, { multiplies, name }: Target): readonly Diagnostic[] {
  if (hardening === undefined || multiplies) return [];
  const reason = `a pool tells a block by a product, and ${name} does not multiply`;
  return [diagnose("conflict", { found: `"${hardening.tier}"`, reason }, { path: ["hardening"] })];
}

function refuseAtomic({ atomic }: PoolConfig, { lock }: Config, target: Target): readonly Diagnostic[] {
  if (!atomic) return [];
  const diagnostics: Diagnostic[] = [];
  const lacking = machineOf(target).lacksExclusiveAccess(target.architecture);
  if (lacking !== undefined) {
    const reason = `${target.description} ${lacking}`;
    diagnostics.push(diagnose("conflict", { found: "true", reason }, { path: ["policy", "atomic"] }));
  }
  if (lock.kind !== "none") {
    const reason = "an atomic pool needs no lock";
    diagnostics.push(diagnose("conflict", { found: `"${lock.kind}"`, reason }, { path: ["lock"] }));
  }
  return diagnostics;
}

/** Classes that the limits on requests leave without any. */
function refuseUnused({ classes, fallback }: PoolConfig, { limits }: Config): readonly Diagnostic[] {
  const { smallest = 0, largest = Infinity } = limits;
  const diagnostics: Diagnostic[] = [];
  for (const [index, { blockBytes }] of classes.entries()) {
    const before = classes[index - 1]?.blockBytes ?? 0;
    const reason =
      blockBytes < smallest
        ? `every request is larger: limits.smallest is ${smallest}`
        : before >= largest && !fallback
          ? `blocks of ${before} hold every request: limits.largest is ${largest}`
          : undefined;
    if (reason === undefined) continue;
    const found = `blocks of ${blockBytes} bytes`;
    diagnostics.push(diagnose("conflict", { found, reason }, { path: ["policy", "classes"] }));
  }
  return diagnostics;
}
