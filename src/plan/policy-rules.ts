/** What a policy does with a heap that is planned. Each function is given the whole plan. */
import type { Piece, Section } from "../csource/piece.js";
import type { Constant, StaticAssert } from "../csource/c-text.js";
import type { View } from "../csource/view.js";
import type { Inspection, Unfinished } from "../inspect/inspection.js";
import type { Fragmentation } from "./fragmentation.js";
import type { HeapLayout } from "../layout/layout.js";
import type { ReferenceHeap } from "../reference/reference-heap.js";

/**
 * Most times that loops go round in one call, by the words of the comments in front of them: "Loop: at most once a
 * listed block." counts "listed block". Loops with the same words go round that often together.
 */
export interface LoopLimits {
  readonly malloc: Limits;
  readonly free: Limits;
  /** Of realloc, beyond a malloc, two frees and a copy. */
  readonly realloc?: Limits;
  /** Of the functions that look at the heap, by their names, where they do not walk over headers. */
  readonly introspection?: Readonly<Record<string, Limits>>;
  /** Of check, beyond its walk over headers and free lists. */
  readonly check?: Limits;
}

/** Times, by the words of a loop's comment. */
export type Limits = Readonly<Record<string, number>>;

/** A number of the control data that never exceeds a limit. */
export interface WordLimit {
  /** In bytes from the start of the heap. */
  readonly offset: number;
  readonly bytes: number;
  readonly most: number;
}

/** A choice of the config, and what it costs or saves. */
export interface Choice {
  readonly choice: string;
  readonly costs: string;
}

/** What the heap's memory says. Reading ends early where it is damaged. */
export interface HeapContents {
  /** By address; gaps are what was never allocated. Offsets and sizes in bytes. */
  readonly blocks: Iterable<{ readonly offset: number; readonly size: number; readonly free: boolean }>;
  /** Where the blocks end; what lies from there to the last place of a block is untouched. */
  readonly end: number;
  /** Offsets of the listed free blocks, in list order, list after list. */
  readonly freeList: Iterable<number>;
}

/** The text of which the heap's layout module is made, and what of it a host tool calls. */
export interface Decoder {
  /** A file of src/, without its ending, that needs `layout/decode/numbers` and `layout/decode/headerless-block` alone. */
  readonly module: string;
  readonly roots: readonly string[];
  /** What the layout's member `links` says, where it has one. */
  readonly links?: string;
}

/** What the header draws, declares and decodes where there is one. */
export interface HeaderlessBlocks<Plan> {
  /** The two or more forms of a block and what is kept of it, as lines of the C comment. */
  draw(plan: Plan): readonly string[];
  /** C declaration of a member of the control data whose type is the policy's own, without the semicolon. */
  declare(plan: Plan, field: { readonly name: string }): string | undefined;
  readonly decoder: Decoder;
}

/** The C of a policy: its pieces, in the order of the file. */
export interface PolicySource {
  /** An absolute path: a folder whose templates stand beside those of `templates/`. */
  readonly folder?: string;
  /** Types of blocks, links and lists. */
  readonly types: readonly Piece[];
  /** Everything between the state and the API. */
  readonly sections: readonly Section[];
  /** Partial that makes the heap empty: the statements of init. */
  readonly empty: string;
  /** Templates of the public functions. */
  readonly api: {
    readonly malloc: string;
    readonly free: string;
    readonly realloc: string;
    readonly alignedAlloc: string;
    readonly usableSize: string;
    readonly walk: string;
    readonly check: string;
    readonly stats: string;
    readonly largestRequest: string;
    /** Public functions of this policy alone. */
    readonly more?: readonly Piece[];
  };
  /** Pieces in front of a public function: parts of it alone, by the function's template. */
  readonly apiHelpers?: Readonly<Record<string, readonly Piece[]>>;
  /** Members that templates write and this heap has not, beside those of figures. */
  readonly absentMembers?: readonly string[];
  /** Functions that its templates call and this heap has not, beside those that no policy need have. */
  readonly absentFunctions?: readonly string[];
}

export interface PolicyRules<Plan> {
  /** The pieces of the C. */
  source(plan: Plan): PolicySource;
  /** Constants of the C beside the common ones. */
  constants(plan: Plan): readonly Constant[];
  /** What the C asserts of them. */
  asserts(plan: Plan): readonly StaticAssert[];
  /** What the policy's templates are given beside the common view. */
  view(plan: Plan): View;
  /** What stands in memory, of a policy whose blocks have no header. */
  readonly headerlessBlocks?: HeaderlessBlocks<Plan>;
  /** Whether interrupts may call the heap's functions though it has no lock. None may when left out. */
  readonly isLockFree?: (plan: Plan) => boolean;
  /** What each choice of the policy's config costs, for `explain`. */
  choices(plan: Plan): readonly Choice[];
  /** For the loops whose end depends on the heap; those that run a fixed number of times need no limit. */
  loopLimits(plan: Plan): LoopLimits;
  /** Whether largest_request merges what a request that fails merges; it changes nothing when left out. */
  readonly largestRequestMerges?: (plan: Plan) => boolean;
  /** What certificates rest on. */
  fragmentation(plan: Plan): Fragmentation;
  /** Facts of every heap that paths through the code may be ruled out by. */
  wordLimits(plan: Plan): readonly WordLimit[];
  /** How the heap lies in memory, for those who read a dump of it. */
  layout(plan: Plan): HeapLayout;
  read(plan: Plan, heap: DataView): HeapContents;
  /**
   * What stands in a heap, and what is wrong with it. Never throws: what cannot be is damage.
   * @param heap the heap's bytes, with any content
   */
  inspect(plan: Plan, heap: DataView): Inspection;
  /**
   * Whether all that inspection finds wrong may be of an operation that is not finished; undefined: it is not, or the
   * policy cannot tell.
   */
  readonly unfinished?: (plan: Plan, heap: DataView, inspection: Inspection) => Unfinished | undefined;
  /** An empty reference heap. */
  reference(plan: Plan): ReferenceHeap;
}
