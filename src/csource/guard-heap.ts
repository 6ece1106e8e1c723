/**
 * What public functions do before init, or after an init that failed: they return without touching the heap, or the
 * first request initialises it. A heap whose memory is zero refuses requests by itself, and needs none of this.
 */
import { touching } from "./touching.js";
import { functionsOf, type CFunction } from "./c-function.js";

export interface HeapGuard {
  /** Public functions that begin the heap, which work without one. */
  readonly exempt: ReadonlySet<string>;
  /** The condition in C that the heap is not initialised. */
  readonly isMissing: string;
  /** Who initialises it: `first_use`, which returns whether it could if it may fail. */
  readonly firstUse?: {
    readonly functions: ReadonlySet<string>;
    readonly mayFail: boolean;
    /** Whether the other functions need the test. */
    readonly others: "tested" | "untested";
  };
  /** What a public function does beside returning, by its name: lines of its body without indentation. */
  readonly effects: Readonly<Record<string, readonly string[]>>;
}

/** A piece of the C with such tests. @param all the functions of the file */
export function guardHeap(text: string, all: readonly CFunction[], guard: HeapGuard): string {
  const inside = touching(all.filter(({ linkage }) => linkage === "internal"));
  const touches = ({ words, calls }: CFunction): boolean =>
    words.has("heap") || [...calls].some((called) => inside.has(called));
  return functionsOf(text)
    .filter((each) => each.linkage === "external" && needsTest(each.name, guard))
    .filter((each) => touches(each) || givesBack(text, each))
    .reduceRight((rest, each) => {
      const at = each.body.start + 1;
      return `${rest.slice(0, at)}${test(text, each, guard)}${rest.slice(at)}`;
    }, text);
}

/** Whether what it was given may be what it returns: without a heap that is no payload, and no request is served. */
function givesBack(text: string, each: CFunction): boolean {
  return each.words.has("pointer") && failure(text, each) === "NULL";
}

function needsTest(name: string, { exempt, firstUse }: HeapGuard): boolean {
  if (exempt.has(name)) return false;
  return firstUse?.others !== "untested" || firstUse.functions.has(name);
}

function test(text: string, each: CFunction, { effects, isMissing, firstUse }: HeapGuard): string {
  const isRequest = firstUse?.functions.has(each.name) === true;
  if (isRequest && !firstUse.mayFail) {
    return `    if (${isMissing}) { /* The first request. */\n        first_use();\n    }\n\n`;
  }
  const value = failure(text, each);
  const lines = [...(effects[each.name] ?? []), value === undefined ? "return;" : `return ${value};`];
  const inBranch = lines.map((line) => `        ${line}\n`).join("");
  const condition = isRequest ? `(${isMissing}) && !first_use()` : isMissing;
  return `    if (${condition}) { /* Before init, or after one that failed. */\n${inBranch}    }\n\n`;
}

/** What a function returns that can do nothing, by its type; undefined where it returns nothing. */
function failure(text: string, { name, span, parameters }: CFunction): string | undefined {
  const head = text.slice(span.start, parameters.start).replace(/\/\*[^]*?\*\//g, "");
  const type = head.slice(0, head.lastIndexOf(name)).trim();
  if (type.endsWith("*")) return "NULL";
  if (type === "void") return undefined;
  return type === "bool" ? "false" : "0U";
}
