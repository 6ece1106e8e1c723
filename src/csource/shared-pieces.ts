/** Pieces of the C that policies share: what each is for stands in its template. */
import { functionIn, piece, type Piece, type Section } from "./piece.js";
import { headerHooks } from "../header/c/hooks.js";
import { isSealed, tagBits } from "../header/facts.js";
import { keepsFigures } from "../plan/figures.js";
import type { Plan } from "../plan/plan.js";
import type { PolicySource } from "../plan/policy-rules.js";

const block = (name: string): Piece => functionIn("blocks", name);

/** What works on payloads by words. */
export function wordsSection({ header, hardening }: Plan): Section {
  const isGuarded = hardening?.guard !== undefined;
  return {
    title: "Payloads as words",
    pieces: [
      // Blocks are whole granules: behind a header of whole words the payload is too.
      piece(header.bytes % 4 === 0 && !isGuarded ? "words/clear-whole-words" : "words/clear", "clear"),
      piece(isGuarded ? "words/copy-bytes" : "words/copy", "copy"),
    ],
  };
}

/** Who is told of faults, where there is no function of the user's; nothing in a heap that finds none. */
export function faultSection({ hardening }: Plan): Section {
  if (hardening === undefined) return { pieces: [] };
  return {
    title: "Faults",
    pieces: [
      piece("hardening/cold", "COLD"),
      ...(hardening.isGiven ? [] : [piece("hardening/trap", hardening.hook)]),
    ],
  };
}

/** What calls them, for a policy that names what it found: fault_of and fault_at. */
export const faultPieces: readonly Piece[] = ["refuse_free", "refuse_request"].map((name) =>
  functionIn("hardening", name),
);

/** What tells the alignment that realloc keeps: in front of what moves payloads. */
export const alignmentPieces: readonly Piece[] = ["alignment_of", "keeps_alignment"].map(block);

/** Which of the ways to resize a block: by what is asked of realloc. */
export function resizeTemplate({ realloc }: Plan): "resize" | "resize-aligned" | "resize-in-place" {
  if (realloc.copyUnlocked === true) return "resize-in-place";
  return realloc.keepAlignment === undefined ? "resize" : "resize-aligned";
}

/**
 * Aligned allocation for blocks with headers: where realloc calls it for a block that has a tag, it is a function of its
 * own in front of realloc.
 * @param realloc the template of realloc
 * @param allocate what serves alignments above that of every payload
 */
export function alignedAllocation(
  { header, realloc: { keepAlignment } }: Plan,
  realloc: string,
  allocate: Piece,
): Required<Pick<PolicySource, "apiHelpers">> & { readonly alignedAlloc: string } {
  if (keepAlignment === undefined || tagBits(header) === 0)
    return { alignedAlloc: "blocks/aligned-alloc", apiHelpers: { "blocks/aligned-alloc": [allocate] } };
  const tagged = piece("blocks/aligned-alloc-tagged", "aligned_alloc_tagged");
  return { alignedAlloc: "blocks/aligned-alloc-untagged", apiHelpers: { [realloc]: [allocate, tagged] } };
}

/** What keeps interrupts out; nothing where nobody does. */
export function lockSection({ lock }: Plan): Section {
  if (lock.kind === "none") return { pieces: [] };
  return {
    title: "Lock",
    pieces: [
      piece("lock/priority", "LOCK_PRIORITY"),
      piece(`lock/lock-${lock.kind}`, "lock_heap"),
      piece(`lock/unlock-${lock.kind}`, "unlock_heap"),
    ],
  };
}

/** What malloc and free keep up to date for stats and counters; nothing without them. */
export function figuresSection({ api }: Plan): Section {
  if (!keepsFigures(api)) return { pieces: [] };
  return { title: "Figures", pieces: [functionIn("api", "count_bytes"), functionIn("api", "count_failure")] };
}

/** The figures of a policy that counts bytes where it takes blocks and frees them: functions between its own. */
export function countingSection({ api }: Plan): Section {
  return keepsFigures(api)
    ? { title: "Figures", pieces: [functionIn("api", "count_bytes")] }
    : { pieces: [] };
}

/** What is left of the figures where the bytes are counted in front. */
export function failuresSection({ api }: Plan): Section {
  return keepsFigures(api)
    ? { title: "Failures", pieces: [functionIn("api", "count_failure")] }
    : { pieces: [] };
}

/** Searches for bits that are set, where the core counts zeros and where it does not. */
export function bitSearchPieces({ countLeadingZeros, multiplies }: Plan): readonly Piece[] {
  if (countLeadingZeros) return [functionIn("bits", "lowest_bit"), functionIn("bits", "highest_bit")];
  return [
    piece(`bits/lowest-bit-${multiplies ? "de-bruijn" : "halves"}`, "lowest_bit"),
    piece("bits/highest-bit-halving", "highest_bit"),
  ];
}

/** Functions of the header's checksum and of what is verified by it. Each is there where the header has the field. */
export function checksumPieces({ header }: Plan): readonly Piece[] {
  return isSealed(header) ? [block("checksum_of"), block("seal")] : [];
}

export const intactPieces: readonly Piece[] = [
  block("is_intact"),
  block("is_sealed"),
  block("right_header"),
  block("neighbours_are_intact"),
];

/** Functions of blocks with headers that look at all of the heap. */
export const checkPieces: readonly Piece[] = [
  piece("blocks/left-type", "left_t"),
  piece("blocks/census", "census_t"),
  block("is_sound"),
  block("damaged_block"),
];

/** Statements about these are left out where the heap has none of them. */
export const optionalFunctions: readonly string[] = [
  "lock_heap",
  "unlock_heap",
  "count_bytes",
  "count_failure",
  "replace_free",
  "slot_set",
  "set_guard",
  "set_whole_guard",
  ...headerHooks(),
];

/** And those that write these members of the control data. */
export const optionalMembers: readonly string[] = [
  "used_bytes",
  "peak_bytes",
  "failures",
  "allocations",
  "frees",
  "coalesce_due",
  "quick_room",
];
