/**
 * Whether the names that a config gives are free: of its functions and types, and of the linker's symbols. Which ones are
 * taken is read from the C: it is generated once with names that nothing else has, and every other word of it is its own.
 */
import type { Config, Placement } from "../../config/config.js";
import { standardIdentifierFault } from "../../config/standard-identifiers.js";
import { tokenize, type Token } from "../../csource/tokens.js";
import { diagnose, type ConfigPath, type Diagnostic } from "../../diagnostics.js";
import type { Plan } from "../../plan/plan.js";
import { showValue } from "../../suggest.js";
import { emitC } from "./emit.js";

/** Nothing in the C begins so. */
const neutral = "zqx";
const provenance = { version: "", configName: "", configHash: "", targetName: "" };

/** The words of a heap's two files. */
interface Words {
  /** With the heap's own name in them. */
  readonly named: ReadonlySet<string>;
  /** What the C calls something, or takes from the language and its library. */
  readonly own: ReadonlySet<string>;
}

/** A fault for each name that is taken. @param planOf the plan of a config that has other names */
export function takenNames(config: Config, planOf: (config: Config) => Plan): readonly Diagnostic[] {
  const { name, heap } = config;
  const placement = neutralPlacement(heap.placement);
  const { named, own } = wordsOf(planOf({ ...config, name: neutral, heap: { ...heap, placement } }), name);
  const faults: Diagnostic[] = [];
  const refuse = (path: ConfigPath, written: string, reason: string | undefined): void => {
    if (reason !== undefined)
      faults.push(diagnose("conflict", { found: showValue(written), reason }, { path }));
  };
  // The heap's name alone is the tag of a type, and nothing else has tags.
  const both = [...named].find(
    (word) => (own.has(word) && word !== name) || standardIdentifierFault(word) !== undefined,
  );
  if (both !== undefined) refuse(["name"], name, standardFault(both) ?? `its C has ${both} already`);
  // An assembler takes a section's name for that of a symbol.
  const section = heap.placement.kind === "static" ? heap.placement.section : undefined;
  if (section !== undefined && (own.has(section) || named.has(section)))
    refuse(["heap", "placement", "section"], section, "its C has that name already");
  if (heap.placement.kind !== "linker") return faults;
  for (const end of ["start", "end"] as const) {
    const symbol = heap.placement[end];
    const isTaken = own.has(symbol) || named.has(symbol);
    const reason = standardIdentifierFault(symbol) ?? (isTaken ? "its C has that name already" : undefined);
    refuse(["heap", "placement", end], symbol, reason);
  }
  return faults;
}

/** Of a word that begins with the heap's name. */
function standardFault(word: string): string | undefined {
  const fault = standardIdentifierFault(word);
  return fault === undefined ? undefined : `it would have ${word}: ${fault}`;
}

function neutralPlacement(placement: Placement): Placement {
  if (placement.kind === "linker") return { kind: "linker", start: `${neutral}_a`, end: `${neutral}_b` };
  if (placement.kind !== "static" || placement.section === undefined) return placement;
  return { kind: "static", section: `.${neutral}` };
}

/** @param name in place of the neutral one */
function wordsOf(plan: Plan, name: string): Words {
  const found = new Set(
    emitC(plan, provenance)
      .flatMap(({ text }) => tokenize(text))
      .flatMap(insideDirective)
      .flatMap(({ kind, text }) => (kind === "word" ? [text] : [])),
  );
  const named = new Set<string>();
  const own = new Set<string>();
  for (const word of found) {
    const isLower = word.startsWith(neutral);
    if (isLower || word.startsWith(neutral.toUpperCase()))
      named.add(`${isLower ? name : name.toUpperCase()}${word.slice(neutral.length)}`);
    else own.add(word);
  }
  for (const symbol of ["_a", "_b"]) named.delete(`${name}${symbol}`);
  return { named, own };
}

const insideDirective = (token: Token): readonly Token[] =>
  token.kind === "directive" ? tokenize(token.text.slice(1)) : [token];
