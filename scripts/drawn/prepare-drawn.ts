/** A config that was drawn, made into a project as if a user had written it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AllocGenError } from "../../src/diagnostics.js";
import { prepare, type Project } from "../../src/pipeline.js";

export type PreparedConfig =
  | { readonly kind: "accepted"; readonly project: Project }
  /** By a message about the config: not every config that is drawn makes sense. */
  | { readonly kind: "refused"; readonly reason: string };

/** @param folder for the config's file, made where it is not there */
export function prepareDrawn(config: object, folder: string): PreparedConfig {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "alloc-gen.json");
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  try {
    return { kind: "accepted", project: prepare(file, {}) };
  } catch (error) {
    if (!(error instanceof AllocGenError) || error.exitCode !== 2) throw error;
    return { kind: "refused", reason: error.diagnostics[0]?.message ?? "" };
  }
}
