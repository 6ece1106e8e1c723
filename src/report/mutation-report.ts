/** The report of `alloc-gen mutate`, as data. */
import { createTwoFilesPatch } from "diff";
import { knownEquivalent } from "../mutation/equivalents.js";
import { edited } from "../mutation/mutant.js";
import { mutationOperators } from "../mutation/registry.js";
import type { MutationResult } from "../mutation/run-mutation.js";
import { isViable, type TriedMutant } from "../mutation/try-mutants.js";
import type { Verdict } from "../mutation/verdict.js";

/** What became of some mutants. */
export interface MutantCounts {
  readonly killed: number;
  readonly survived: number;
  /** None of these counts in the share. Survivors that are known to mean the same as the original: */
  readonly equivalent: number;
  readonly sameCode: number;
  readonly notCompiled: number;
}

export interface MutationReport extends MutantCounts {
  readonly version: 1;
  /** Whether the share is the minimum or more, and nothing was interrupted. */
  readonly ok: boolean;
  readonly interrupted: boolean;
  readonly name: string;
  readonly target: string;
  readonly policy: string;
  readonly seed: number;
  /** Mutants there are, of the operators and functions asked for. */
  readonly all: number;
  readonly minimumPercent: number;
  /** Killed of those that were verified; null where none was. */
  readonly killedPercent: number | null;
  readonly operators: readonly (MutantCounts & { readonly name: string })[];
  /** In the order of the C file. */
  readonly functions: readonly (MutantCounts & { readonly name: string })[];
  /** By what the killed ones were found, the most frequent first. */
  readonly stages: readonly { readonly name: string; readonly killed: number }[];
  readonly survivors: readonly MutantReport[];
  /** All, in the order of the draw. */
  readonly mutants: readonly MutantReport[];
}

export interface MutantReport {
  readonly operator: string;
  readonly function: string;
  /** In the C file, from 1. */
  readonly line: number;
  readonly verdict: Verdict["kind"];
  /** Of a killed one. */
  readonly stage?: string;
  readonly message?: string;
  /** Of a survivor: modelled cycles of the workloads, the mutant's less the original's. */
  readonly cycles?: number;
  /** Of a survivor that means the same as the original: why. */
  readonly equivalent?: string;
  /** Unified. */
  readonly diff: string;
}

export function makeMutationReport(result: MutationResult, minimumPercent: number): MutationReport {
  const { project, tried, interrupted, seed, all } = result;
  const known = (each: TriedMutant): string | undefined =>
    each.verdict.kind === "survived"
      ? knownEquivalent(result.source.text, each.mutant, project.plan.name)
      : undefined;
  const reasons = new Map(tried.map((each) => [each, known(each)]));
  const countsOf = (some: readonly TriedMutant[]): MutantCounts => count(some, reasons);
  const counts = countsOf(tried);
  const viable = counts.killed + counts.survived;
  const killedPercent = viable === 0 ? null : (100 * counts.killed) / viable;
  const mutants = tried.map((each) => mutantReport(each, result, reasons.get(each)));
  const by = (names: readonly string[], of: (each: TriedMutant) => string) =>
    names.flatMap((name) => {
      const own = tried.filter((each) => of(each) === name);
      return own.length === 0 ? [] : [{ name, ...countsOf(own) }];
    });
  return {
    version: 1,
    ok: !interrupted && (killedPercent ?? 0) >= minimumPercent,
    interrupted,
    name: project.plan.name,
    target: project.target.name,
    policy: project.plan.policy.kind,
    seed,
    all,
    minimumPercent,
    killedPercent,
    ...counts,
    operators: by(
      mutationOperators.map(({ name }) => name),
      ({ mutant }) => mutant.operator,
    ),
    functions: by(functionNames(tried), ({ mutant }) => mutant.function),
    stages: stagesOf(tried),
    survivors: mutants.filter(
      ({ verdict, equivalent }) => verdict === "survived" && equivalent === undefined,
    ),
    mutants,
  };
}

/** @param reasons why those are equivalent that are */
function count(
  tried: readonly TriedMutant[],
  reasons: ReadonlyMap<TriedMutant, string | undefined>,
): MutantCounts {
  const number = (kind: Verdict["kind"]): number =>
    tried.filter(({ verdict }) => verdict.kind === kind).length;
  const equivalent = tried.filter((each) => reasons.get(each) !== undefined).length;
  return {
    killed: number("killed"),
    survived: number("survived") - equivalent,
    equivalent,
    sameCode: number("same code"),
    notCompiled: number("not compiled"),
  };
}

function functionNames(tried: readonly TriedMutant[]): readonly string[] {
  const byLine = tried.map(({ mutant }) => mutant).toSorted((left, right) => left.line - right.line);
  return [...new Set(byLine.map((mutant) => mutant.function))];
}

function stagesOf(tried: readonly TriedMutant[]): MutationReport["stages"] {
  const stages = new Map<string, number>();
  for (const { verdict } of tried.filter((each) => isViable(each.verdict))) {
    if (verdict.kind === "killed") stages.set(verdict.stage, (stages.get(verdict.stage) ?? 0) + 1);
  }
  return [...stages]
    .map(([name, killed]) => ({ name, killed }))
    .toSorted((left, right) => right.killed - left.killed || left.name.localeCompare(right.name));
}

function mutantReport(
  { mutant, verdict }: TriedMutant,
  { source }: MutationResult,
  equivalent: string | undefined,
): MutantReport {
  return {
    operator: mutant.operator,
    function: mutant.function,
    line: mutant.line,
    verdict: verdict.kind,
    ...(verdict.kind === "killed" ? { stage: verdict.stage, message: verdict.message } : {}),
    ...(verdict.kind === "survived" ? { cycles: verdict.cycles.mutant - verdict.cycles.original } : {}),
    ...(equivalent === undefined ? {} : { equivalent }),
    diff: diffOf(source, edited(source.text, mutant.edits)),
  };
}

/** Unified, with two lines around each change. */
export function diffOf(
  { name, text }: { readonly name: string; readonly text: string },
  mutated: string,
): string {
  const patch = createTwoFilesPatch(name, name, text, mutated, "generated", "mutant", { context: 2 });
  return patch.slice(patch.indexOf("---"));
}
