/** What stands in for a function of the user's that is told of misuse. */
import type { SourceFile } from "./compile.js";

export interface FaultHook {
  readonly name: string;
  /** Whether the user alone defines it: else the allocator's C has one that another definition replaces. */
  readonly isGiven: boolean;
}

/** It stops the core, as damage in a run that has none must; or it returns, and what called it goes on. */
export type OnFault = "stops" | "returns";

/** Its C file; none where the allocator's own is what is wanted. */
export function faultUnit(hook: FaultHook | undefined, does: OnFault = "stops"): readonly SourceFile[] {
  if (hook === undefined || (does === "stops" && !hook.isGiven)) return [];
  const head = `void ${hook.name}(__UINT32_TYPE__ kind, const void *pointer)`;
  const lines = [
    `${head};`,
    head,
    "{",
    "    (void)kind;",
    "    (void)pointer;",
    ...(does === "stops" ? ["    __builtin_trap();"] : []),
    "}",
    "",
  ];
  return [{ name: `${hook.name}.hook.c`, text: lines.join("\n") }];
}
