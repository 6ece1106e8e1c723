/** What a request that fails merges before it gives up. */
import type { SequentialFitPlan } from "./types.js";

/** The template of what does so alone; undefined where nothing is put off. */
export function settling({ policy, header }: SequentialFitPlan): string | undefined {
  const searches = policy.coalesce === "list-neighbours";
  const passes = policy.coalesce === "deferred" || header.links.place === "slots";
  if (searches) return passes ? "settle-by-search-or-pass" : "settle-by-search";
  return passes ? "settle" : undefined;
}
