/** Reads a config of one heap or of several: each heap of several is checked as if the file held nothing else. */
import {
  AllocGenError,
  diagnose,
  formatDiagnostic,
  type ConfigPath,
  type Diagnostic,
} from "../diagnostics.js";
import { allChips } from "../chips/read.js";
import { policies as allPolicies } from "../policies/registry.js";
import { nearestWord, quotedList, showValue } from "../suggest.js";
import { checkShape, mostItems } from "./check-shape.js";
import type { Config } from "./config.js";
import { readDocument, type ConfigDocument } from "./document.js";
import { hashOf } from "./hash.js";
import { checkDocument, readConfigFile, type LoadedConfig } from "./load.js";
import {
  inTextOrder,
  locateIn,
  readSettings,
  type LoadOptions,
  type ReadSettings,
} from "./resolve-document.js";
import { schemasOf, type ConfigSchemas } from "./known-schemas.js";
import { refuseTwice } from "./resolve-outputs.js";
import { resolveMultiHeap, type MultiHeapConfig } from "../outputs/multi-heap/config.js";
import type { Report } from "./report.js";
import { refuseTogether } from "./resolve-chip.js";
import { applySetting, type Setting } from "./settings.js";
import type { SeveralInput } from "./several-schema.js";

export interface LoadedHeaps {
  /** In the order of the list; one for a config of one heap. */
  readonly heaps: readonly LoadedConfig[];
  /** One malloc over all. */
  readonly multiHeap?: MultiHeapConfig;
}

/** @throws AllocGenError (exit code 2) with every fault of the file, each once. */
export function loadHeaps(path: string, options: LoadOptions = {}): LoadedHeaps {
  return parseHeapsText(readConfigFile(path), path, options);
}

/**
 * One heap of the file: the one called `heap`, or the only one.
 * @throws AllocGenError (exit code 2) with the file's faults, or the names of the heaps there are.
 */
export function chooseHeap({ heaps }: LoadedHeaps, heap: string | undefined): LoadedConfig {
  const names = heaps.map(({ config }) => config.name);
  const [only, ...more] = heaps;
  if (only === undefined) throw new Error("a config without heaps was taken");
  if (heap === undefined) {
    if (more.length === 0) return only;
    throw new AllocGenError(2, [
      diagnose("several-heaps", { heaps: quotedList(names) }, { file: only.file }),
    ]);
  }
  const chosen = heaps.find(({ config }) => config.name === heap);
  if (chosen !== undefined) return chosen;
  const parameters = { name: heap, nearest: nearestWord(heap, names), allowed: quotedList(names) };
  throw new AllocGenError(2, [diagnose("no-such-heap", parameters, { file: "--heap" })]);
}

/** As `parseConfigText`, of both forms. */
export function parseHeapsText(text: string, file: string, options: LoadOptions = {}): LoadedHeaps {
  const document = readDocument(text, file);
  const read = readSettings(options);
  const value = read.settings.reduce(applySetting, document.value);
  if (!document.sound || !isObject(value) || !Object.hasOwn(value, "heaps")) {
    return { heaps: [checkDocument(document, file, read, options)] };
  }
  const schemas = schemasOf(options.policies ?? allPolicies, options.palette);
  const reading = { document, file, read, options, schemas };
  const faults: Diagnostic[] = [...document.faults, ...read.faults, ...shapeFaults(reading, value)];
  const listed = listOf(value["heaps"]);
  if (listed.length > mostItems) throw refusal(faults);
  const views = listed.map((_, index) => checkHeap(reading, value, index));
  faults.push(...views.flatMap((view) => view.faults));
  const heaps = views.flatMap(({ loaded }) => (loaded === undefined ? [] : [loaded]));
  if (faults.length > 0 || !isSeveral(value, schemas)) throw refusal(faults);
  const report = (fault: Diagnostic): void => void faults.push(placeIn(reading, fault));
  const configs = heaps.map(({ config }) => config);
  if (configs.length === 0) {
    const reason = "nothing would be generated";
    report(diagnose("conflict", { found: "an empty list", reason }, { path: ["heaps"] }));
  }
  refuseSameNames(configs, report);
  refuseTwice(configs, report);
  refuseTogether(configs, () => options.chips ?? allChips(), report);
  const multiHeap = resolveMultiHeap(value, configs, report);
  if (faults.length > 0) throw refusal(faults);
  return multiHeap === undefined
    ? { heaps }
    : { heaps: heaps.map((loaded) => owned(loaded, multiHeap)), multiHeap };
}

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The shape was checked, and nothing was found. */
const isSeveral = (value: JsonObject, schemas: ConfigSchemas): value is JsonObject & SeveralInput =>
  schemas.several.safeParse(value).success;

