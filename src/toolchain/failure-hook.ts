/** What stands in for a function of the user's that failed requests call: it only returns. */
import { address } from "../units.js";
import type { SourceFile } from "./compile.js";
import type { Image } from "./image.js";

export interface FailureHook {
  readonly name: string;
  /** Whether its first argument is the heap. */
  readonly takesHeap: boolean;
}

/** Its C file. */
export function hookUnit(hook: FailureHook | undefined): readonly SourceFile[] {
  if (hook === undefined) return [];
  const { name, takesHeap } = hook;
  const head = `void ${name}(${takesHeap ? "const void *heap, " : ""}__SIZE_TYPE__ size)`;
  const lines = [
    `${head};`,
    head,
    "{",
    ...(takesHeap ? ["    (void)heap;"] : []),
    "    (void)size;",
    "}",
    "",
  ];
  return [{ name: `${name}.hook.c`, text: lines.join("\n") }];
}

/** Where functions stand in an image that the user may define, by the image's symbols. */
export function hooksIn(
  symbols: Image["symbols"],
  hooks: readonly ({ readonly name: string } | undefined)[],
): Pick<Image, "hooks"> {
  const found = hooks.flatMap((hook) => (hook === undefined ? [] : (symbols.get(hook.name) ?? [])));
  if (found.length === 0) return {};
  return {
    hooks: found.map((each) => ({ start: each.address, end: address(each.address + each.bytes) })),
  };
}
