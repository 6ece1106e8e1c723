/** What a search for the best config tries. */
import type { Variant } from "../policy.js";
import { segregatedSplits } from "./types.js";

const kind = "segregated-fit";
/** The default first: what is no better than it is not taken. */
const splits = segregatedSplits.toSorted(
  (left, right) => Number(right === "two-ended") - Number(left === "two-ended"),
);

const classes = [2, 1, 4, 8].flatMap((subdivisions) =>
  splits.map((split): Variant => ({
    family: "size classes",
    policy: { kind, subdivisions, split },
    ...(subdivisions === 2 && split === splits[0] ? { behindPools: true } : {}),
  })),
);

/** Faster still where requests come again in the same sizes, for more memory. */
const quick = splits.flatMap((split) =>
  [32, 16].flatMap((most) =>
    [128, 64].map((upTo): Variant => ({
      family: "size classes with quick lists",
      policy: { kind, split, quickLists: { upTo, most } },
    })),
  ),
);

/** Without a look at a request's own class memory is lost, least where classes are narrow. */
const withoutProbe = [8, 16].map((subdivisions): Variant => ({
  family: "size classes without probe",
  policy: { kind, subdivisions, split: "low", probe: false },
}));

/** Without headers: small blocks take less, and each granule costs bits of the control data. No neighbour tells its size. */
const splitsOfBits = splits.filter((split) => split !== "by-neighbour");
const ofEqualRatio = { subdivisions: 2, spacing: "geometric" };
const withoutHeaders = [ofEqualRatio, { subdivisions: 2 }, { subdivisions: 4 }, { subdivisions: 1 }].flatMap(
  (classesOf) =>
    splitsOfBits.map((split): Variant => ({
      family: "size classes without headers",
      policy: { kind, ...classesOf, split },
      header: { boundaryTag: "bits" },
    })),
);

/** The fewest cycles of the slowest call: links that need no sum to follow, in blocks of 16 bytes at least. */
const linkedByAddress: readonly Variant[] = [
  {
    family: "size classes linked by address",
    policy: { kind, subdivisions: 1, split: "low", links: "address" },
  },
];

export const variants: readonly Variant[] = [
  ...classes,
  ...linkedByAddress,
  ...withoutHeaders,
  ...quick,
  ...withoutProbe,
];
