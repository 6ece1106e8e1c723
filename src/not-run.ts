/** What a config has that is not part of the heap's C as a run calls it: no run tries it, and the report says so. */
import type { Config } from "./config/config.js";
import type { NotRun } from "./verify/interface.js";

export const notRunOf = ({ init, outputs }: Pick<Config, "init" | "outputs">): readonly NotRun[] => [
  ...(init === "constructor"
    ? [{ what: "the constructor that calls init", reason: "no start-up code runs before the first call" }]
    : []),
  ...(outputs.length > 0
    ? [
        {
          what: `outputs ${outputs.map(({ kind }) => kind).join(", ")}`,
          reason: "they need their library, kernel or tool; see docs/embedding.md for what was tried",
        },
      ]
    : []),
];
