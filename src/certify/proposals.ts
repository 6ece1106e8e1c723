/** What would make a certificate cheaper: narrower limits, or pools. */
import type { Project } from "../pipeline.js";
import { certifiedSize, type CertifiedSize } from "./certify.js";
import type { Demand } from "./demand.js";

export interface Proposal {
  /** What is changed, as a sentence's part. */
  readonly change: string;
  /** The heap that is then enough. */
  readonly heapBytes: number;
}

/** Those that need less than what is enough now, the least first. */
export function proposalsFor(
  { loaded, target }: Project,
  demand: Demand,
  size: CertifiedSize | string,
): readonly Proposal[] {
  const { config } = loaded;
  const enough = (changed: Demand): number | undefined => {
    const size = certifiedSize(config, target, changed);
    return typeof size === "string" ? undefined : size.heapBytes;
  };
  const now = typeof size === "string" ? Infinity : size.heapBytes;
  const { smallest, largest, blocks, liveBytes } = demand;
  const changes: readonly (readonly [string, Demand])[] = [
    ...[2, 4].flatMap((factor): (readonly [string, Demand])[] => {
      const least = Math.min(largest, Math.max(minimum, smallest * factor));
      const most = Math.max(smallest, Math.floor(largest / factor));
      return [
        [`no request below ${least} bytes`, { ...demand, smallest: least }],
        [`no request above ${most} bytes`, { ...demand, largest: most }],
      ];
    }),
    ...[4, 8].map((share): readonly [string, Demand] => {
      const most = Math.max(1, Math.floor(Math.min(blocks, liveBytes / smallest) / share));
      return [`at most ${most} live blocks`, { ...demand, blocks: most }];
    }),
  ];
  const narrower = changes.map(([change, changed]) => ({ change, heapBytes: enough(changed) }));
  const proposals = [...narrower, poolsFor(demand)].flatMap(({ change, heapBytes }) =>
    heapBytes === undefined || heapBytes >= now ? [] : [{ change, heapBytes }],
  );
  return proposals.toSorted((left, right) => left.heapBytes - right.heapBytes);
}

const minimum = 8;

/** Blocks of sizes that double: each class has as many as can be live at once. */
function poolsFor({ smallest, largest, liveBytes, blocks }: Demand): Proposal {
  const classes: { readonly bytes: number; readonly count: number }[] = [];
  for (let bytes = minimum, below = smallest - 1; below < largest; bytes *= 2) {
    if (bytes <= below) continue;
    classes.push({ bytes, count: Math.min(blocks, Math.floor(liveBytes / (below + 1))) });
    below = bytes;
  }
  const text = classes.map(({ bytes, count }) => `${count} of ${bytes}`).join(", ");
  return {
    change: `pools without fallback: ${text} bytes`,
    heapBytes: classes.reduce((sum, { bytes, count }) => sum + bytes * count, 0),
  };
}
