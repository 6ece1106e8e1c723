/** Reads a config: the one place where its text, its file system and its command-line settings meet. */
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readInputText } from "../input-file.js";
import { allChips } from "../chips/read.js";
import { readDocument, type ConfigDocument } from "./document.js";
import { hashOf } from "./hash.js";
import {
  readSettings,
  resolveDocument,
  type LoadOptions,
  type ReadSettings,
  type ResolvedConfig,
} from "./resolve-document.js";

export interface LoadedConfig extends ResolvedConfig {
  /** Hash (hexadecimal) of what decides the generated C, see `hash.ts`. */
  readonly sha256: string;
}

/** Reads and checks a config file. Throws AllocGenError (exit code 2) with every fault. */
export function loadConfig(path: string, options: LoadOptions = {}): LoadedConfig {
  return parseConfigText(readConfigFile(path), path, options);
}

/**
 * Checks a config's text. Files it names are relative to the folder of `file`. Throws AllocGenError (exit code 2)
 * with every fault, in the order of the text.
 */
export function parseConfigText(text: string, file: string, options: LoadOptions = {}): LoadedConfig {
  return checkDocument(readDocument(text, file), file, readSettings(options), options);
}

/**
 * The same of a document that was read already, with `settings` over its values.
 * @throws AllocGenError (exit code 2)
 */
export function checkDocument(
  document: ConfigDocument,
  file: string,
  read: ReadSettings,
  options: LoadOptions,
): LoadedConfig {
  const found = resolveDocument(document, file, read, options, {
    chips: allChips,
    absolutePath: (written) => resolve(dirname(file), written),
    fileExists: isFile,
  });
  return { ...found, sha256: hashOf(found.config) };
}

/** @throws AllocGenError (exit code 2) */
export function readConfigFile(path: string): string {
  return readInputText(path, path);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
