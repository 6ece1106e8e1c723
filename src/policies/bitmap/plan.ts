import type { HeaderConfig } from "../../config/config.js";
import type { BitmapConfig, BitmapNumbers } from "./types.js";
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import type { HeaderlessNeeds } from "../../header/needs.js";
import { placeControl } from "../../plan/place-control.js";
import { roundUp } from "../../units.js";
import { refuseHeader } from "../refuse-header.js";
import type { ControlMember, PlanBasis, PolicyPart } from "../policy.js";

export function headerNeeds(
  { granule }: BitmapConfig,
  header: HeaderConfig,
): HeaderlessNeeds | readonly Diagnostic[] {
  const refusals = refuseHeader(header, false);
  return refusals.length > 0 ? refusals : { headerless: true, granuleBytes: granule, linkBefore: false };
}

const wordsFor = (granules: number): number => Math.ceil(granules / 32);

function controlMembers(granules: number): readonly ControlMember[] {
  const count = wordsFor(granules);
  return [
    {
      name: "searched",
      bytes: 4,
      count: 1,
      meaning: "words at the end that are searched: all before them are in use",
    },
    {
      name: "used",
      bytes: 4,
      count,
      meaning: "bit g of word w: granule 32 w + g is in use, or does not exist",
    },
    { name: "last", bytes: 4, count, meaning: "bit g of word w: granule 32 w + g is the last of a block" },
  ];
}

/** Those of 1 MiB in the least granules: words of bits enough for a search. */
const mostGranules = 262_144;

export function planPart(
  _policy: BitmapConfig,
  basis: PlanBasis,
): PolicyPart<BitmapNumbers> | readonly Diagnostic[] {
  const { granuleBytes, heapBytes, minimumBlockBytes, figures, api } = basis;
  if (heapBytes / granuleBytes > mostGranules) {
    const least = 2 ** Math.ceil(Math.log2(heapBytes / mostGranules));
    const reason = `malloc searches the bits of all granules: at most ${mostGranules} of them ("granule" of ${least} or more)`;
    const found = `${heapBytes / granuleBytes} granules`;
    return [diagnose("conflict", { found, reason }, { path: ["policy", "granule"] })];
  }
  const firstFor = (granules: number) =>
    roundUp(placeControl([...controlMembers(granules), ...figures]).end, granuleBytes);
  const least = minimumBlockBytes / granuleBytes;
  let granules = Math.floor(heapBytes / granuleBytes);
  while (granules > least && firstFor(granules) + granules * granuleBytes > heapBytes) granules--;
  const firstBlock = firstFor(granules);
  const endOfBlocks = firstBlock + granules * granuleBytes;
  // Payloads can only be aligned to more than a granule where granules are.
  const aligned = api.alignedAlloc ? { heapAlignment: granuleBytes } : {};
  return {
    policy: { kind: "bitmap", granules, words: wordsFor(granules) },
    control: controlMembers(granules),
    endHeader: "none",
    coalescing: "none",
    largestServedBytes: () => granules * granuleBytes,
    space: {
      minimumBlockBytes,
      firstBlock,
      endOfBlocks,
      needed: firstFor(least) + least * granuleBytes,
      ...aligned,
    },
  };
}
