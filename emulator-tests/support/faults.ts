/** Faults that hands make in an allocator, each as a change of one function of the generated C. */
import { bytes } from "../../src/units.js";
import { boundaryBitsFaults } from "./boundary-bits-faults.js";
import { headerlessFaults } from "./headerless-faults.js";
import { deferredFaults } from "./deferred-faults.js";
import { seed, segregated, sequential, type TestConfig } from "./configs.js";
import { f, k, v } from "./c-words.js";
import {
  dropAssignment,
  dropCall,
  dropOperand,
  guard,
  hoist,
  insert,
  replace,
  restate,
  setArgument,
  setCondition,
  setReturn,
  setValue,
  type HandMadeFault,
} from "./hand-made-fault.js";

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

const granule = `(${k.granuleMask} + 1U)`;

export const handMadeFaults: readonly HandMadeFault[] = [
  {
    name: "the rest of a split begins one granule late",
    config: classes,
    function: f.take,
    change: setValue(v.rest, `$ + ${granule}`),
  },
  {
    name: "a rest of the minimum size is not split off",
    config: classes,
    function: f.take,
    change: replace(`${v.size} > ${v.need}`, `${v.size} > (${v.need} + ${granule})`),
  },
  {
    name: "a rest smaller than a block is split off",
    config: labelled,
    function: f.takeListed,
    change: setCondition([v.size, v.need, k.minimumBlock], `(${v.size} - ${v.need}) == 0U`),
  },
  {
    name: "the right neighbour is not merged",
    config: classesPrevSize,
    function: f.release,
    change: setCondition([f.isFree, v.right], `$ && (${v.size} == 0U)`),
  },
  {
    name: "the left neighbour is not merged",
    config: classes,
    function: f.release,
    change: setCondition([v.merges], `$ && (${v.size} == 0U)`),
  },
  {
    name: "the right neighbour is asked itself, not the block behind it",
    config: { policy: segregated(), size: 200_000 },
    function: f.isFree,
    change: dropOperand("+", f.blockSize),
  },
  {
    name: "a stale bit in the only word",
    config: classes,
    function: f.take,
    change: dropAssignment(v.filled, f.bitOf, v.class),
  },
  {
    name: "a stale bit of a class that merging emptied",
    config: classes,
    function: f.unlist,
    change: dropAssignment(v.still, f.bitOf),
  },
  {
    name: "a stale bit in the bitmap",
    config: manyClasses,
    function: f.take,
    change: dropAssignment(v.summary, f.markEmpty),
  },
  {
    name: "the bits of a class and of the one behind it are the same",
    config: classes,
    function: f.bitOf,
    change: replace(v.index, `(${v.index} | 1U)`),
  },
  {
    name: "a stale bit in the summary",
    config: manyClasses,
    function: f.writeWord,
    change: dropAssignment(v.still, f.bitOf),
  },
  {
    name: "the summary is not filled",
    config: manyClasses,
    function: f.markFilled,
    change: dropOperand("|", f.bitOf),
  },
  {
    name: "a class without a probe that lost its last block counts as filled",
    config: { ...manyClasses, policy: segregated({ subdivisions: 8, probe: false }) },
    function: f.take,
    change: dropOperand("&", f.bitOf),
  },
  {
    name: "a block in use is not marked",
    config: classes,
    function: f.setUsed,
    change: dropOperand("|", k.used),
  },
  {
    name: "an exact fit leaves its neighbour thinking it is free",
    config: classes,
    function: f.take,
    change: dropCall(f.setLeftUsed, v.size),
  },
  {
    name: "a freed block's neighbour does not learn of it",
    config: classes,
    function: f.release,
    change: dropCall(f.setLeftFree, v.right),
  },
  {
    name: "a footer truncated to 8 bits",
    config: classes,
    function: f.setFree,
    change: setValue(`*${v.footer}`, `(uint8_t)($)`),
  },
  {
    name: "a link truncated to 8 bits",
    config: classesPrevSize,
    function: f.linkOf,
    change: setReturn("(uint8_t)($)"),
  },
  {
    name: "a footer not written",
    config: lifo,
    function: f.setFree,
    change: guard({ assigns: `*${v.footer}` }, `${v.size} == 0U`),
  },
  {
    name: "a back link not updated when a block leaves its list",
    config: classes,
    function: f.unlist,
    change: dropAssignment(`->${v.previous}`),
  },
  {
    name: "a class that is one off",
    config: classes,
    function: f.classOf,
    change: setReturn("$ + 1U"),
  },
  {
    name: "the high end of a block does not learn that its left neighbour is free",
    config: { policy: segregated({ split: "by-neighbour" }), size: 16384 },
    function: f.take,
    change: dropCall(f.setLeftFree, v.taken),
  },
  {
    name: "the low end is handed out where the high one is due",
    config: { policy: segregated({ split: "by-neighbour" }), size: 16384 },
    function: f.take,
    change: replace("<", "<=", f.blockSize, v.right),
  },
  {
    name: "the low end is handed out to a small request",
    config: twoEnded,
    function: f.take,
    change: replace(k.smallBelow, `(${k.smallBelow} - 8U)`),
  },
  {
    name: "the block behind the high end still takes its left neighbour for free",
    config: twoEnded,
    function: f.take,
    change: restate({ call: f.setLeftUsed }, `(void)${v.right};`, v.right),
  },
  {
    name: "the head of a class still leads to the block that left it",
    config: twoEnded,
    function: f.unlistFirst,
    change: dropAssignment(`->${v.next}`),
  },
  {
    name: "a class that lost its last block counts as filled",
    config: twoEnded,
    function: f.unlistFirst,
    change: dropAssignment(v.still, f.bitOf),
  },
  {
    name: "a block that stays where it is keeps its old size",
    config: twoEnded,
    function: f.take,
    change: dropCall(f.setFree, v.block, v.rest),
  },
  {
    name: "the own class is taken without a look at the size",
    config: classes,
    function: f.take,
    change: dropOperand("||", f.freeSize),
  },
  {
    name: "the rover stays where it is",
    config: nextFit,
    function: f.takeListed,
    change: dropAssignment(v.rover),
  },
  {
    name: "the rover keeps a block that is gone",
    config: nextFit,
    function: f.listRemove,
    change: dropAssignment(v.rover),
  },
  {
    name: "the untouched space ends one granule too late",
    config: byAddress,
    function: f.takeWilderness,
    change: replace(k.endOfBlocks, `(${k.endOfBlocks} + ${granule})`),
  },
  {
    name: "the untouched space ends far too late",
    config: byAddress,
    function: f.takeWilderness,
    change: replace(k.endOfBlocks, `(2U * ${k.endOfBlocks})`),
  },
  {
    name: "requests are not rounded up",
    config: byAddress,
    function: f.appMalloc,
    change: setValue(v.need, `(uint32_t)${v.size} + ${k.headerBytes}`),
  },
  {
    name: "the header is forgotten in the size",
    config: byAddress,
    function: f.appMalloc,
    change: replace(k.headerBytes, "0U"),
  },
  {
    name: "no range check: sizes near 2^32 wrap",
    config: classes,
    function: f.appMalloc,
    change: setCondition([k.maximumRequest], `${v.size} != 0U`),
  },
  {
    name: "a request of 0 is served",
    config: lifo,
    function: f.appMalloc,
    change: setCondition([k.maximumRequest], `${v.size} < ${k.maximumRequest}`),
  },
  {
    name: "the tail is not moved when the last block leaves",
    config: fifo,
    function: f.listRemove,
    change: dropAssignment(v.last),
  },
  {
    name: "the tail is not moved when a block is appended",
    config: fifo,
    function: f.listInsert,
    change: dropAssignment(v.last),
  },
  {
    name: "a slot is not given back",
    config: slots,
    function: f.listRemove,
    change: dropAssignment(v.spare),
  },
  {
    name: "a full table is not noted",
    config: slots,
    function: f.listInsert,
    change: dropAssignment(v.coalesceDue),
  },
  {
    name: "merging forgets the slot's size",
    config: slots,
    function: f.mergedSize,
    change: dropCall(f.slotSet),
  },
  {
    name: "the sweep forgets to merge",
    config: { policy: sequential({ coalesce: "deferred" }), size: 4096 },
    function: f.coalesce,
    change: setCondition([v.end, f.isFree], `(${v.end} < ${k.firstBlock}) && $`),
  },
  {
    name: "the previous size is not updated after a split",
    config: classesPrevSize,
    function: f.take,
    change: dropCall(f.setLeftSize, v.size),
  },
  {
    name: "freed blocks are listed out of order",
    config: byAddress,
    function: f.release,
    change: replace("<", ">", f.nodeOffset),
  },
  {
    name: "of equally good blocks the last is taken",
    config: { policy: sequential({ fit: "best", order: "lifo" }), size: 8192 },
    function: f.find,
    change: replace("<", "<=", v.foundSize),
  },
  {
    name: "a list without a head: its first block never merges to the right",
    config: oneList,
    function: f.release,
    change: setArgument(f.nextOf, 0, v.left, v.right),
  },
  {
    name: "the rest of a cut block is lost",
    config: oneList,
    function: f.take,
    change: dropAssignment(v.next, f.linkOf),
  },
  {
    name: "a freed block merges to the left with what it does not touch",
    config: oneList,
    function: f.release,
    change: replace("==", "<=", f.headerAfter, v.left),
  },
  {
    name: "the list's head has a size",
    config: oneList,
    function: f.appInit,
    change: setArgument(f.setFree, 1, k.firstBlock, f.listHead),
  },
  {
    name: "the place of a merged block is lost",
    config: inPlace,
    function: f.release,
    change: restate({ call: f.standIn }, `${f.unlist}(${v.right});`),
  },
  {
    name: "a right neighbour that the left one takes in stays listed",
    config: inPlace,
    function: f.release,
    change: dropCall(f.unlist, v.right),
  },
  {
    name: "a ring that does not close",
    config: inPlace,
    function: f.unlist,
    change: dropAssignment(`->${v.previous}`),
  },
  {
    name: "of equally good blocks the lowest is taken",
    config: inPlace,
    function: f.find,
    change: replace(">", "<", v.block, v.found),
  },
  {
    name: "a block that is too small is taken",
    config: inPlace,
    function: f.find,
    change: setValue(v.foundRest, "UINT32_MAX", k.endOfBlocks),
  },
  {
    name: "the high end is handed out and the block behind it not told",
    config: inPlace,
    function: f.take,
    change: { ...dropCall(f.setLeftUsed), nth: 2 },
  },
  {
    name: "a request as large as the block behind gets the low end",
    config: byNeighbour,
    function: f.take,
    change: replace(`${v.need} < ${f.blockSize}`, `${v.need} <= ${f.blockSize}`),
  },
  {
    name: "a small request gets the high end",
    config: byNeighbour,
    function: f.take,
    change: dropOperand("||", k.smallBelow),
  },
  {
    name: "all requests get the high end",
    config: inPlace,
    function: f.take,
    change: setCondition([v.need, k.smallBelow], `${v.need} > ${k.endOfBlocks}`),
  },
  {
    name: "a search that never ends",
    config: byAddress,
    function: f.find,
    change: dropAssignment(v.node, f.nextOf),
    cause: "hang",
  },
  {
    name: "the header is returned for the payload",
    config: byAddress,
    function: f.payloadOf,
    change: dropOperand("+", k.headerBytes),
  },
  {
    name: "the same bytes are handed out twice",
    config: byAddress,
    function: f.takeWilderness,
    change: setValue(v.wilderness, v.offset),
  },
  {
    name: "more stack than there is",
    config: byAddress,
    function: f.appFree,
    change: insert("volatile uint8_t scratch[20000]; scratch[0] = 1U; (void)scratch[0];"),
    cause: "stack-overflow",
  },
  {
    name: "a recursion without end",
    config: byAddress,
    function: f.takeWilderness,
    change: insert(
      `if (${v.need} > 64U) { volatile uint32_t n = ${v.need}; return (${f.takeWilderness}(${v.need}) == NULL) ? NULL : ${f.headerAt}(n); }`,
    ),
    cause: "stack-overflow",
  },
  {
    name: "a write in front of the heap",
    config: lifo,
    function: f.release,
    change: insert(`*(volatile uint8_t *)((uint32_t)${v.heapBytes} - 1U) = 1U;`),
    cause: "stray-write",
  },
  {
    name: "a write behind the heap",
    config: { ...lifo, size: 8000 },
    function: f.release,
    change: insert(`*(volatile uint8_t *)((uint32_t)${v.heapBytes} + ${k.heapBytes}) = 1U;`),
    cause: "stray-write",
  },
  {
    name: "a write into the neighbour's payload",
    config: byAddress,
    function: f.release,
    change: insert(`((uint8_t *)${v.block})[-1] ^= 1U;`),
  },
  {
    name: "a write to where there is no memory",
    config: byAddress,
    function: f.appFree,
    change: insert(`if (${v.pointer} == NULL) { *(volatile uint32_t *)0xE0000000U = 0U; }`),
    cause: "write-unmapped",
  },
  {
    name: "a trap",
    config: byAddress,
    function: f.place,
    change: insert(`if (${v.previous} != ${k.noNode}) { __builtin_trap(); }`),
    cause: "undefined-instruction",
  },
  {
    name: "the magic is not written",
    config: labelled,
    function: f.appMallocTagged,
    change: replace(k.magic, "0U"),
  },
  {
    name: "the tag stands one bit too high",
    config: labelled,
    function: f.appMallocTagged,
    change: setValue(`->${v.tag}`, `(uint8_t)((${v.tag} & 0xFU) << 1U)`),
  },
  {
    name: "calloc leaves the last bytes as they were",
    config: { ...byAddress, api: { calloc: true } },
    function: f.clear,
    change: replace("3U", "2U"),
    cause: "not-zeroed",
  },
  {
    name: "calloc clears a byte too many",
    config: { ...byAddress, api: { calloc: true } },
    function: f.appCalloc,
    change: setArgument(f.clear, 1, "$ + 4U"),
  },
  {
    name: "realloc forgets the last word",
    config: { ...byAddress, api: { realloc: true } },
    function: f.copy,
    change: dropOperand("+", "3U"),
    cause: "payload-overwritten",
  },
  {
    name: "realloc frees the old block though there is no new one",
    config: { ...byAddress, api: { realloc: true } },
    function: f.appRealloc,
    change: { ...hoist({ call: f.appFree }), nth: 2 },
  },
  {
    name: "a block that shrinks keeps its tail",
    config: { ...byAddress, api: { realloc: true } },
    function: f.cut,
    change: replace(k.minimumBlock, `(64U * ${k.minimumBlock})`),
  },
  {
    name: "a block grows over one in use",
    config: { ...byAddress, boundaryTag: "footer", api: { realloc: true } },
    function: f.resize,
    change: setCondition([f.isFree, v.right], `${f.blockSize}(${v.right}) != 0U`),
  },
  {
    name: "a block that grew does not say so to its neighbour",
    config: { ...byAddress, boundaryTag: "footer", api: { realloc: true } },
    function: f.resize,
    change: dropCall(f.setLeftUsed, v.right, v.room),
  },
  {
    name: "a payload is not moved down with its block",
    config: { ...lifo, api: { realloc: true } },
    function: f.joinLeft,
    change: setArgument(f.copy, 2, "$ & 3U"),
    cause: "payload-overwritten",
  },
  {
    name: "an aligned payload is a granule off",
    config: { ...lifo, api: { alignedAlloc: true } },
    function: f.align,
    change: replace("1U", "9U", v.gap, v.alignment),
  },
  {
    name: "what is in front of an aligned payload is lost",
    config: { ...byAddress, api: { alignedAlloc: true } },
    function: f.align,
    change: dropCall(f.release),
  },
  {
    name: "init forgets a class",
    config: classes,
    function: f.appInit,
    change: replace(k.classes, "4U", v.class),
  },
  {
    name: "init forgets the last block's header",
    config: classesPrevSize,
    function: f.appInit,
    change: dropCall(f.setUsed, v.end),
  },
  {
    name: "a header changes and its checksum does not",
    config: checked,
    function: f.setLeftFree,
    change: dropCall(f.seal),
  },
  {
    name: "a checksum covers half of a header",
    config: checked,
    function: f.checksumOf,
    change: dropAssignment(v.bits, "8U"),
  },
  {
    name: "what is kept with a block is written behind its checksum",
    config: { ...classes, fields: { tag: { bits: 8 }, checksum: { bits: 8 } } },
    function: f.appMallocTagged,
    change: dropCall(f.seal),
  },
  ...headerlessFaults,
  ...boundaryBitsFaults,
  ...deferredFaults,
];
