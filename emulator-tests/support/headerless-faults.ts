/** Faults that hands make in the policies without headers. */
import { bitmap, buddy, bump, pool, type TestConfig } from "./configs.js";
import { f, k, v } from "./c-words.js";
import {
  dropAssignment,
  dropCall,
  dropOperand,
  replace,
  restate,
  setArgument,
  setCondition,
  setValue,
  type HandMadeFault,
} from "./hand-made-fault.js";

const bumpHeap: TestConfig = { policy: bump(), size: 1 << 20 };
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
    config: bumpHeap,
    function: f.appMalloc,
    change: dropOperand("&", k.granuleMask),
  },
  {
    name: "an arena goes on when it is empty",
    config: limited,
    function: f.appMalloc,
    change: replace(`<= ${v.room}`, `<= (${v.room} + 64U)`),
  },
  {
    name: "an arena hands the same bytes out again",
    config: bumpHeap,
    function: f.appMalloc,
    change: dropAssignment(`.${v.room}`),
  },
  {
    name: "a block freed out of order is given back",
    config: pile,
    function: f.appFree,
    change: setCondition([f.newestBlock], `${v.block} != NULL`),
  },
  {
    name: "a block says what is left behind it, not what was left before",
    config: pile,
    function: f.appMalloc,
    change: replace(v.room, `(${v.room} - ${v.need})`, v.before, k.granuleShift),
  },
  {
    name: "the newest block grows without its bytes",
    config: { ...pile, api: { realloc: true } },
    function: f.resize,
    change: setArgument(f.copy, 2, "0U", k.linkBytes),
  },
  {
    name: "the newest block's bytes are moved up from the first",
    config: { ...pile, api: { realloc: true } },
    function: f.copyUp,
    change: {
      ...replace(`${v.left} - 1U`, `(${v.bytes} / sizeof(${k.piece})) - ${v.left}`),
      places: 2,
    },
  },
  {
    name: "a block that moved no longer knows its end",
    config: { ...pile, api: { realloc: true } },
    function: f.resize,
    change: dropAssignment(`->${v.before}`),
  },
  {
    name: "an older block grows over the one behind it",
    config: { ...pile, api: { realloc: true } },
    function: f.resize,
    change: replace(`${v.need} <= ${v.size}`, `${v.need} <= (${v.size} + 8U)`),
  },
  {
    name: "an aligned block has no room for the gap behind it",
    config: { ...pile, api: { alignedAlloc: true } },
    function: f.appAlignedAlloc,
    change: replace(`${v.most} <= ${v.room}`, `${v.need} <= ${v.room}`),
  },
  {
    name: "a link in front of a payload has no room",
    config: pile,
    function: f.appMalloc,
    change: replace(k.linkBytes, "0U"),
  },
  {
    name: "a pool's block is handed out twice",
    config: blocks,
    function: f.take,
    change: dropAssignment(`.${v.first}`),
  },
  {
    name: "a freed block leads nowhere",
    config: blocks,
    function: f.give,
    change: setValue(`->${v.next}`, k.noBlock),
  },
  {
    name: "a pool's last block is not listed",
    config: blocks,
    function: f.appInit,
    change: setValue(v.offset, `$ - ${k.blockBytes}`, k.endOfBlocks),
  },
  {
    name: "an untouched block behind the last is handed out",
    config: lazy,
    function: f.take,
    change: replace("<", "<=", v.fresh, k.endOfBlocks),
  },
  {
    name: "untouched blocks are served before freed ones",
    config: lazy,
    function: f.give,
    change: dropAssignment(`.${v.first}`),
  },
  {
    name: "a request as large as a block goes to the next class",
    config: sizes,
    function: f.appMalloc,
    change: replace("<", "<=", v.blockBytes, v.size),
  },
  {
    name: "the first block of a class is given back to the one before",
    config: sizes,
    function: f.appFree,
    change: replace(">=", ">", v.offset, v.end),
  },
  {
    name: "an empty class does not borrow",
    config: sizes,
    function: f.appMalloc,
    change: replace(k.classes, "1U", v.payload),
  },
  {
    name: "a block that grows is not copied to its new place",
    config: { ...sizes, api: { realloc: true } },
    function: f.appRealloc,
    change: setArgument(f.copy, 2, "0U"),
  },
  {
    name: "a block that grew is not given back",
    config: { ...sizes, api: { realloc: true } },
    function: f.appRealloc,
    change: { ...dropCall(f.appFree), nth: 2 },
  },
  {
    name: "a block that shrinks is moved",
    config: { ...sizes, api: { realloc: true } },
    function: f.appRealloc,
    change: replace("<=", "==", v.size, v.held),
  },
  {
    name: "an aligned block is taken from any class",
    config: { policy: pool([[40, 20], [64]]), size: 4096, api: { alignedAlloc: true } },
    function: f.appAlignedAlloc,
    change: dropOperand("&&", v.blockBytes, v.alignment),
  },
  {
    name: "a freed block keeps its bit",
    config: { ...blocks, api: { check: true, calloc: true } },
    function: f.give,
    change: dropCall(f.setFree),
  },
  {
    name: "an exclusive store takes the block for the one behind it",
    config: atomic,
    function: f.take,
    change: setArgument(f.storeExclusive, 1, v.link),
  },
  {
    name: "a run is taken for one granule longer",
    config: bits,
    function: f.find,
    change: replace(v.start, `${v.start} + 1U`, f.lowestBit, v.granules),
  },
  {
    name: "a run within a word is not looked for",
    config: bits,
    function: f.find,
    change: setCondition([v.starts], `${v.starts} == ~0U`),
  },
  {
    name: "a doubling too few",
    config: bits,
    function: f.runStarts,
    change: dropAssignment(v.starts, "2U"),
  },
  {
    name: "what is in use of a word is not in front of the next",
    config: bits,
    function: f.find,
    change: setValue(v.start, v.end, f.clearAbove),
  },
  {
    name: "the last word of a block keeps its bits",
    config: bits,
    function: f.toggle,
    change: replace("31U -", "32U -"),
  },
  {
    name: "a block's end is not forgotten",
    config: bits,
    function: f.vacate,
    change: dropAssignment(`${v.last}[${v.word}]`),
  },
  {
    name: "free granules are left out of the search",
    config: bits,
    function: f.vacate,
    change: dropAssignment(v.searched),
  },
  {
    name: "granules that there are not are handed out",
    config: bits,
    function: f.appInit,
    change: dropAssignment(`${v.used}[${k.words} - 1U]`),
  },
  {
    name: "a block grows over the granule behind what is free",
    config: { ...bits, api: { realloc: true } },
    function: f.freeUntil,
    change: setValue(v.end, "$ + 1U", f.lowestBit),
  },
  {
    name: "a block grows to the left over one in use",
    config: { ...bits, api: { realloc: true } },
    function: f.freeFrom,
    change: setValue(v.begin, `${v.word} << 5U`, f.clearAbove),
  },
  {
    name: "a block moves down though what is behind it suffices",
    config: { ...bits, api: { realloc: true } },
    function: f.resize,
    change: { ...replace("<", "!=", v.end, v.begin, v.granules), nth: 2 },
  },
  {
    name: "a block that moves down leaves its bytes behind",
    config: { ...bits, api: { realloc: true } },
    function: f.resize,
    change: setArgument(f.copy, 2, "0U", v.held),
  },
  {
    name: "an aligned run has no room for the gap in front",
    config: { ...bits, api: { alignedAlloc: true } },
    function: f.appAlignedAlloc,
    change: setArgument(f.find, 0, `${v.granules} + (${v.more} >> 1U)`),
  },
  {
    name: "the highest bit is not found by doublings",
    config: { ...bits, target: "cortex-m0" },
    function: f.clearAbove,
    change: dropAssignment(v.doubled, "4U"),
  },
  {
    name: "a power of two takes the next one",
    config: halves,
    function: f.appMalloc,
    change: replace(`${v.size} - 1U`, v.size, k.unitShift),
  },
  {
    name: "one half too few is given back",
    config: halves,
    function: f.halve,
    change: replace(`> ${v.to}`, `> (${v.to} + 1U)`),
  },
  {
    name: "an order is left out of the bits",
    config: halves,
    function: f.halve,
    change: replace(`1U << ${v.to}`, `2U << ${v.to}`),
  },
  {
    name: "a block that shrinks keeps its upper half",
    config: { ...halves, api: { realloc: true } },
    function: f.shrink,
    change: dropCall(f.list),
  },
  {
    name: "a block grows over a buddy in use",
    config: { ...halves, api: { realloc: true } },
    function: f.canGrow,
    change: dropOperand("&&", f.isWhole),
  },
  {
    name: "a half that a block grew over is still listed",
    config: { ...halves, api: { realloc: true } },
    function: f.grow,
    change: dropCall(f.unlist),
  },
  {
    name: "a block that grows to the left leaves its bytes behind",
    config: { ...halves, api: { realloc: true } },
    function: f.resize,
    change: setArgument(f.copy, 2, "0U", k.unitShift),
  },
  {
    name: "an aligned block is as large as the request alone",
    config: { ...halves, api: { alignedAlloc: true } },
    function: f.appAlignedAlloc,
    change: replace(`? ${v.least}`, `? ${v.order}`, v.whole),
  },
  {
    name: "bytes in use are not given back",
    config: { ...halves, api: { calloc: true, stats: true } },
    function: f.appFree,
    change: dropAssignment(v.usedBytes),
  },
  {
    name: "a half of another order is merged",
    config: halves,
    function: f.isWhole,
    change: [replace("==", ">="), replace(`| ${v.order}`, `| (${v.order} >> 5U)`)],
  },
  {
    name: "a half in use is merged",
    config: halves,
    function: f.isWhole,
    change: replace(`${v.state}[${v.buddy}]`, `($ | ${k.free})`),
  },
  {
    name: "a merged block begins at its right half",
    config: halves,
    function: f.release,
    change: restate({ assigns: v.unit }, `${v.unit} |= 1U << ${v.order};`),
  },
  {
    name: "an order that ran empty keeps its bit",
    config: halves,
    function: f.take,
    change: dropAssignment(v.filled, v.found),
  },
  {
    name: "init leaves out the smaller blocks",
    config: { ...halves, size: 3000 },
    function: f.appInit,
    change: replace(`${v.order} > 0U`, `${v.order} > 3U`),
  },
];
