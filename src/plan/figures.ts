/** What malloc and free keep up to date for those who ask how full a heap is and was: blocks do not tell it. */
import type { Api } from "../config/config.js";
import type { ControlMember } from "./policy-part.js";

type Asking = Pick<Api, "stats" | "counters">;

/** Whether bytes in use, their peak and failed requests are kept. */
export const keepsFigures = ({ stats, counters }: Asking): boolean => stats || counters;

/** Whether malloc tells a request that fails from one of nothing, which returns NULL too. */
export const tellsFailures = keepsFigures;

/** Members of the control data. */
export function figures(api: Asking): readonly ControlMember[] {
  const figure = (name: string, meaning: string): ControlMember => ({ name, bytes: 4, count: 1, meaning });
  return [
    ...(keepsFigures(api)
      ? [
          figure("used_bytes", "bytes of the blocks in use"),
          figure("peak_bytes", "their peak"),
          figure("failures", "requests that returned NULL"),
        ]
      : []),
    ...(api.counters
      ? [figure("allocations", "requests that returned a block"), figure("frees", "blocks freed")]
      : []),
  ];
}
