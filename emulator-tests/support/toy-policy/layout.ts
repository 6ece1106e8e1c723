import type { Member } from "../../../src/layout/decode/numbers.js";
import { layoutBasis, requiredMember } from "../../../src/layout/describe.js";
import type { LayoutBasis } from "../../../src/layout/layout.js";
import type { ToyPlan } from "./plan.js";

export interface ToyLayoutData extends LayoutBasis {
  readonly kind: "toy";
  readonly control: { readonly used: Member };
}

export const layout = (plan: ToyPlan): ToyLayoutData => ({
  kind: "toy",
  ...layoutBasis(plan),
  control: { used: requiredMember(plan, "used") },
});
