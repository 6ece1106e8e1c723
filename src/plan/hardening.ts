/** Hardening that a config asks for: whether its policy has it, and what the plan says of it. */
import type { ApiName, Config } from "../config/config.js";
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { quotedList, showValue } from "../suggest.js";
import type { Plan } from "./plan.js";
import type { PlanningPolicy } from "./policy-part.js";

const path = ["hardening"];

/** What is not built is refused by name, never ignored. */
export function refusedHardening(policy: PlanningPolicy, config: Config): readonly Diagnostic[] {
  if (config.hardening === undefined) return [];
  const { tier } = config.hardening;
  const { tiers, refusal, functions = [] } = policy.hardening(config);
  if (!tiers.includes(tier)) {
    const what = `hardening ${showValue(tier)} of ${showValue(config.policy.kind)}`;
    return [diagnose("not-available", { what, allowed: quotedList(["none", ...tiers]) }, { path })];
  }
  const reason = refusal ?? refusedFunction(config, functions) ?? refusedPlacement(config);
  return reason === undefined ? [] : [diagnose("conflict", { found: showValue(tier), reason }, { path })];
}

/** Functions that follow what a block says of itself, and do not check it yet. */
function refusedFunction({ api }: Config, checked: readonly ApiName[]): string | undefined {
  const names = ["realloc", "alignedAlloc", "usableSize", "largestRequest"] as const;
  const found = names.find((name) => api[name] && !checked.includes(name));
  return found === undefined ? undefined : `api.${found} has no checks in this version`;
}

function refusedPlacement({ heap: { placement, upTo } }: Config): string | undefined {
  if (upTo === true) return 'nothing checks where a heap ends whose size is "upTo"';
  return placement.kind === "runtime" && placement.instances === "many"
    ? "many instances have no checks in this version"
    : undefined;
}

/** Bytes that are kept free behind each request. */
export const guardBytesOf = ({ hardening }: Config): number =>
  hardening === undefined || hardening.tier === "basic" ? 0 : 1;

/** What a number of bytes is added to for its code, so that codes are no characters of ASCII. */
const guardCode = 0x80;
/** 0xFF is no code. */
const mostGuarded = 0xfe - guardCode;

/** In bytes. */
interface Sizes {
  readonly header: number;
  readonly granule: number;
  readonly minimumBlock: number;
}

/** Bytes of a block that may be behind a request: rounded up, then one block of the least size short of being split. */
function mostGuardedIn({ zeroSize }: Config, { header, granule, minimumBlock }: Sizes): number {
  const ofLeast = minimumBlock - header - (zeroSize === "unique" ? 0 : 1);
  return Math.max(granule, ofLeast) + minimumBlock - granule;
}

/** @throws AllocGenError where a byte cannot say how much of a block is behind a request */
export function hardeningOf(policy: PlanningPolicy, config: Config, sizes: Sizes): Pick<Plan, "hardening"> {
  const { name, hardening } = config;
  if (hardening === undefined) return {};
  const { tier, hook } = hardening;
  const { evidence = "both-ways" } = policy.hardening(config);
  const told = { evidence, tier, hook: hook ?? `${name}_fault`, isGiven: hook !== undefined };
  if (guardBytesOf(config) === 0) return { hardening: told };
  const mostBytes = mostGuardedIn(config, sizes);
  if (mostBytes > mostGuarded) {
    const reason = `the byte that ends a block counts up to ${mostGuarded} bytes behind what was asked for, and blocks of ${sizes.minimumBlock} bytes at least have up to ${mostBytes}`;
    throw new AllocGenError(2, [diagnose("conflict", { found: showValue(tier), reason }, { path })]);
  }
  return { hardening: { ...told, guard: { code: guardCode, mostBytes } } };
}
