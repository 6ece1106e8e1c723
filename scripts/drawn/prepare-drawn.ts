/** A config that was drawn, made into a project as if a user had written it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AllocGenError, formatDiagnostic, formatPath, type Diagnostic } from "../../src/diagnostics.js";
import { prepare, type Project } from "../../src/pipeline.js";

export type PreparedConfig =
  | { readonly kind: "accepted"; readonly project: Project }
  /** By messages about the config: not every config that is drawn makes sense. */
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] };

/** @param folder for the config's file, made where it is not there */
export function prepareDrawn(config: object, folder: string): PreparedConfig {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "alloc-gen.json");
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  try {
    return { kind: "accepted", project: prepare(file, {}) };
  } catch (error) {
    if (!(error instanceof AllocGenError) || error.exitCode !== 2) throw error;
    return { kind: "refused", diagnostics: error.diagnostics };
  }
}

/** Refusals by kind, each with one message as an example. */
export class Refusals {
  private readonly kinds = new Map<string, { count: number; readonly example: string }>();
  private all = 0;

  get count(): number {
    return this.all;
  }

  note(diagnostics: readonly Diagnostic[]): void {
    this.all++;
    const [first] = diagnostics;
    if (first === undefined) return;
    const kind = kindOf(first);
    const known = this.kinds.get(kind) ?? { count: 0, example: first.message };
    known.count++;
    this.kinds.set(kind, known);
  }

  /** "12 conflict at heap.size, as: found …", the most frequent first. */
  lines(): readonly string[] {
    return [...this.kinds]
      .toSorted(([, left], [, right]) => right.count - left.count)
      .map(([kind, { count, example }]) => `${String(count).padStart(6)} ${kind}, as: ${example}`);
  }
}

const kindOf = ({ code, path }: Diagnostic): string =>
  `${code} at ${formatPath((path ?? []).map((part) => (typeof part === "number" ? 0 : part)))}`;

/** What is wrong with a refusal that does not tell a user which line to change; undefined: nothing is. */
export function unclear(diagnostics: readonly Diagnostic[]): string | undefined {
  const found = diagnostics.find(({ line, path }) => line === undefined || path === undefined);
  if (diagnostics.length === 0) return "refused without a message";
  return found === undefined ? undefined : `refused without a place: ${formatDiagnostic(found)}`;
}
