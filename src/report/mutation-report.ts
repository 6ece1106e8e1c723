/** The report of `alloc-gen mutate`, as data. */
import { createTwoFilesPatch } from "diff";
import { edited } from "../mutation/mutant.js";
import { mutationOperators } from "../mutation/registry.js";
import type { MutationResult } from "../mutation/run-mutation.js";
import { isViable, type TriedMutant } from "../mutation/try-mutants.js";
import type { Verdict } from "../mutation/verdict.js";

/** What became of some mutants. */
export interface MutantCounts {
  readonly killed: number;
  readonly survived: number;
  /** Neither of these counts in the share. */
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
  /** Unified. */
  readonly diff: string;
}

export function makeMutationReport(result: MutationResult, minimumPercent: number): MutationReport {
  const { project, tried, interrupted, seed, all } = result;
  const counts = countsOf(tried);
  const viable = counts.killed + counts.survived;
  const killedPercent = viable === 0 ? null : (100 * counts.killed) / viable;
  const mutants = tried.map((each) => mutantReport(each, result));
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
    survivors: mutants.filter(({ verdict }) => verdict === "survived"),
    mutants,
  };
}

function countsOf(tried: readonly TriedMutant[]): MutantCounts {
  const count = (kind: Verdict["kind"]): number =>
    tried.filter(({ verdict }) => verdict.kind === kind).length;
  return {
    killed: count("killed"),
    survived: count("survived"),
    sameCode: count("same code"),
    notCompiled: count("not compiled"),
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

function mutantReport({ mutant, verdict }: TriedMutant, { source }: MutationResult): MutantReport {
  return {
    operator: mutant.operator,
    function: mutant.function,
    line: mutant.line,
    verdict: verdict.kind,
    ...(verdict.kind === "killed" ? { stage: verdict.stage, message: verdict.message } : {}),
    ...(verdict.kind === "survived" ? { cycles: verdict.cycles.mutant - verdict.cycles.original } : {}),
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
