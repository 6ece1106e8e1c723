/** What the control data must hold, by the names of its members. */
import { linkUnitBytes } from "../../plan/plan.js";
import type { SequentialFitPlan } from "./types.js";
import type { Block } from "../../reference/block.js";
import type { FreeList } from "./free-list.js";

export function controlValues(
  plan: SequentialFitPlan,
  { blocks, rover, slots }: FreeList,
  { wilderness, coalesceDue }: { readonly wilderness: number; readonly coalesceDue: boolean },
): ReadonlyMap<string, readonly (number | undefined)[]> {
  const scale = linkUnitBytes(plan);
  const link = (block: Block | undefined) =>
    block === undefined ? 0 : (block.start + plan.header.bytes) / scale;
  const node = (block: Block | undefined) => (slots === undefined ? link(block) : (block?.slot ?? 0));
  const values = new Map<string, readonly (number | undefined)[]>([
    ["wilderness", [wilderness]],
    ["head", [0]],
    ["first", [node(blocks[0])]],
    ["last", [node(blocks.at(-1))]],
    ["rover", [node(rover)]],
    ["coalesce_due", [coalesceDue ? 1 : 0]],
  ]);
  if (slots !== undefined) {
    values.set("spare", [slots.firstSpare()]);
    values.set("slots", slots.values(blocks, link, plan.granuleBytes));
  }
  return values;
}
