/** Faults that hands make in an allocator, each as an edit of the generated C. */
import type { FaultCause } from "../../src/emulators/engine.js";
import { bytes } from "../../src/units.js";
import type { Edit } from "./bench.js";
import { headerlessFaults } from "./headerless-faults.js";
import { keepingFaults } from "./keeping-faults.js";
import { begin, drop, swap, within } from "./edits.js";
import { seed, segregated, sequential, type TestConfig } from "./configs.js";

export interface HandMadeFault {
  readonly name: string;
  readonly config: TestConfig;
  readonly edit: Edit;
  /** How the mismatch's message begins, where the emulator itself stops. */
  readonly cause?: FaultCause;
}

const classes: TestConfig = { policy: segregated(), size: 16384 };
const manyClasses: TestConfig = { policy: segregated({ subdivisions: 8 }), size: 16384 };
const twoEnded: TestConfig = {
  policy: segregated({ split: "two-ended", smallBelow: bytes(64) }),
  size: 16384,
};
const classesPrevSize: TestConfig = { ...classes, boundaryTag: "prevSize", target: "cortex-m0" };
const byAddress: TestConfig = { policy: sequential(), size: 8192 };
const oneList: TestConfig = { policy: sequential({ wilderness: "none" }), size: 8192 };
const frugal = sequential({
  fit: "best",
  ties: "highest",
  order: "in-place",
  split: "two-ended",
  smallBelow: bytes(64),
  wilderness: "none",
});
const inPlace: TestConfig = { policy: frugal, size: 8192 };
const byNeighbour: TestConfig = { policy: { ...frugal, split: "by-neighbour" }, size: 8192 };
const lifo: TestConfig = { policy: sequential({ order: "lifo" }), size: 8192 };
const fifo: TestConfig = { policy: sequential({ order: "fifo" }), size: 8192 };
const nextFit: TestConfig = { policy: sequential({ fit: "next", order: "lifo" }), size: 8192 };
const slots: TestConfig = { policy: seed, size: 4096, links: { place: "slots", slots: 6 } };
const labelled: TestConfig = {
  ...lifo,
  fields: { magic: { bits: 8, value: 0xa5 }, tag: { bits: 4 }, requested: {} },
};

const checked: TestConfig = { ...lifo, fields: { checksum: { bits: 8 } } };

const granule = "(GRANULE_MASK + 1U)";

