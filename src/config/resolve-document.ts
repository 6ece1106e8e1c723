/** Checks a config's document: wherever it is from, and whatever there is around it. */
import { AllocGenError, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import type { Chip } from "../chips/chip.js";
import { checkShape, type ShapeFault } from "./check-shape.js";
import type { Config } from "./config.js";
import type { ConfigDocument } from "./document.js";
import { standardPalette, type Palette } from "../header/palette.js";
import { policies as allPolicies } from "../policies/registry.js";
import type { Policies } from "../policies/policy.js";
import type { ConfigDraft } from "./draft.js";
import { schemasOf } from "./known-schemas.js";
import { resolveConfig } from "./resolve.js";
import { applySetting, isWithin, parseSetting, removeAll, type Setting } from "./settings.js";

export interface LoadOptions {
  /** Wins over the config's own target, and over `--set target=…`; also where it is not the core of the config's chip. */
  readonly target?: string | undefined;
  /** Wins over the config's own chip, and takes the place of its target. */
  readonly chip?: string | undefined;
  /** Each "key=value", the later over the earlier. */
  readonly set?: readonly string[] | undefined;
  /** Names of the targets there are; without them any name is taken. */
  readonly targets?: readonly string[] | undefined;
  /** The chips there are; all when left out. */
  readonly chips?: readonly Chip[] | undefined;
  /** The policies there are; all when left out. */
  readonly policies?: Policies | undefined;
  /** Fields that headers may have; the standard ones when left out. */
  readonly palette?: Palette | undefined;
  /**
   * What a later stage finds wrong, by config path, so that it is reported with the rest. Asked unless there is a fault
   * in what that stage reads: the config handed to it has stand-ins for other faulty values.
   */
  readonly check?: ((config: Config) => readonly Diagnostic[]) | undefined;
}

/** Where a value comes from; a value set on the command line has no line. */
export interface Source {
  /** The config's file as the user named it, or "--set key=value", or "--target name", or "--chip name". */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** What a config may speak of that is not in it. */
export interface Surroundings {
  readonly chips: () => readonly Chip[];
  /** @param written as the config names a file */
  readonly absolutePath: (written: string) => string;
  readonly fileExists: (path: string) => boolean;
}

export interface ResolvedConfig {
  readonly config: Config;
  /** As the user named it. */
  readonly file: string;
  /** Where a value stands; where it is not written, the nearest value around it. */
  locate(path: ConfigPath): Source;
}

/**
 * Checks a document that was read already, with `settings` over its values.
 * @throws AllocGenError (exit code 2)
 */
export function resolveDocument(
  document: ConfigDocument,
  file: string,
  { settings, faults: settingFaults }: ReadSettings,
  options: LoadOptions,
  surroundings: Surroundings,
): ResolvedConfig {
  const { policies = allPolicies, palette = standardPalette } = options;
  const value = settings.reduce(applySetting, document.value);
  const locate = (path: ConfigPath, at: "key" | "value" = "value"): Source =>
    locateIn(document, settings, file, path, at);

  const faults: Diagnostic[] = [...document.faults, ...settingFaults];
  const shape = document.sound
    ? checkShape(schemasOf(policies, palette).one, value).filter((fault) => !isTarget(fault))
    : [];
  const draft = removeAll(value, shape.flatMap(removals));
  const resolved = resolveConfig(document.sound && isDraft(draft) ? draft : {}, {
    policies,
    palette,
    targets: options.targets,
    chips: () => options.chips ?? surroundings.chips(),
    isTargetFree: options.target !== undefined && options.chip === undefined,
    absolutePath: surroundings.absolutePath,
    fileExists: surroundings.fileExists,
  });
  if (document.sound && isDraft(value)) {
    faults.push(...shape.map((fault) => placeShapeFault(fault, locate)));
    faults.push(...resolved.faults.map((fault) => placed(fault, locate)));
  } else faults.push(...shape.map((fault) => placeShapeFault(fault, locate)));
  const { config } = resolved;
  if (faults.every(leavesPlan)) {
    faults.push(...(options.check?.(config) ?? []).map((fault) => placed(fault, locate)));
  }

  if (faults.length > 0) throw new AllocGenError(2, inTextOrder(withoutGuesses(faults)));
  return { config, file, locate: (path) => locate(path) };
}

/** What the command line sets, and what of it says nothing. */
export interface ReadSettings {
  readonly settings: readonly Setting[];
  readonly faults: readonly Diagnostic[];
}

export function readSettings(options: LoadOptions): ReadSettings {
  const settings: Setting[] = [];
  const faults: Diagnostic[] = [];
  for (const text of options.set ?? []) {
    const setting = parseSetting(text);
    if ("code" in setting) faults.push(setting);
    else settings.push(setting);
  }
  const { chip, target } = options;
  if (chip !== undefined) {
    settings.push({ text: `--chip ${chip}`, path: ["chip"], value: chip, insteadOf: "target" });
  }
  if (target !== undefined) {
    settings.push({ text: `--target ${target}`, path: ["target"], value: target });
  }
  return { settings, faults };
}

/** Where a value comes from: the last setting that gave it, or its place in the text. */
export function locateIn(
  document: ConfigDocument,
  settings: readonly Setting[],
  file: string,
  path: ConfigPath,
  at: "key" | "value",
): Source {
  const setting =
    settings.findLast((candidate) => isWithin(path, candidate.path)) ??
    // An object that only a setting inside it brought about.
    (document.has(path) ? undefined : settings.findLast((candidate) => isWithin(candidate.path, path)));
  if (setting !== undefined) return { file: setting.text };
  const position = at === "key" ? document.locateKey(path) : document.locate(path);
  return { file, ...position };
}

type Locate = (path: ConfigPath, at?: "key" | "value") => Source;

function placed(diagnostic: Diagnostic, locate: Locate): Diagnostic {
  const { path } = diagnostic;
  if (path === undefined || diagnostic.file !== undefined) return diagnostic;
  return { ...diagnostic, ...locate(path) };
}

function placeShapeFault(fault: ShapeFault, locate: Locate): Diagnostic {
  if (fault.at === "value" || fault.remove === undefined) return placed(fault.diagnostic, locate);
  return { ...fault.diagnostic, ...locate(fault.remove, "key") };
}

const removals = ({ remove, others = [] }: ShapeFault): readonly ConfigPath[] =>
  remove === undefined ? others : [remove, ...others];

/** `resolve.ts` judges the target in full. */
const isTarget = ({ remove }: ShapeFault): boolean => remove?.length === 1 && remove[0] === "target";

/** Keys the plan is not made from: a fault there leaves it as it is. */
const keysOutsidePlan: readonly unknown[] = [
  "name",
  "hardening",
  "lock",
  "api",
  "outputs",
  "toolchain",
  "verify",
  "budgets",
];
const leavesPlan = ({ path }: Diagnostic): boolean => keysOutsidePlan.includes(path?.[0]);

/** The shape check ran and its faults were taken out: what is left of an object has the types of the schema. */
const isDraft = (value: unknown): value is ConfigDraft =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A syntax error may have swallowed a key, and a faulty chip would give a target: that one is missing is then a guess. */
function withoutGuesses(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  const broken = faults.some(({ code }) => code === "syntax-error");
  const hasChip = faults.some(({ path }) => path?.[0] === "chip");
  return faults.filter(({ code, message }) => {
    if (code !== "missing-key") return true;
    return !broken && !(hasChip && message.includes('"target"'));
  });
}

export function inTextOrder(faults: readonly Diagnostic[]): Diagnostic[] {
  const line = (fault: Diagnostic) => fault.line ?? Infinity;
  const column = (fault: Diagnostic) => fault.column ?? 0;
  return faults.toSorted((a, b) => (line(a) === line(b) ? column(a) - column(b) : line(a) - line(b)));
}
