/** Which functions each policy can give beside malloc and free, and why not the others. */
import { apiNames } from "../config/schema.js";
import type { ApiName, BumpConfig, Config, PoolConfig } from "../config/config.js";
import { diagnose, type Diagnostic } from "../diagnostics.js";
import { strideAlignment } from "./pool/plan.js";

/** Why a function is not generated; functions that are not named are. */
type Refusals = Readonly<Partial<Record<ApiName, string>>>;

function poolRefusals({ classes, atomic }: PoolConfig, { heap }: Config): Refusals {
  const unlocked = "an atomic pool has no lock, and its lists may change while they are looked at";
  const sizes = classes.map(({ blockBytes }) => blockBytes);
  const most = Math.max(...sizes.map(strideAlignment));
  return {
    ...(atomic ? { walk: unlocked, check: unlocked, stats: unlocked } : {}),
    ...(most > heap.alignment
      ? {}
      : {
          alignedAlloc: `blocks of ${sizes.join(", ")} bytes have no larger alignment than ${most}, which malloc gives`,
        }),
  };
}

/** An arena that is given back as a whole keeps nothing of its blocks. */
function bumpRefusals({ release }: BumpConfig): Refusals {
  if (release === "lifo") return {};
  const reason = 'an arena with release "all" does not know where its blocks begin; one with "lifo" does';
  return { realloc: reason, usableSize: reason, walk: reason };
}

function refusalsOf(config: Config): Refusals {
  const { policy } = config;
  switch (policy.kind) {
    case "sequential-fit":
    case "segregated-fit":
      return {};
    case "pool":
      return poolRefusals(policy, config);
    case "bitmap":
    case "buddy":
      return {};
    case "bump":
      return bumpRefusals(policy);
  }
}

/** The functions the config asks for and its policy does not give. */
export function refusedFunctions(config: Config): readonly Diagnostic[] {
  const refused = refusalsOf(config);
  return apiNames.flatMap((name) => {
    const reason = refused[name];
    if (!config.api[name] || reason === undefined) return [];
    return [diagnose("conflict", { found: "true", reason }, { path: ["api", name] })];
  });
}