export const handMadeFaults: readonly HandMadeFault[] = [
  {
    name: "the rest of a split begins one granule late",
    config: classes,
    edit: swap("rest = block + need;", `rest = block + need + ${granule};`),
  },
  {
    name: "a rest of the minimum size is not split off",
    config: classes,
    edit: swap("if (size > need)", `if (size > (need + ${granule}))`),
  },
  {
    name: "a rest smaller than a block is split off",
    config: labelled,
    edit: swap("(size - need) < MINIMUM_BLOCK_BYTES", "(size - need) == 0U"),
  },
  {
    name: "the right neighbour is not merged",
    config: classesPrevSize,
    edit: swap("SLOWEST(is_free(header_of(right)))", "SLOWEST(is_free(header_of(right)) && (size == 0U))"),
  },
  {
    name: "the left neighbour is not merged",
    config: classes,
    edit: swap("SLOWEST(merges)", "SLOWEST(merges && (size == 0U))"),
  },
  {
    name: "the right neighbour is asked itself, not the block behind it",
    config: { policy: segregated(), size: 200_000 },
    edit: within("is_free", swap(" + block_size(block)", "")),
  },
  {
    name: "a stale bit in the only word",
    config: classes,
    edit: within("take", drop("filled &= ~bit_of(class);")),
  },
  {
    name: "a stale bit of a class that merging emptied",
    config: classes,
    edit: within("unlist", drop("still &= ~bit_of(previous >> 1U);")),
  },
  {
    name: "a stale bit in the bitmap",
    config: manyClasses,
    edit: within("take", drop("summary = mark_empty(class, summary);")),
  },
  {
    name: "the bits of a class and of the one behind it are the same",
    config: classes,
    edit: within("bit_of", swap(">> index", ">> (index | 1U)")),
  },
  {
    name: "a stale bit in the summary",
    config: manyClasses,
    edit: within("write_word", drop("still &= ~bit_of(index);")),
  },
  {
    name: "the summary is not filled",
    config: manyClasses,
    edit: within("mark_filled", swap("summary | bit_of(class >> 5U)", "summary")),
  },
  {
    name: "a class without a probe that lost its last block counts as filled",
    config: { ...manyClasses, policy: segregated({ subdivisions: 8, probe: false }) },
    edit: within("take", swap("word & ~bit_of(place)", "word")),
  },
  {
    name: "a block in use is not marked",
    config: classes,
    edit: within("set_used", drop(" | USED")),
  },
  {
    name: "an exact fit leaves its neighbour thinking it is free",
    config: classes,
    edit: drop("set_left_used(header_of(block + size));"),
  },
  {
    name: "a freed block's neighbour does not learn of it",
    config: classes,
    edit: drop("set_left_free(header_of(right));"),
  },
  {
    name: "a footer truncated to 8 bits",
    config: classes,
    edit: within("set_free", swap("*footer       = (uint16_t)", "*footer       = (uint8_t)")),
  },
  {
    name: "a link truncated to 8 bits",
    config: classesPrevSize,
    edit: within("link_to", swap("(uint32_t)(", "(uint8_t)(")),
  },
  {
    name: "a footer not written",
    config: lifo,
    edit: within("set_free", swap("*footer =", "if (size == 0U) *footer =")),
  },
  {
    name: "a back link not updated when a block leaves its list",
    config: classes,
    edit: within("unlist", drop("links_of(block_at(next))->previous = (link_t)previous;")),
  },
  {
    name: "a class that is one off",
    config: classes,
    edit: within("class_of", swap("(size >> shift);", "(size >> shift) + 1U;")),
  },
  {
    name: "the high end of a block does not learn that its left neighbour is free",
    config: { policy: segregated({ split: "by-neighbour" }), size: 16384 },
    edit: within("take", drop("set_left_free(header_of(taken));")),
  },
  {
    name: "the low end is handed out where the high one is due",
    config: { policy: segregated({ split: "by-neighbour" }), size: 16384 },
    edit: swap("need < block_size(header_of(right))", "need <= block_size(header_of(right))"),
  },
  {
    name: "the low end is handed out to a small request",
    config: twoEnded,
    edit: swap("need >= SMALL_BELOW", "need >= (SMALL_BELOW - 8U)"),
  },
  {
    name: "the block behind the high end still takes its left neighbour for free",
    config: twoEnded,
    edit: within("take", swap("    set_left_used(header_of(right));", "    (void)right;")),
  },
  {
    name: "the head of a class still leads to the block that left it",
    config: twoEnded,
    edit: within("unlist_first", drop("links_of(block_at(previous))->next = (link_t)next;")),
  },
  {
    name: "a class that lost its last block counts as filled",
    config: twoEnded,
    edit: within("unlist_first", drop("still &= ~bit_of(previous >> 1U);")),
  },
  {
    name: "a block that stays where it is keeps its old size",
    config: twoEnded,
    edit: within("take", drop("    set_free(block, rest);")),
  },
  {
    name: "the own class is taken without a look at the size",
    config: classes,
    edit: swap(" || (free_size(block_at(first)) < need)", ""),
  },
  {
    name: "the rover stays where it is",
    config: nextFit,
    edit: drop("heap.control.rover = at.previous;"),
  },
  {
    name: "the rover keeps a block that is gone",
    config: nextFit,
    edit: within("list_remove", drop("heap.control.rover = previous;")),
  },
  {
    name: "the untouched space ends one granule too late",
    config: byAddress,
    edit: swap("need <= (END_OF_BLOCKS - offset)", `need <= ((END_OF_BLOCKS + ${granule}) - offset)`),
  },
  {
    name: "the untouched space ends far too late",
    config: byAddress,
    edit: swap("need <= (END_OF_BLOCKS - offset)", "need <= ((2U * END_OF_BLOCKS) - offset)"),
  },
  {
    name: "requests are not rounded up",
    config: byAddress,
    edit: swap("+ (HEADER_BYTES + GRANULE_MASK)) & ~GRANULE_MASK", "+ HEADER_BYTES)"),
  },
  {
    name: "the header is forgotten in the size",
    config: byAddress,
    edit: swap("(HEADER_BYTES + GRANULE_MASK)", "GRANULE_MASK"),
  },
  {
    name: "no range check: sizes near 2^32 wrap",
    config: classes,
    edit: swap("if ((size - 1U) < APP_HEAP_MAX_REQUEST)", "if (size != 0U)"),
  },
  {
    name: "a request of 0 is served",
    config: lifo,
    edit: swap("if ((size - 1U) < APP_HEAP_MAX_REQUEST)", "if (size < APP_HEAP_MAX_REQUEST)"),
  },
  {
    name: "the tail is not moved when the last block leaves",
    config: fifo,
    edit: within("list_remove", drop("heap.control.last = previous;")),
  },
  {
    name: "the tail is not moved when a block is appended",
    config: fifo,
    edit: within("list_insert", drop("heap.control.last      = node;")),
  },
  {
    name: "a slot is not given back",
    config: slots,
    edit: within("list_remove", drop("heap.control.spare     = node;")),
  },
  {
    name: "a full table is not noted",
    config: slots,
    edit: within("list_insert", drop("heap.control.sweep_due = 1U;")),
  },
  {
    name: "merging forgets the slot's size",
    config: slots,
    edit: within("merged_size", drop("slot_set(node, block_at(offset), size);")),
  },
  {
    name: "the sweep forgets to merge",
    config: { policy: sequential({ coalesce: "deferred" }), size: 4096 },
    edit: within("sweep", swap("while ((end < heap", "while ((end < FIRST_BLOCK) && (end < heap")),
  },
  {
    name: "the previous size is not updated after a split",
    config: classesPrevSize,
    edit: drop("set_left_size(block + size, size - need);"),
  },
  {
    name: "freed blocks are listed out of order",
    config: byAddress,
    edit: within(
      "release",
      swap("node_offset(node) < offset_of(block)", "node_offset(node) > offset_of(block)"),
    ),
  },
  {
    name: "of equally good blocks the last is taken",
    config: { policy: sequential({ fit: "best", order: "lifo" }), size: 8192 },
    edit: swap("(size < found_size)", "(size <= found_size)"),
  },
  {
    name: "a list without a head: its first block never merges to the right",
    config: oneList,
    edit: within("release", swap("next = next_of(right);", "next = next_of(left);")),
  },
  {
    name: "the rest of a cut block is lost",
    config: oneList,
    edit: within("take", drop("next = link_to(beyond(block, need));")),
  },
  {
    name: "a freed block merges to the left with what it does not touch",
    config: oneList,
    edit: within(
      "release",
      swap("beyond(left, block_size(left)) == block", "beyond(left, block_size(left)) <= block"),
    ),
  },
  {
    name: "the list's head has a size",
    config: oneList,
    edit: within("app_heap_init", swap("set_free(list_head(), 0U)", "set_free(list_head(), FIRST_BLOCK)")),
  },
  {
    name: "the place of a merged block is lost",
    config: inPlace,
    edit: within("release", swap("stand_in(freed, right);", "unlist(right);")),
  },
  {
    name: "a right neighbour that the left one takes in stays listed",
    config: inPlace,
    edit: within("release", drop("unlist(right);")),
  },
  {
    name: "a ring that does not close",
    config: inPlace,
    edit: within("unlist", drop("links_at(next)->previous = previous;")),
  },
  {
    name: "of equally good blocks the lowest is taken",
    config: inPlace,
    edit: within("find", swap("(block > found)", "(block < found)")),
  },
  {
    name: "a block that is too small is taken",
    config: inPlace,
    edit: within("find", swap("found_rest = END_OF_BLOCKS;", "found_rest = UINT32_MAX;")),
  },
  {
    name: "the high end is handed out and the block behind it not told",
    config: inPlace,
    edit: within("take", drop("set_left_used(beyond(block, need));")),
  },
  {
    name: "a request as large as the block behind gets the low end",
    config: byNeighbour,
    edit: swap("need < block_size(beyond", "need <= block_size(beyond"),
  },
  {
    name: "a small request gets the high end",
    config: byNeighbour,
    edit: swap("(need < SMALL_BELOW) || ", ""),
  },
  {
    name: "all requests get the high end",
    config: inPlace,
    edit: swap("need >= SMALL_BELOW", "need > END_OF_BLOCKS"),
  },
  {
    name: "a search that never ends",
    config: byAddress,
    edit: within("find", drop("at.node     = next_of(at.node);")),
    cause: "hang",
  },
  {
    name: "the header is returned for the payload",
    config: byAddress,
    edit: within("payload_of", swap("(uint8_t *)block + HEADER_BYTES", "(uint8_t *)block")),
  },
  {
    name: "the same bytes are handed out twice",
    config: byAddress,
    edit: swap("heap.control.wilderness = offset + need;", "heap.control.wilderness = offset;"),
  },
  {
    name: "more stack than there is",
    config: byAddress,
    edit: begin("app_heap_free", "volatile uint8_t scratch[20000]; scratch[0] = 1U; (void)scratch[0];"),
    cause: "stack-overflow",
  },
  {
    name: "a recursion without end",
    config: byAddress,
    edit: begin(
      "take_wilderness",
      "if (need > 64U) { volatile uint32_t n = need; return (take_wilderness(need) == NULL) ? NULL : block_at(n); }",
    ),
    cause: "stack-overflow",
  },
  {
    name: "a write in front of the heap",
    config: lifo,
    edit: begin("release", "*(volatile uint8_t *)((uint32_t)heap.bytes - 1U) = 1U;"),
    // The heap is the first in RAM.
    cause: "write-unmapped",
  },
  {
    name: "a write behind the heap",
    config: { ...lifo, size: 8000 },
    edit: begin("release", "*(volatile uint8_t *)((uint32_t)heap.bytes + APP_HEAP_SIZE_BYTES) = 1U;"),
    cause: "stray-write",
  },
  {
    name: "a write into the neighbour's payload",
    config: byAddress,
    edit: begin("release", "((uint8_t *)block)[-1] ^= 1U;"),
    cause: "payload-overwritten",
  },
  {
    name: "a write to where there is no memory",
    config: byAddress,
    edit: begin("app_heap_free", "if (pointer == NULL) { *(volatile uint32_t *)0xE0000000U = 0U; }"),
    cause: "write-unmapped",
  },
  {
    name: "a trap",
    config: byAddress,
    edit: begin("place", "if (previous != NO_NODE) { __builtin_trap(); }"),
    cause: "undefined-instruction",
  },
  {
    name: "the magic is not written",
    config: labelled,
    edit: within("app_heap_malloc_tagged", swap("MAGIC", "0U")),
  },
  {
    name: "the tag stands one bit too high",
    config: labelled,
    edit: within("app_heap_malloc_tagged", swap("(tag & 0xFU)", "((tag & 0xFU) << 1U)")),
  },
  {
    name: "calloc leaves the last bytes as they were",
    config: { ...byAddress, api: { calloc: true } },
    edit: within("clear", swap("bytes & 3U", "bytes & 2U")),
    cause: "not-zeroed",
  },
  {
    name: "calloc clears a byte too many",
    config: { ...byAddress, api: { calloc: true } },
    edit: within("app_heap_calloc", swap("(uint32_t)bytes", "(uint32_t)bytes + 4U")),
  },
  {
    name: "realloc forgets the last word",
    config: { ...byAddress, api: { realloc: true } },
    edit: within("copy", swap("(bytes + 3U) >> 2U", "bytes >> 2U")),
    cause: "payload-overwritten",
  },
  {
    name: "realloc frees the old block though there is no new one",
    config: { ...byAddress, api: { realloc: true } },
    edit: within("app_heap_realloc", (text) =>
      text.replace(
        /( +)if \(payload != NULL\) \{\n +(copy.*\n) +(app_heap_free.*\n) +\}\n/,
        "$1$3$1if (payload != NULL) { $2$1}\n",
      ),
    ),
  },
  {
    name: "a block that shrinks keeps its tail",
    config: { ...byAddress, api: { realloc: true } },
    edit: within("cut", swap("rest >= MINIMUM_BLOCK_BYTES", "rest >= (64U * MINIMUM_BLOCK_BYTES)")),
  },
  {
    name: "a block grows over one in use",
    config: { ...byAddress, boundaryTag: "footer", api: { realloc: true } },
    edit: within("resize", swap("else if (is_free(right))", "else if (block_size(right) != 0U)")),
  },
  {
    name: "a block that grew does not say so to its neighbour",
    config: { ...byAddress, boundaryTag: "footer", api: { realloc: true } },
    edit: within("resize", drop("set_left_used(beyond(right, room));")),
  },
  {
    name: "a payload is not moved down with its block",
    config: { ...lifo, api: { realloc: true } },
    edit: within("join_left", swap("payload_of(block), held);", "payload_of(block), held & 3U);")),
    cause: "payload-overwritten",
  },
  {
    name: "an aligned payload is a granule off",
    config: { ...lifo, api: { alignedAlloc: true } },
    edit: within("align", swap("(alignment - 1U);", "(alignment - 9U);")),
  },
  {
    name: "what is in front of an aligned payload is lost",
    config: { ...byAddress, api: { alignedAlloc: true } },
    edit: within("align", drop("release(block);")),
  },
  {
    name: "init forgets a class",
    config: classes,
    edit: within("app_heap_init", swap("class < (FIRST_CLASS + CLASSES)", "class < (FIRST_CLASS + 4U)")),
  },
  {
    name: "init forgets the last block's header",
    config: classesPrevSize,
    edit: within("app_heap_init", drop("set_used(end, 0U);")),
  },
  {
    name: "a header changes and its checksum does not",
    config: checked,
    edit: within("set_left_free", drop("seal(block);")),
  },
  {
    name: "a checksum covers half of a header",
    config: checked,
    edit: within("checksum_of", drop("bits ^= bits >> 8U;")),
  },
  {
    name: "what is kept with a block is written behind its checksum",
    config: { ...classes, fields: { tag: { bits: 8 }, checksum: { bits: 8 } } },
    edit: within("app_heap_malloc_tagged", drop("seal(block);")),
  },
  ...headerlessFaults,
  ...keepingFaults,
];
