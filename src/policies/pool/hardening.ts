/** What a pool finds of misuse: a bit for each block says whether it is in use. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import { faultPieces, faultSection } from "../../csource/shared-pieces.js";
import { unsigned, type Constant } from "../../csource/c-text.js";
import type { View } from "../../csource/view.js";
import type { HardeningOffer } from "../../plan/policy-part.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { strideAlignment } from "./plan.js";
import type { PoolClass, PoolConfig, PoolPlan } from "./types.js";

export function hardening({ atomic }: PoolConfig): HardeningOffer {
  const refusal = atomic
    ? "an atomic pool has no lock under which a block and its bit could change together"
    : undefined;
  return { tiers: ["basic"], evidence: "one-way", ...(refusal === undefined ? {} : { refusal }) };
}

const folder = "policies/pool/basic";
const own = (name: string): Piece => functionIn(folder, name);

const written = (template: string, name: string): Piece => piece(`${folder}/${template}`, name);

/** The C that believes no link and no pointer, in place of that which does. */
export function hardenedSource(plan: PoolPlan, plain: PolicySource): PolicySource {
  const { classes, lazy, fallback } = plan.policy;
  const several = classes.length > 1;
  const lists = plain.sections.findIndex(({ title }) => title === "Free lists");
  const isUsed = functionIn("policies/pool", "is_used");
  const without = (section: Section): Section => ({
    ...section,
    pieces: section.pieces.filter(({ defines }) => !defines.includes("is_used")),
  });
  const bySeveral = (name: string): Piece =>
    several ? written(`${name.replaceAll("_", "-")}-several`, name) : own(name);
  const malloc = several ? (fallback ? "malloc-fallback" : "malloc-several") : "malloc";
  return {
    ...plain,
    types: plain.types.map((each) =>
      each.template === "policies/pool/pools" ? piece(`${folder}/pools`) : each,
    ),
    sections: [
      ...plain.sections.slice(0, lists).map(without),
      faultSection(plan),
      {
        title: "Checks",
        pieces: [
          piece("hardening/likely", "LIKELY"),
          piece("hardening/unlikely", "UNLIKELY"),
          isUsed,
          own("number_of"),
          ...(several ? ["class_around", "is_block"].map(own) : []),
          ...["is_free_block", "is_made"].map(own),
        ],
      },
      {
        title: "Free lists",
        pieces: [written(lazy ? "take-lazy" : "take", "take"), bySeveral("release")],
      },
      ...plain.sections.slice(lists + 1).map(without),
      { title: "Faults", pieces: [bySeveral("fault_of"), own("fault_at"), ...faultPieces] },
    ],
    api: { ...plain.api, malloc: `${folder}/${malloc}`, free: "hardening/free" },
  };
}

/** How the templates that check say what a class is, and whether init made the heap. */
export function hardenedView({ policy: { classes, lazy } }: Pick<PoolPlan, "policy">): View {
  const several = classes.length > 1;
  const at = several ? "[0]" : "";
  return {
    classGiven: several ? "class, " : "",
    ofItsClass: several ? " of its class" : "",
    blocksText: several ? "its count" : "BLOCKS",
    blockCount: several ? "pools[class].blocks" : "BLOCKS",
    blockInverse: several ? "pools[class].inverse" : "BLOCK_INVERSE",
    blockShift: several ? "pools[class].shift" : "BLOCK_SHIFT",
    // A shift by 32 is undefined: a size may be odd.
    blockShiftBack: several ? "((32U - pools[class].shift) & 31U)" : "(32U - BLOCK_SHIFT)",
    madeText: lazy
      ? `heap.control.fresh${at} != 0U`
      : `(heap.control.first${at} != NO_BLOCK) || (heap.control.used[0] != 0U)`,
    madeReason: lazy
      ? "the first block that was never allocated has a place"
      : "if no block is free, all are in use",
  };
}

/** What a class's line in the table has more. */
export function hardenedRow(
  { hardening: wanted }: PoolPlan,
  { blockBytes, start, end }: PoolClass,
): readonly string[] {
  if (wanted === undefined) return [];
  const stride = strideAlignment(blockBytes);
  return [(end - start) / blockBytes, Math.log2(stride), inverseOf(blockBytes / stride)].map(unsigned);
}

/** The inverse of an odd number modulo 2^32: each step of Newton's doubles the bits that are right, 3 at first. */
export function inverseOf(odd: number): number {
  let inverse = odd;
  for (let right = 3; right < 32; right *= 2) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse >>> 0;
}

export function hardenedConstants({ hardening: wanted, policy }: PoolPlan): readonly Constant[] {
  const [only] = policy.classes;
  if (wanted === undefined || only === undefined) return [];
  const { blockBytes, start, end } = only;
  const stride = strideAlignment(blockBytes);
  return [
    { name: "BLOCKS", value: unsigned((end - start) / blockBytes), comment: "" },
    {
      name: "BLOCK_SHIFT",
      value: unsigned(Math.log2(stride)),
      comment: "Twos that BLOCK_BYTES has as factors.",
    },
    {
      name: "BLOCK_INVERSE",
      value: unsigned(inverseOf(blockBytes / stride)),
      comment: "Of the rest of BLOCK_BYTES, modulo 2^32.",
    },
  ];
}
