/** Faults that hands make in the policies without headers. */
import { bitmap, buddy, bump, pool, type TestConfig } from "./configs.js";
import { drop, swap, within } from "./edits.js";
import type { HandMadeFault } from "./faults.js";

const arena: TestConfig = { policy: bump(), size: 1 << 20 };
const limited: TestConfig = { policy: bump(), limits: { largest: 300 }, size: 1024 };
const pile: TestConfig = { policy: bump("lifo"), size: 4096, target: "cortex-m0plus" };
const blocks: TestConfig = { policy: pool([[64]]), size: 4096 };
const lazy: TestConfig = { policy: pool([[64, 6]], { lazy: true }), size: 4096 };
const sizes: TestConfig = { policy: pool([[32, 4], [128, 2], [512]]), size: 8192 };
const atomic: TestConfig = { policy: pool([[64]], { atomic: true }), size: 4096 };

const bits: TestConfig = { policy: bitmap(), size: 2000 };
const halves: TestConfig = { policy: buddy(), size: 4096 };

export const headerlessFaults: readonly HandMadeFault[] = [
  {
    name: "an arena's room is not rounded down",
    config: arena,
    edit: within("app_heap_malloc", swap(") & ~GRANULE_MASK", ")")),
  },
  {
    name: "an arena goes on when it is empty",
    config: limited,
    edit: within("app_heap_malloc", swap("if (need <= room)", "if (need <= (room + 64U))")),
  },
  {
    name: "an arena hands the same bytes out again",
    config: arena,
    edit: drop("heap.control.room = room;"),
  },
  {
    name: "a block freed out of order is given back",
    config: pile,
    edit: swap("if (block == newest_block(heap.control.room))", "if (block != NULL)"),
  },
  {
    name: "a block says what is left behind it, not what was left before",
    config: pile,
    edit: swap("(room_t)(room >> GRANULE_SHIFT)", "(room_t)((room - need) >> GRANULE_SHIFT)"),
  },
  {
    name: "the newest block grows without its bytes",
    config: { ...pile, api: { realloc: true } },
    edit: within("resize", swap("copy(payload, old, size - LINK_BYTES)", "copy(payload, old, 0U)")),
  },
  {
    name: "the newest block's bytes are moved up from the first",
    config: { ...pile, api: { realloc: true } },
    edit: within("copy_up", (text) =>
      swap(
        "target[left - 1U] = source[left - 1U]",
        "target[count - left] = source[count - left]",
      )(swap("    /* Loop", "    const uint32_t count = bytes / sizeof(piece_t);\n    /* Loop")(text)),
    ),
  },
  {
    name: "a block that moved no longer knows its end",
    config: { ...pile, api: { realloc: true } },
    edit: within("resize", drop("block->before     = (room_t)(before >> GRANULE_SHIFT);")),
  },
  {
    name: "an older block grows over the one behind it",
    config: { ...pile, api: { realloc: true } },
    edit: within("resize", swap("if (need <= size)", "if (need <= (size + 8U))")),
  },
  {
    name: "an aligned block has no room for the gap behind it",
    config: { ...pile, api: { alignedAlloc: true } },
    edit: within("app_heap_aligned_alloc", swap("if (most <= room)", "if (need <= room)")),
  },
  {
    name: "a link in front of a payload has no room",
    config: pile,
    edit: swap("(LINK_BYTES + GRANULE_MASK)", "GRANULE_MASK"),
  },
  {
    name: "a pool's block is handed out twice",
    config: blocks,
    edit: within("take", drop("heap.control.first = block->next;")),
  },
  {
    name: "a freed block leads nowhere",
    config: blocks,
    edit: within("give", swap("block->next = heap.control.first;", "block->next = NO_BLOCK;")),
  },
  {
    name: "a pool's last block is not listed",
    config: blocks,
    edit: within("app_heap_init", swap("offset = END_OF_BLOCKS;", "offset = END_OF_BLOCKS - BLOCK_BYTES;")),
  },
  {
    name: "an untouched block behind the last is handed out",
    config: lazy,
    edit: within("take", swap("fresh < END_OF_BLOCKS", "fresh <= END_OF_BLOCKS")),
  },
  {
    name: "untouched blocks are served before freed ones",
    config: lazy,
    edit: within("give", drop("heap.control.first = link_to(block);")),
  },
  {
    name: "a request as large as a block goes to the next class",
    config: sizes,
    edit: swap("pools[class].block_bytes < size", "pools[class].block_bytes <= size"),
  },
  {
    name: "the first block of a class is given back to the one before",
    config: sizes,
    edit: swap("offset >= pools[class].end", "offset > pools[class].end"),
  },
  {
    name: "an empty class does not borrow",
    config: sizes,
    edit: swap("(payload == NULL) && (class < CLASSES)", "(payload == NULL) && (class < 1U)"),
  },
  {
    name: "a block that grows is not copied to its new place",
    config: { ...sizes, api: { realloc: true } },
    edit: within("app_heap_realloc", swap("copy(payload, pointer, held)", "copy(payload, pointer, 0U)")),
  },
  {
    name: "a block that grew is not given back",
    config: { ...sizes, api: { realloc: true } },
    edit: within("app_heap_realloc", swap("                app_heap_free(pointer);\n", "")),
  },
  {
    name: "a block that shrinks is moved",
    config: { ...sizes, api: { realloc: true } },
    edit: within("app_heap_realloc", swap("if (size <= held)", "if (size == held)")),
  },
  {
    name: "an aligned block is taken from any class",
    config: { policy: pool([[40, 20], [64]]), size: 4096, api: { alignedAlloc: true } },
    edit: within(
      "app_heap_aligned_alloc",
      swap(" && ((pools[class].block_bytes & (alignment - 1U)) == 0U)", ""),
    ),
  },
  {
    name: "a freed block keeps its bit",
    config: { ...blocks, api: { check: true, calloc: true } },
    edit: within("give", drop("set_free(block);")),
  },
  {
    name: "an exclusive store takes the block for the one behind it",
    config: atomic,
    edit: within(
      "take",
      swap("store_exclusive(first, block_of(link)->next)", "store_exclusive(first, link)"),
    ),
  },
  {
    name: "a run is taken for one granule longer",
    config: bits,
    edit: within("find", swap("lowest_bit(used) - start) >=", "lowest_bit(used) - start + 1U) >=")),
  },
  {
    name: "a run within a word is not looked for",
    config: bits,
    edit: within("find", swap("if (starts != 0U)", "if (starts == ~0U)")),
  },
  {
    name: "a doubling too few",
    config: bits,
    edit: within("run_starts", drop("starts &= starts >> 2U;")),
  },
  {
    name: "what is in use of a word is not in front of the next",
    config: bits,
    edit: swap("start = end - clear_above(used);", "start = end;"),
  },
  {
    name: "the last word of a block keeps its bits",
    config: bits,
    edit: within(
      "toggle",
      swap("bits & (~0U >> (31U - (last & 31U)))", "bits & (~0U >> (32U - (last & 31U)))"),
    ),
  },
  {
    name: "a block's end is not forgotten",
    config: bits,
    edit: within("vacate", drop("heap.control.last[word] &= ~(1U << bit);")),
  },
  {
    name: "free granules are left out of the search",
    config: bits,
    edit: within("vacate", drop("heap.control.open = first >> 5U;")),
  },
  {
    name: "granules that there are not are handed out",
    config: bits,
    edit: drop("heap.control.used[WORDS - 1U] = ~0U << (GRANULES & 31U);"),
  },
  {
    name: "a block grows over the granule behind what is free",
    config: { ...bits, api: { realloc: true } },
    edit: within(
      "free_until",
      swap("(word << 5U) + lowest_bit(used)", "(word << 5U) + lowest_bit(used) + 1U"),
    ),
  },
  {
    name: "a block grows to the left over one in use",
    config: { ...bits, api: { realloc: true } },
    edit: within("free_from", swap("((word + 1U) << 5U) - clear_above(used)", "(word << 5U)")),
  },
  {
    name: "a block moves down though what is behind it suffices",
    config: { ...bits, api: { realloc: true } },
    edit: within(
      "resize",
      swap(
        "    if ((end - begin) < granules) {\n        begin",
        "    if ((end - begin) != granules) {\n        begin",
      ),
    ),
  },
  {
    name: "a block that moves down leaves its bytes behind",
    config: { ...bits, api: { realloc: true } },
    edit: within("resize", swap("held << GRANULE_SHIFT", "0U")),
  },
  {
    name: "an aligned run has no room for the gap in front",
    config: { ...bits, api: { alignedAlloc: true } },
    edit: within("app_heap_aligned_alloc", swap("find(granules + more)", "find(granules + (more >> 1U))")),
  },
  {
    name: "the highest bit is not found by doublings",
    config: { ...bits, target: "cortex-m0" },
    edit: within("clear_above", drop("filled |= filled >> 4U;")),
  },
  {
    name: "a power of two takes the next one",
    config: halves,
    edit: within("app_heap_malloc", swap("size - 1U) >> UNIT_SHIFT", "size) >> UNIT_SHIFT")),
  },
  {
    name: "one half too few is given back",
    config: halves,
    edit: within("halve", swap("order > to", "order > (to + 1U)")),
  },
  {
    name: "an order is left out of the bits",
    config: halves,
    edit: within("halve", swap("(1U << from) - (1U << to)", "(1U << from) - (2U << to)")),
  },
  {
    name: "a block that shrinks keeps its upper half",
    config: { ...halves, api: { realloc: true } },
    edit: within("shrink", drop("list(unit + (1U << order), order);")),
  },
  {
    name: "a block grows over one in use",
    config: { ...halves, api: { realloc: true } },
    edit: within("can_grow", swap("(order < to) && is_whole(unit ^ (1U << order), order)", "order < to")),
  },
  {
    name: "a half that a block grew over is still listed",
    config: { ...halves, api: { realloc: true } },
    edit: within("grow", drop("unlist(unit ^ (1U << order), order);")),
  },
  {
    name: "a block that grows to the left leaves its bytes behind",
    config: { ...halves, api: { realloc: true } },
    edit: within("resize", swap("1U << (UNIT_SHIFT + held)", "0U")),
  },
  {
    name: "an aligned block is as large as the request alone",
    config: { ...halves, api: { alignedAlloc: true } },
    edit: within(
      "app_heap_aligned_alloc",
      swap("(least > order) ? least : order", "(order > least) ? order : order"),
    ),
  },
  {
    name: "bytes in use are not given back",
    config: { ...halves, api: { calloc: true, stats: true } },
    edit: within("app_heap_free", drop("heap.control.used_bytes -= block_bytes(pointer);")),
  },
  {
    name: "a half of another order is merged",
    config: halves,
    edit: within("is_whole", swap("== (FREE | order)", ">= (FREE | (order >> 5U))")),
  },
  {
    name: "a half in use is merged",
    config: halves,
    edit: within(
      "is_whole",
      swap("heap.control.state[buddy] == (FREE | order)", "(heap.control.state[buddy] & 0x7FU) == order"),
    ),
  },
  {
    name: "a merged block begins at its right half",
    config: halves,
    edit: within("release", swap("unit &= ~(1U << order);", "unit |= 1U << order;")),
  },
  {
    name: "an order that ran empty keeps its bit",
    config: halves,
    edit: within("take", drop("heap.control.filled &= ~(1U << found);")),
  },
  {
    name: "init leaves out the smaller blocks",
    config: { ...halves, size: 3000 },
    edit: within("app_heap_init", swap("order > 0U", "order > 3U")),
  },
];
