/** Draws configs whose cycles are hard to predict: functions that do much in a call, and headers with much in them. */
import { seededRandom, type Random } from "../../src/traces/random.js";
import { configDrawer } from "../drawing.js";
import { withLaterKeys } from "../drawing-later.js";

interface Drawn {
  readonly heap: { readonly size: number };
  readonly policy: { readonly kind: string };
  readonly header?: object;
  readonly limits?: object;
  readonly api: object;
  readonly toolchain: object;
}

/** Heaps of 512 bytes to 128 KiB: in small ones every corner is met soon. */
const mostDoublings = 8;

/** Config number `index` of a seed. It may be refused. */
export function drawRun(seed: number, index: number, compiler?: string): object {
  const random = seededRandom(seed, `run ${index}`);
  const config = configDrawer(random, mostDoublings)() as Drawn;
  const { policy } = config;
  // Drawn apart: what came later does not change the rest.
  const counting = seededRandom(seed, `counters ${index}`).chance(0.3) ? { counters: true } : {};
  const hasHeaders = policy.kind === "segregated-fit" || policy.kind === "sequential-fit";
  const drawn = {
    ...config,
    ...(hasHeaders && random.chance(0.2) ? { header: allFields(random) } : {}),
    ...(random.chance(0.2)
      ? { limits: { largest: Math.floor(config.heap.size * 2 ** -random.between(2, 8)) } }
      : {}),
    ...(policy.kind === "segregated-fit" && random.chance(0.3)
      ? {
          policy: { ...policy, quickLists: { upTo: 2 ** random.between(3, 9), most: random.between(1, 40) } },
        }
      : {}),
    api: random.chance(0.6)
      ? {
          ...config.api,
          calloc: true,
          realloc: true,
          alignedAlloc: true,
          stats: random.chance(0.5),
          ...counting,
        }
      : { ...config.api, ...counting },
    toolchain: { ...config.toolchain, ...(compiler === undefined ? {} : { compiler }) },
  };
  return withLaterKeys(drawn, seededRandom(seed, `later keys ${index}`));
}

const allFields = (random: Random): object => ({
  fields: {
    requested: true,
    tag: { bits: random.between(1, 16) },
    ...(random.chance(0.5) ? { magic: { bits: 16 } } : { checksum: { bits: random.between(4, 16) } }),
  },
});
