/** The baseline on disk: where it is, whether it must be there, and how it is replaced. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { readInputText } from "../input-file.js";
import { printBaseline, versionKey, type Baseline } from "../report/baseline.js";
import { parseBaseline } from "../report/read-baseline.js";
import type { Values } from "./option.js";
import type { baselineOptions } from "./options.js";
import type { CliContext } from "./context.js";
import type { WritePlan } from "./write-files.js";

const baselineFileName = "alloc-gen.baseline.json";

/** Store the run's figures. */
export interface BaselineWriteTask {
  readonly kind: "write";
  /** As messages name it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** The file's text before the run. */
  readonly existing: string | undefined;
}

/** What the command line says of baselines. */
export interface BaselineOptions extends Values<typeof baselineOptions> {
  readonly writeBaseline: boolean;
}

/** What a run does with a baseline. */
export type BaselineTask =
  | { readonly kind: "none" }
  | BaselineWriteTask
  | {
      readonly kind: "compare";
      /** As messages name it. */
      readonly file: string;
      readonly baseline: Baseline;
      /** Percentage above which an increase is fatal. */
      readonly failOnRegression: number | undefined;
    };

/**
 * Decides before anything is built, so that nobody waits for a run that cannot be compared. The baseline beside the
 * config is compared where there is one; one that is asked for by name or by `--fail-on-regression` must be there.
 *
 * @param target that of this run
 * @throws AllocGenError (exit code 2)
 */
export function planBaseline(
  given: BaselineOptions,
  configPath: string,
  target: string,
  { folder }: CliContext,
): BaselineTask {
  const path = resolve(folder, given.baseline ?? join(dirname(configPath), baselineFileName));
  const file = given.baseline ?? relative(folder, path);
  const failOnRegression = parsePercentage(given.failOnRegression);
  const text = readIfThere(path, file);
  if (given.writeBaseline) {
    if (failOnRegression !== undefined) throw refusal(diagnose("baseline-write-and-fail", {}));
    if (text !== undefined && !isBaseline(text)) throw refusal(diagnose("not-a-baseline", { file }));
    return { kind: "write", file, path, existing: text };
  }
  if (text === undefined) {
    if (given.baseline === undefined && failOnRegression === undefined) return { kind: "none" };
    throw refusal(diagnose("no-baseline", { file }));
  }
  const baseline = parseBaseline(text, file);
  const { target: measured } = baseline.conditions;
  if (failOnRegression !== undefined && measured !== target) {
    throw refusal(diagnose("baseline-of-another-target", { file, measured, target }));
  }
  return { kind: "compare", file, baseline, failOnRegression };
}

/** What writing `baseline` changes, for `commitWrite`. */
export function baselineWrite({ path, existing }: BaselineWriteTask, baseline: Baseline): WritePlan {
  const text = printBaseline(baseline);
  if (existing === text) return { changed: [], unchanged: [path] };
  const before = existing === undefined ? undefined : Buffer.from(existing);
  return { changed: [{ path, text, before }], unchanged: [] };
}

/** A damaged baseline, one with the marks of a merge conflict for instance, may be replaced; any other file may not. */
const isBaseline = (text: string): boolean => text.trim() === "" || text.includes(`"${versionKey}"`);

function parsePercentage(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(written)) return Number(written);
  const parameters = { found: JSON.stringify(written), allowed: "a percentage from 0, such as 5 or 0.5" };
  throw refusal(diagnose("invalid-value", parameters, { file: "--fail-on-regression" }));
}

function readIfThere(path: string, file: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return readInputText(path, file);
}

const refusal = (diagnostic: ReturnType<typeof diagnose>): AllocGenError =>
  new AllocGenError(2, [diagnostic]);
