/** The control data in which figures are kept, behind the policy's own. */
import type { Api } from "../config/config.js";
import { keepsFigures } from "./figures.js";
import type { ControlMember } from "./policy-part.js";

export function figureMembers(api: Pick<Api, "stats" | "counters">): readonly ControlMember[] {
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
