/** What a config asks for beside the C, held against the rest of it. */
import type { z } from "zod";
import type { Placement } from "./config.js";
import type { Report } from "./report.js";
import { apiNames, type ApiName } from "./vocabulary.js";
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import { quotedList, showValue } from "../suggest.js";
import {
  needsOf,
  readyBeforeMain,
  type GlueChoice,
  type GlueKind,
  type outputsSchema,
} from "../outputs/glue/config.js";

/** The functions that what is asked for needs, each with who needs it. */
export function neededFunctions(choices: readonly GlueChoice[]): ReadonlyMap<ApiName, GlueKind> {
  const needed = choices.flatMap((choice) =>
    needsOf(choice).api.map((name): readonly [ApiName, GlueKind] => [name, choice.kind]),
  );
  return new Map(needed.toReversed());
}

/** What the key `outputs` says, a word standing for a kind without options. */
export function resolveOutputs(
  written: z.infer<typeof outputsSchema>,
  placement: Placement,
  report: Report,
): readonly GlueChoice[] {
  const choices = (written ?? []).map((each) => (typeof each === "string" ? { kind: each } : each));
  const at = (index: number): { readonly path: ConfigPath } => ({ path: ["outputs", index] });
  choices.forEach((choice, index) => {
    const { provides } = needsOf(choice);
    const before = choices.findIndex(
      (other) =>
        other.kind === choice.kind || (provides !== undefined && needsOf(other).provides === provides),
    );
    if (before < index) {
      const same = choices[before]?.kind === choice.kind;
      const reason = same
        ? `item ${before + 1} of the list is the same`
        : `item ${before + 1} of the list is ${provides ?? ""} too`;
      report(diagnose("conflict", { found: showValue(choice.kind), reason }, at(index)));
    }
    const refused = placeRefused(choice, placement) ?? companyRefused(choice, choices);
    if (refused === undefined) return;
    report(diagnose("conflict", { found: showValue(choice.kind), reason: refused }, at(index)));
  });
  return choices;
}

function companyRefused(choice: GlueChoice, all: readonly GlueChoice[]): string | undefined {
  const { refuses } = needsOf(choice);
  const other = all.findIndex(({ kind }) => refuses?.kinds.includes(kind) === true);
  return refuses === undefined || other < 0
    ? undefined
    : `item ${other + 1} of the list is ${showValue(all[other]?.kind)}: ${refuses.reason}`;
}

function placeRefused(choice: GlueChoice, placement: Placement): string | undefined {
  if (placement.kind !== "runtime") return undefined;
  if (placement.instances === "many" && needsOf(choice).instances === undefined) {
    return 'it serves one heap, and of this one there are many (instances is "many")';
  }
  if (readyBeforeMain(choice)) {
    return 'requests come before main, when nobody has told init where the heap lies (placement is "runtime")';
  }
  return needsOf(choice).place === "known"
    ? 'it initialises the heap itself: its memory must be an array, or lie between linker symbols (placement is "runtime")'
    : undefined;
}

/** Functions that a config refuses and an output of it needs. */
export function refuseRefusedFunctions(
  written: { readonly [Name in ApiName]?: unknown },
  choices: readonly GlueChoice[],
  report: Report,
): void {
  const needed = neededFunctions(choices);
  for (const name of apiNames) {
    const by = needed.get(name);
    if (by === undefined || written[name] !== false) continue;
    const reason = `the output ${showValue(by)} calls the function`;
    report(diagnose("conflict", { found: "false", reason }, { path: ["api", name] }));
  }
}

/** What several heaps of one program would each be, though a program has it once. */
export function refuseTwice(
  heaps: readonly { readonly name: string; readonly outputs: readonly GlueChoice[] }[],
  report: Report,
): void {
  const provided = heaps.flatMap(({ outputs }, heap) =>
    outputs.flatMap((choice, index) => {
      const { provides } = needsOf(choice);
      return provides === undefined ? [] : [{ provides, heap, index, kind: choice.kind }];
    }),
  );
  for (const { provides, heap, index, kind: found } of provided) {
    const before = provided.find((other) => other.provides === provides);
    if (before === undefined || before.heap === heap) continue;
    const reason = `only one heap can be ${provides}, and ${quotedList([heaps[before.heap]?.name ?? ""])} is`;
    report(
      diagnose("conflict", { found: showValue(found), reason }, { path: ["heaps", heap, "outputs", index] }),
    );
  }
}

/** Outputs whose figures or commands are made for a heap of one size. */
const ofOneSize: readonly GlueKind[] = ["freertos", "gdb"];

/** What is asked for and the planned heap cannot have. */
export const refusedGlue = (
  choices: readonly GlueChoice[],
  { hasHeaders, isUpTo }: { readonly hasHeaders: boolean; readonly isUpTo: boolean },
): readonly Diagnostic[] =>
  choices.flatMap((choice, index) => {
    const isFixed = isUpTo && ofOneSize.includes(choice.kind);
    if (!isFixed && (choice.kind !== "gdb" || hasHeaders)) return [];
    const reason = isFixed
      ? 'it is made for a heap of one size, and "upTo" leaves the size to init'
      : "gdb's commands read headers, and the policy's blocks have none";
    return [diagnose("conflict", { found: showValue(choice.kind), reason }, { path: ["outputs", index] })];
  });
