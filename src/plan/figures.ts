/** What malloc and free keep up to date for those who ask how full a heap is and was: blocks do not tell it. */
import type { Api } from "../config/config.js";

/** Whether bytes in use, their peak and failed requests are kept. */
export const keepsFigures = ({ stats, counters }: Pick<Api, "stats" | "counters">): boolean =>
  stats || counters;

/** Whether malloc tells a request that fails from one of nothing, which returns NULL too. */
export const tellsFailures = (api: Pick<Api, "stats" | "counters" | "failureHook">): boolean =>
  keepsFigures(api) || api.failureHook;
