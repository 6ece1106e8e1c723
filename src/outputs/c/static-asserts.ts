/** What the C's constants must be to each other: an edit that breaks a rule is told which. */
import { headerAsserts } from "../../header/c/constants.js";
import { hasHeaders, type Plan } from "../../plan/plan.js";
import { emptyAssert } from "../../policies/empty-assert.js";
import { unsigned, type StaticAssert } from "../../csource/c-text.js";

const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });

export function staticAsserts(plan: Plan): readonly StaticAssert[] {
  const own = plan.rules.asserts(plan);
  if (!hasHeaders(plan)) return [...controlAsserts(plan), ...own];
  const empty = emptyAssert(plan, "(END_OF_BLOCKS - FIRST_BLOCK)");
  return [...controlAsserts(plan), ...spaceAsserts(plan), ...empty, ...headerAsserts(plan), ...own];
}

/** The control data. */
function controlAsserts(plan: Plan): readonly StaticAssert[] {
  return [
    check(
      `sizeof(${heapType(plan)}) == ${plan.name.toUpperCase()}_SIZE_BYTES`,
      "the control data is larger than the heap",
    ),
    check(
      `sizeof(control_t) == ${unsigned(plan.controlBytes)}`,
      "the control data does not have the planned size",
    ),
  ];
}

/** Granules, and where things lie. */
function spaceAsserts(plan: Plan): readonly StaticAssert[] {
  const name = plan.name.toUpperCase();
  const end = plan.endHeader === "none" ? "END_OF_BLOCKS" : "(END_OF_BLOCKS + HEADER_BYTES)";
  const what = plan.endHeader === "none" ? "the blocks end" : "the last header ends";
  return [
    check(`${name}_ALIGNMENT == (GRANULE_MASK + 1U)`, "the granule is not the alignment"),
    check("(1U << GRANULE_SHIFT) == (GRANULE_MASK + 1U)", "GRANULE_SHIFT does not match GRANULE_MASK"),
    check("FIRST_BLOCK >= sizeof(control_t)", "the first block overlaps the control data"),
    check("((FIRST_BLOCK + HEADER_BYTES) & GRANULE_MASK) == 0U", "the first payload is misaligned"),
    check(
      "((END_OF_BLOCKS + HEADER_BYTES) & GRANULE_MASK) == 0U",
      "the end of the blocks is not aligned to a granule",
    ),
    check(`${end} <= ${name}_SIZE_BYTES`, `${what} after the end of the heap`),
    check(
      `${name}_MAX_REQUEST <= (END_OF_BLOCKS - FIRST_BLOCK - HEADER_BYTES)`,
      "the largest request does not fit into an empty heap",
    ),
    check("(MINIMUM_BLOCK_BYTES & GRANULE_MASK) == 0U", "the minimum block is not a multiple of the granule"),
    check(
      `MINIMUM_BLOCK_BYTES >= ${freeBlockText(plan)}`,
      "the minimum block has no room for what a free block holds",
    ),
  ];
}

/** What has the heap's size: the variable, or the type of what lies elsewhere. */
function heapType({ name, placement }: Plan): string {
  if (placement.kind === "static") return "heap";
  return placement.kind === "runtime" && placement.instances === "many" ? `${name}_t` : "heap_t";
}

function freeBlockText(plan: Plan): string {
  const { links, footerBytes } = plan.header;
  const linksText = links.place === "slots" ? "" : " + sizeof(links_t)";
  const footer = footerBytes === 0 ? "" : ` + ${unsigned(footerBytes)}`;
  return `(sizeof(header_t)${linksText}${footer})`;
}
