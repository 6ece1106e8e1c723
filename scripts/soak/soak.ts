/** Drawn configs one after the other, each with its number as the seed of what it is and of what it runs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineChoice } from "../../src/emulators/engine.js";
import type { GeneratedFile } from "../../src/pipeline.js";
import { seededRandom } from "../../src/traces/random.js";
import { configDrawer } from "../drawing.js";
import { withLaterKeys } from "../drawing-later.js";
import { prepareDrawn } from "../drawn/prepare-drawn.js";
import { soakConfig, type SoakOutcome } from "./soak-config.js";
import type { SoakState } from "./state.js";

/** Small heaps run full and into their corners soonest, and are searched and compared soonest: of 512 bytes to 8 KiB. */
const mostDoublings = 4;

export interface SoakFault {
  /** As it was drawn. */
  readonly config: object;
  readonly found: Exclude<SoakOutcome, { readonly kind: "equal" }>;
}

export interface SoakResult {
  /** Behind the last config that showed no difference. */
  readonly state: SoakState;
  readonly fault?: SoakFault;
}

export interface SoakOptions {
  /** By default Unicorn. */
  readonly engine?: EngineChoice;
  /** Of each workload and config (default 200,000). */
  readonly perWorkload?: number;
  /** Changes the C, for tests. */
  readonly edit?: (file: GeneratedFile) => GeneratedFile;
}

/**
 * Goes on from `state` until `wanted` operations are done or a fault is found.
 * @param told behind each config that ran, with the new state and the config in words
 */
export async function soak(
  state: SoakState,
  wanted: number,
  told: (state: SoakState, config: string) => void,
  { engine = "unicorn", perWorkload = 200_000, edit }: SoakOptions = {},
): Promise<SoakResult> {
  let now = state;
  while (now.operations < wanted) {
    const drawn = configDrawer(seededRandom(now.seed, `soak ${now.next}`), mostDoublings)();
    const config = withLaterKeys(drawn, seededRandom(now.seed, `later keys ${now.next}`));
    const prepared = inTemporaryFolder((folder) => prepareDrawn(config, folder));
    if (prepared.kind === "refused") {
      now = { ...now, next: now.next + 1 };
      continue;
    }
    const { project } = prepared;
    const outcome = await soakConfig({
      project,
      seed: now.next,
      operations: perWorkload,
      engine,
      ...(edit === undefined ? {} : { edit }),
    });
    if (outcome.kind !== "equal") return { state: now, fault: { config, found: outcome } };
    now = {
      ...now,
      next: now.next + 1,
      configs: now.configs + 1,
      operations: now.operations + outcome.operations,
    };
    told(now, `${project.plan.policy.kind}, ${project.plan.heapBytes} bytes, ${project.target.name}`);
  }
  return { state: now };
}

function inTemporaryFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-soak-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
