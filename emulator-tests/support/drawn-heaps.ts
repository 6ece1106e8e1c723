/** The C of the configs in cases/drawn-configs.json, as far as a compiler of the machine the tests run on takes it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, prepare } from "../../src/pipeline.js";
import type { GeneratedFile } from "../../src/outputs/c/emit.js";

export interface DrawnHeap {
  /** "drawn 17, sequential-fit": where it stands in the file. */
  readonly title: string;
  /** Prefix of its functions and of its files. */
  readonly name: string;
  readonly policy: string;
  readonly files: readonly GeneratedFile[];
}

interface DrawnConfig {
  readonly name: string;
  readonly policy: { readonly kind: string; readonly atomic?: boolean };
  readonly lock?: unknown;
  readonly api?: object;
}

/** The policy of each, as many as there are. */
export const drawnPolicies: readonly string[] = readDrawn().map(({ policy }) => policy.kind);

/**
 * One of them. Locks that mask interrupts are instructions of the core, for which hooks stand in here; a
 * pool without a lock, which has exclusive accesses, is undefined.
 * @param more functions of the API beside those drawn
 */
export function portableHeap(index: number, more: object = {}): DrawnHeap | undefined {
  const drawn = configAt(index);
  if (drawn.policy.atomic === true) return undefined;
  const config = { ...drawn, api: { ...drawn.api, ...more } };
  return heapOf(index, config.lock === undefined ? config : { ...config, lock: "custom" });
}

/** One of them, as it is. */
export const drawnHeap = (index: number): DrawnHeap => heapOf(index, configAt(index));

function configAt(index: number): DrawnConfig {
  const config = readDrawn()[index];
  if (config === undefined) throw new Error(`no drawn config ${index}`);
  return config;
}

function heapOf(index: number, config: DrawnConfig): DrawnHeap {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-drawn-"));
  try {
    const file = join(folder, "alloc-gen.json");
    writeFileSync(file, JSON.stringify(config));
    const { kind } = config.policy;
    return {
      title: `drawn ${index}, ${kind}`,
      name: config.name,
      policy: kind,
      files: generate(prepare(file, {})),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readDrawn(): readonly DrawnConfig[] {
  const file = new URL("../cases/drawn-configs.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as readonly DrawnConfig[];
}
