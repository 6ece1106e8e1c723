/** Reads the folders of `targets/`. */
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { packageFolder } from "../package-folder.js";
import { nearestWord } from "../suggest.js";
import { targetSchema, type TargetFile } from "./schema.js";
import type { Target } from "./target.js";
import { targetOf } from "./target-of.js";

/** The package's own targets. */
export function targetsFolder(): string {
  return join(packageFolder(), "targets");
}

/** Names of the targets, sorted: the folders with a target.json. */
export function listTargets(): readonly string[] {
  return listTargetsOf(targetsFolder());
}

/**
 * The target of that name.
 * @throws AllocGenError with exit code 2 where there is none, or its target.json is faulty (all faults).
 */
export function loadTarget(name: string): Target {
  return loadTargetOf(targetsFolder(), name);
}

/** As `listTargets`, of another folder of targets. */
function listTargetsOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "target.json")))
    .sort();
}

/** As `loadTarget`, of another folder of targets. */
export function loadTargetOf(folder: string, name: string): Target {
  const names = listTargetsOf(folder);
  if (!names.includes(name)) {
    const parameters = { name, nearest: nearestWord(name, names), allowed: names.join(", ") };
    throw new AllocGenError(2, [diagnose("unknown-target", parameters)]);
  }
  return targetOf(name, join(folder, name), readTargetFile(join(folder, name, "target.json")));
}

function readTargetFile(file: string): TargetFile {
  const fail = (faults: readonly string[]): never => {
    throw new AllocGenError(
      2,
      faults.map((what) => diagnose("malformed-target", { what }, { file })),
    );
  };
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return fail([error instanceof Error ? error.message : String(error)]);
  }
  const parsed = targetSchema.safeParse(json);
  return parsed.success
    ? parsed.data
    : fail(parsed.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`));
}
