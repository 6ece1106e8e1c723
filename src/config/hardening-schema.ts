/** How the generated code answers misuse, as the config file says it. */
import { z } from "zod";
import { about } from "./describe.js";
import { hardeningTiers } from "./vocabulary.js";

const tier = z.enum(["none", ...hardeningTiers]);

export const hardeningSchema = z.union([
  tier,
  z.strictObject({
    tier: about(tier, "Which checks there are."),
    hook: about(
      z.string().optional(),
      "Your function that is told what was found, as <name>_fault in the header; it may serve several heaps. When left out: <name>_fault, which stops the core unless you define it.",
    ),
  }),
]);
