/** Lines of assembly with the cycles that were counted for them by hand, and what a model counts. */
import type { CycleModel, Outcome } from "../../src/machine/cycle-model.js";
import type { PlacedInstruction } from "../../src/machine/instruction.js";
import { assemble } from "./assemble.js";

/** A line as one core has it. */
export interface Counted {
  readonly text: string;
  readonly cycles: number;
  readonly outcome: Outcome | undefined;
}

/** Cycles of each instruction. */
export function count(
  model: CycleModel,
  code: readonly PlacedInstruction[],
  counted: readonly Pick<Counted, "outcome">[],
): readonly number[] {
  let state = model.start;
  return code.map(({ instruction }, index) => {
    const { cycles, next } = model.step(state, instruction, counted[index]?.outcome ?? "executed");
    state = next;
    return cycles;
  });
}

/** All cases of all rules, with their code. */
export function assembled<Text>(
  core: string,
  rules: Readonly<Record<string, readonly (readonly Text[])[]>>,
  lines: (of: readonly Text[]) => readonly Counted[],
) {
  const all = Object.entries(rules).flatMap(([rule, cases]) =>
    cases.map((each) => ({ rule, counted: lines(each) })),
  );
  const code = assemble(
    core,
    all.map(({ counted }) => counted.map(({ text }) => text).join("\n")),
  );
  return all.map((each, index) => ({
    ...each,
    code: code[index]?.slice(0, each.counted.length) ?? [],
    shown: each.counted.map(({ text }) => text.replaceAll("\n", " ")).join("; "),
  }));
}

/** Whether the model counts anything of the cases otherwise. */
export const differs = (cases: ReturnType<typeof assembled>, model: CycleModel): boolean =>
  cases.some(({ code, counted }) => {
    const found = count(model, code, counted);
    return counted.some(({ cycles }, index) => cycles !== found[index]);
  });
