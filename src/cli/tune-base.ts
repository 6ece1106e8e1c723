/** The config that a search begins with: the one that is there, else a plain one for the target or chip. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { defaultAnswers } from "../config/initial.js";
import { readDocument } from "../config/document.js";
import { readConfigFile } from "../config/load.js";
import { readSettings } from "../config/resolve-document.js";
import { applySetting } from "../config/settings.js";
import { AllocGenError } from "../diagnostics.js";
import { defaultStarter } from "../policies/registry.js";
import type { ConfigValue } from "../tune/candidates.js";
import { configFileName, findConfig } from "./config-path.js";
import type { Given } from "./commands.js";
import { usageError } from "./usage-error.js";

export interface TuneBase {
  readonly value: ConfigValue;
  /** As messages name it. */
  readonly file: string;
  /** Absolute path of the config that is read; undefined where there is none. */
  readonly path?: string;
}

/**
 * @param heapBytes size of its heap, where there is no config
 * @throws AllocGenError, exit code 2: it cannot be read, or has several heaps
 */
export function tuneBase(given: Given<"tune">, folder: string, heapBytes: number): TuneBase {
  const isThere = given.config !== undefined || existsSync(join(folder, configFileName));
  const file = isThere ? findConfig(given.config, folder) : configFileName;
  const written = isThere ? readValue(resolve(folder, file), file) : plainConfig(heapBytes);
  const { target, chip, set } = given;
  const { settings, faults } = readSettings({ target, chip, set });
  if (faults.length > 0) throw new AllocGenError(2, faults);
  const value = settings.reduce<unknown>(applySetting, written);
  if (!isValue(value)) throw usageError(`${file} is no config: an object is needed`);
  if ("heaps" in value) throw usageError(`tune is for a config of one heap, and ${file} has several`);
  return { value, file, ...(isThere ? { path: resolve(folder, file) } : {}) };
}

function readValue(path: string, file: string): unknown {
  const document = readDocument(readConfigFile(path), file);
  if (document.faults.length > 0) throw new AllocGenError(2, document.faults);
  return document.value;
}

const isValue = (value: unknown): value is ConfigValue =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function plainConfig(heapBytes: number): ConfigValue {
  const { name, target, alignment } = defaultAnswers;
  return { name, target, heap: { size: heapBytes, alignment }, policy: { kind: defaultStarter } };
}
