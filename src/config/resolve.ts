/** From the config as written to the config as meant: defaults, bytes, and what the values mean together. */
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import type { Chip } from "../chips/chip.js";
import type { BoundaryChoice } from "../header/boundary-tag.js";
import type { Palette } from "../header/palette.js";
import { resolveHeader } from "../header/resolve.js";
import type { Bytes } from "../units.js";
import { nearestWord, quotedList, showValue } from "../suggest.js";
import { neededFunctions, refuseRefusedFunctions, resolveOutputs } from "./resolve-outputs.js";
import type { Policies } from "../policies/policy.js";
import { compilerNamed, compilerWords } from "./compiler.js";
import type { Api, ApiName, Budgets, Config, CycleLimits, Lock, PolicyChoice } from "./config.js";
import type { ConfigDraft } from "./draft.js";
import { nameFault } from "./identifiers.js";
import type { Report } from "./report.js";
import { placeOnChip, refuseOtherCore, resolveChip, targetOfChip } from "./resolve-chip.js";
import { resolveInit } from "./resolve-init.js";
import { resolveHardening } from "./resolve-hardening.js";
import { resolveHeap } from "./resolve-heap.js";
import { resolveRealloc } from "./resolve-realloc.js";
import { resolveLock } from "./resolve-lock.js";
import type { ConfigInput } from "./schema.js";
import { apiNames, basicWorkloads, workloadNames } from "./vocabulary.js";
import { parseSize, showBytes } from "./sizes.js";

export interface ResolveContext {
  readonly policies: Policies;
  /** Fields that headers may have. */
  readonly palette: Palette;
  /** Names of the targets there are; undefined leaves the name to whoever reads the target. */
  readonly targets?: readonly string[] | undefined;
  readonly chips: () => readonly Chip[];
  /** Whether the target may be another than the core of the chip. */
  readonly isTargetFree: boolean;
  /** Absolute path of a file the config names. */
  readonly absolutePath: (written: string) => string;
  readonly fileExists: (absolutePath: string) => boolean;
}

/** The config, and every fault found. With faults the config is a stand-in that nobody may use. */
export function resolveConfig(
  draft: ConfigDraft,
  context: ResolveContext,
): { readonly config: Config; readonly faults: readonly Diagnostic[] } {
  const faults: Diagnostic[] = [];
  const report: Report = (fault) => faults.push(fault);
  const name = resolveName(draft.name, report);
  const heap = resolveHeap(draft.heap ?? {}, name, report);
  const lock = resolveLock(draft.lock, name, report);
  const { policy, written } = chosenPolicy(draft.policy, context.policies);
  const outputs = resolveOutputs(draft.outputs, heap.placement, report);
  refuseRefusedFunctions(draft.api ?? {}, outputs, report);
  const neededBy = Object.fromEntries(neededFunctions(outputs));
  const api = resolveApi(draft.api ?? {}, neededBy);
  const chip = resolveChip(draft.chip, context.chips, report);
  const target = resolveTarget(draft, chip, context, report);
  const placed = placeOnChip(chip, draft, heap, report);
  const config: Config = {
    name,
    target,
    ...(placed === undefined ? {} : { chip: placed }),
    heap,
    policy: policy.resolve(written, heap.alignment, report, writtenBoundaryTag(draft)),
    header: resolveHeader(draft.header, {
      palette: context.palette,
      preset: policy.headerPreset(written),
      heapSize: heap.size,
      report,
    }),
    limits: resolveLimits(draft.limits ?? {}, heap.size, report),
    zeroSize: draft.api?.zeroSize ?? "null",
    lock,
    ...resolveInit(draft.init, heap.placement, outputs, report),
    api,
    ...resolveRealloc(draft.api?.realloc, lock, report),
    ...resolveHardening(draft.hardening, report),
    outputs,
    neededBy,
    toolchain: resolveToolchain(draft.toolchain ?? {}, report),
    verify: resolveVerify(draft.verify ?? {}, api, context, report),
    budgets: resolveBudgets(draft.budgets ?? {}, lock, report),
  };
  return { config, faults };
}

const writtenBoundaryTag = ({ header }: ConfigDraft): BoundaryChoice =>
  typeof header === "object" ? (header.boundaryTag ?? "auto") : "auto";

/** What is missing was reported with the shape: any policy's defaults stand in for it. */
function chosenPolicy(written: PolicyChoice | undefined, [first, ...others]: Policies) {
  const policy = [first, ...others].find(({ name }) => name === written?.kind) ?? first;
  return { policy, written: written ?? { kind: first.name } };
}

function resolveName(name: string | undefined, report: Report): string {
  const reason = name === undefined ? undefined : nameFault(name);
  if (reason !== undefined) {
    report(diagnose("conflict", { found: showValue(name), reason }, { path: ["name"] }));
  }
  return name ?? "";
}

