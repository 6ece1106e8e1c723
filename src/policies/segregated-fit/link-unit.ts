/** What links count in, whatever form the blocks have. */
import { linkUnitBytes } from "../../plan/plan.js";
import { headBytes } from "./address/plan.js";
import type { SegregatedFitPlan } from "./types.js";

/** In bytes. Where bits outside the blocks bound them, a link is an offset as it is. */
export const linkUnit = (plan: SegregatedFitPlan): number =>
  plan.policy.bits === undefined ? linkUnitBytes(plan) : 1;

/** What the list heads of two classes that follow each other have between their links. */
export const headStep = (plan: SegregatedFitPlan): number =>
  plan.policy.address === undefined ? plan.header.links.bytes / linkUnit(plan) : headBytes;
