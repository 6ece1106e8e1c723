/** That the bytes which the header tells of an empty heap are those of its blocks. */
import type { StaticAssert } from "../csource/c-text.js";
import type { Plan } from "../plan/plan.js";

/** @param bytes of all blocks, in terms of the C's constants */
export const emptyAssert = ({ api, name }: Plan, bytes: string): readonly StaticAssert[] =>
  api.counters
    ? [
        {
          condition: `${name.toUpperCase()}_EMPTY_BYTES == ${bytes}`,
          sentence: "an empty heap has another number of bytes free",
        },
      ]
    : [];