function resolveTarget(
  { target }: ConfigDraft,
  chip: Chip | undefined,
  { targets, isTargetFree }: ResolveContext,
  report: Report,
): string {
  const allowed = targets === undefined ? "a string" : quotedList(targets);
  const name = typeof target === "string" ? target : undefined;
  if (target === undefined && chip !== undefined) return targetOfChip(chip, targets, report);
  if (target === undefined) report(diagnose("missing-key", { key: "target", allowed }, { path: [] }));
  else if (name === undefined || targets?.includes(name) === false) {
    const nearest = name === undefined ? undefined : nearestWord(name, targets ?? []);
    const parameters = { found: showValue(target), nearest, allowed };
    report(diagnose("invalid-value", parameters, { path: ["target"] }));
  } else if (chip !== undefined && !isTargetFree) refuseOtherCore(name, chip, report);
  return name ?? "";
}

function resolveLimits(
  limits: NonNullable<ConfigInput["limits"]>,
  heapSize: Bytes,
  report: Report,
): Config["limits"] {
  const largest = limits.largest === undefined ? undefined : parseSize(limits.largest);
  const smallest = limits.smallest === undefined ? undefined : parseSize(limits.smallest);
  const within = (value: Bytes | undefined, least: number, key: string) => {
    if (value === undefined || (value >= least && value <= heapSize)) return;
    const parameters = { found: showBytes(value), allowed: `${showBytes(least)} to ${showBytes(heapSize)}` };
    report(diagnose("invalid-value", parameters, { path: ["limits", key] }));
  };
  within(largest, 1, "largest");
  within(smallest, 0, "smallest");
  if (largest !== undefined && smallest !== undefined && smallest > largest) {
    const parameters = {
      found: showBytes(smallest),
      reason: `limits.largest is smaller: ${showBytes(largest)}`,
    };
    report(diagnose("conflict", parameters, { path: ["limits", "smallest"] }));
  }
  return {
    ...(largest === undefined ? {} : { largest }),
    ...(smallest === undefined ? {} : { smallest }),
  };
}

/** Those that are asked for, and those that an output calls. */
const resolveApi = (api: NonNullable<ConfigInput["api"]>, neededBy: Config["neededBy"]): Api =>
  Object.fromEntries(
    apiNames.map((name) => [name, (api[name] ?? neededBy[name] !== undefined) !== false]),
  ) as Record<ApiName, boolean>;

function resolveToolchain(
  toolchain: NonNullable<ConfigInput["toolchain"]>,
  report: Report,
): Config["toolchain"] {
  const { compiler: named = "gcc", optimize = "-O2" } = toolchain;
  const compiler = compilerNamed(named);
  if (compiler === undefined) {
    const parameters = { what: `compiler ${showValue(named)}`, allowed: compilerWords };
    report(diagnose("not-available", parameters, { path: ["toolchain", "compiler"] }));
  }
  return { compiler: compiler ?? named, optimize };
}

function resolveVerify(
  verify: NonNullable<ConfigInput["verify"]>,
  api: Api,
  context: ResolveContext,
  report: Report,
): Config["verify"] {
  const hasMore = api.calloc || api.realloc || api.alignedAlloc;
  const all = hasMore ? workloadNames : basicWorkloads;
  const { seed = 1, operations = 20_000, workloads = all, traces = [], strict = false } = verify;
  const resolved = traces.map(context.absolutePath);
  refuseRepeated(workloads, ["verify", "workloads"], report);
  refuseRepeated(resolved, ["verify", "traces"], report);
  resolved.forEach((path, index) => {
    const written = traces[index] ?? path;
    if (context.fileExists(path)) return;
    report(diagnose("file-missing", { file: written }, { path: ["verify", "traces", index] }));
  });
  if (workloads.length === 0 && traces.length === 0) {
    const reason = "without a workload or a trace nothing would be verified";
    report(diagnose("conflict", { found: "an empty list", reason }, { path: ["verify", "workloads"] }));
  }
  return { seed, operations, workloads, traces: resolved, strict };
}

function refuseRepeated(names: readonly string[], path: ConfigPath, report: Report): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    const reason = `item ${names.indexOf(name) + 1} of the list is the same`;
    report(diagnose("conflict", { found: "a repeated item", reason }, { path: [...path, index] }));
  });
}

function resolveBudgets(budgets: NonNullable<ConfigInput["budgets"]>, lock: Lock, report: Report): Budgets {
  const cycles: { malloc?: CycleLimits; free?: CycleLimits } = {};
  for (const name of ["malloc", "free"] as const) {
    const limits = budgets.cycles?.[name];
    if (limits === undefined) continue;
    cycles[name] = {
      ...(limits.worst === undefined ? {} : { worst: limits.worst }),
      ...(limits.mean === undefined ? {} : { mean: limits.mean }),
      ...(limits.bound === undefined ? {} : { bound: limits.bound }),
    };
  }
  const size = <K extends "flash" | "ram" | "stack">(key: K): { readonly [key in K]?: Bytes } => {
    const written = budgets[key];
    const value = written === undefined ? undefined : parseSize(written);
    return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: Bytes });
  };
  const { interruptLatency } = budgets;
  if (interruptLatency !== undefined && lock.kind === "none") {
    const reason = 'without a lock the heap masks no interrupts (lock is "none")';
    const path = ["budgets", "interruptLatency"];
    report(diagnose("conflict", { found: String(interruptLatency), reason }, { path }));
  }
  const masking = interruptLatency === undefined ? {} : { interruptLatency };
  return { cycles, ...masking, ...size("flash"), ...size("ram"), ...size("stack") };
}