interface Reading {
  readonly document: ConfigDocument;
  readonly file: string;
  readonly read: ReadSettings;
  readonly options: LoadOptions;
  readonly schemas: ConfigSchemas;
}

function placeIn(
  { document, read, file }: Reading,
  fault: Diagnostic,
  at: "key" | "value" = "value",
): Diagnostic {
  return { ...fault, ...locateIn(document, read.settings, file, fault.path ?? [], at) };
}

/** Of the file as a whole. The target is judged with each heap. */
function shapeFaults(reading: Reading, value: JsonObject): readonly Diagnostic[] {
  return checkShape(reading.schemas.several, value)
    .filter(({ remove }) => remove?.[0] !== "target")
    .map(({ diagnostic, remove, at }) =>
      at === "key" && remove !== undefined
        ? { ...placeIn(reading, { ...diagnostic, path: remove }, "key"), path: diagnostic.path ?? [] }
        : placeIn(reading, diagnostic),
    );
}

/** What several heaps have in common is told once. */
function refusal(faults: readonly Diagnostic[]): AllocGenError {
  const once = new Map(faults.map((fault) => [formatDiagnostic(fault), fault]));
  return new AllocGenError(2, inTextOrder([...once.values()]));
}

/**
 * A malloc over all asks each heap whether an address is its own. One that chooses by size compares the address with where
 * each heap begins, but for the last one: what is in no other is in that.
 */
function owned(loaded: LoadedConfig, { by, heaps }: MultiHeapConfig): LoadedConfig {
  if (by === "size" && heaps.at(-1)?.name === loaded.config.name) return loaded;
  const config = { ...loaded.config, owned: by === "size" ? "start" : true } as const;
  return { ...loaded, config, sha256: hashOf(config) };
}

/** One heap, as a config of its own. Its faults stand at their places in the file. */
function checkHeap(
  { document, file, read, options, schemas }: Reading,
  value: JsonObject,
  index: number,
): { readonly loaded?: LoadedConfig; readonly faults: readonly Diagnostic[] } {
  const entry = listOf(value["heaps"])[index];
  if (!isObject(entry)) return { faults: [] };
  const inFile = (path: ConfigPath): ConfigPath =>
    path.length === 0 || Object.hasOwn(entry, String(path[0])) ? ["heaps", index, ...path] : path;
  const view: ConfigDocument = {
    ...document,
    value: known({ ...value, ...entry }, schemas),
    faults: [],
    has: (path) => document.has(inFile(path)),
    locate: (path) => document.locate(inFile(path)),
    locateKey: (path) => document.locateKey(inFile(path)),
  };
  const settings = read.settings.flatMap((setting) => settingOf(setting, index));
  try {
    return { loaded: checkDocument(view, file, { settings, faults: [] }, options), faults: [] };
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    return { faults: error.diagnostics.map((fault) => inWholeFile(fault, inFile, value, document)) };
  }
}

/** What several heaps are given is told at its place in the file, and a target that is missing at the file's start. */
function inWholeFile(
  fault: Diagnostic,
  inFile: (path: ConfigPath) => ConfigPath,
  value: JsonObject,
  document: ConfigDocument,
): Diagnostic {
  const path = fault.path ?? [];
  const isTarget = fault.code === "missing-key" && path.length === 0 && fault.message.includes('"target"');
  if (isTarget && !Object.hasOwn(value, "target")) return { ...fault, path: [], ...document.locate([]) };
  return { ...fault, path: inFile(path) };
}

/** The keys of a config of one heap: others were refused already. */
function known(value: JsonObject, { one }: ConfigSchemas): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(one.shape, key)));
}

/** A setting as the heap sees it: none where it is another heap's. */
function settingOf(setting: Setting, index: number): readonly Setting[] {
  const [first, number, ...path] = setting.path;
  if (first === "front") return [];
  if (first !== "heaps") return [setting];
  return String(number) === String(index) && path.length > 0 ? [{ ...setting, path }] : [];
}

function refuseSameNames(configs: readonly Config[], report: Report): void {
  const names = configs.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    const reason = `heaps[${names.indexOf(name)}] has that name too`;
    report(diagnose("conflict", { found: showValue(name), reason }, { path: ["heaps", index, "name"] }));
  });
}
