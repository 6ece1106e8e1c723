/** What a pool finds of misuse: a bit for each block says whether it is in use. */
import { functionIn, piece, type Piece, type Section } from "../../csource/piece.js";
import { faultPieces, faultSection } from "../../csource/shared-pieces.js";
import { unsigned, type Constant } from "../../csource/c-text.js";
import type { HardeningOffer } from "../../plan/policy-part.js";
import type { PolicySource } from "../../plan/policy-rules.js";
import { strideAlignment } from "./plan.js";
import type { PoolConfig, PoolPlan } from "./types.js";

export function hardening({ classes, lazy, atomic }: PoolConfig): HardeningOffer {
  const refusal = atomic
    ? "an atomic pool has no lock under which a block and its bit could change together"
    : lazy
      ? "a lazy pool has no checks in this version"
      : classes.length > 1
        ? "a pool of several classes has no checks in this version"
        : undefined;
  return { tiers: ["basic"], evidence: "one-way", ...(refusal === undefined ? {} : { refusal }) };
}

const folder = "policies/pool/basic";
const own = (name: string): Piece => functionIn(folder, name);

/** The C that believes no link and no pointer, in place of that which does. */
export function hardenedSource(plan: PoolPlan, plain: PolicySource): PolicySource {
  const lists = plain.sections.findIndex(({ title }) => title === "Free lists");
  const isUsed = functionIn("policies/pool", "is_used");
  const without = (section: Section): Section => ({
    ...section,
    pieces: section.pieces.filter(({ defines }) => !defines.includes("is_used")),
  });
  return {
    ...plain,
    sections: [
      ...plain.sections.slice(0, lists).map(without),
      faultSection(plan),
      {
        title: "Checks",
        pieces: [
          piece("hardening/likely", "LIKELY"),
          piece("hardening/unlikely", "UNLIKELY"),
          isUsed,
          ...["number_of", "is_free_block", "is_made"].map(own),
        ],
      },
      { title: "Free lists", pieces: ["take", "release"].map(own) },
      ...plain.sections.slice(lists + 1).map(without),
      { title: "Faults", pieces: [...["fault_of", "fault_at"].map(own), ...faultPieces] },
    ],
    api: { ...plain.api, malloc: `${folder}/malloc`, free: "hardening/free" },
  };
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
