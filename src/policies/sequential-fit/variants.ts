/** What a search for the best config tries. */
import type { Variant } from "../policy.js";

const kind = "sequential-fit";

export const variants: readonly Variant[] = (["first", "best"] as const).flatMap((fit) =>
  (["address", "lifo"] as const).flatMap((order) =>
    (["low", "two-ended", "by-neighbour"] as const).map((split): Variant => ({
      family: `${fit} fit`,
      policy: { kind, fit, order, split, wilderness: "last" },
      ...(fit === "first" && order === "address" && split === "low" ? { behindPools: true } : {}),
    })),
  ),
);
