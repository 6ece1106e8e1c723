/** Faults that hands make in segregated fit whose boundaries are bits outside the blocks. */
import { bytes } from "../../src/units.js";
import { segregated, type TestConfig } from "./configs.js";
import {
  dropAssignment,
  dropCall,
  replace,
  setCondition,
  setValue,
  type HandMadeFault,
} from "./hand-made-fault.js";

const policy = segregated({ split: "two-ended", smallBelow: bytes(192) });
const heap: TestConfig = { policy, boundaryTag: "bits", size: 8192 };
const v6m: TestConfig = { ...heap, target: "cortex-m0plus" };
const resizing: TestConfig = { ...heap, api: { realloc: true } };
const aligning: TestConfig = { ...heap, api: { alignedAlloc: true } };

export const boundaryBitsFaults: readonly HandMadeFault[] = [
  {
    name: "a long block has no bit at its end",
    config: heap,
    function: "flip_block",
    change: dropCall("flip_front"),
  },
  {
    name: "a block's end is one granule too far",
    config: heap,
    function: "flip_block",
    change: replace("1U << (size", "2U << (size", "APP_HEAP_GRANULE_SHIFT"),
  },
  {
    name: "long blocks are written as short ones",
    config: heap,
    function: "flip_block",
    change: setCondition(["size"], "size >= (2U * APP_HEAP_LONG_BYTES)"),
  },
  {
    name: "a long block is told from three of its bits",
    config: heap,
    function: "is_long",
    change: replace("== (5U << 2U)", "!= 0U", "bits"),
  },
  {
    name: "a freed long block keeps the bit of its end",
    config: heap,
    function: "release",
    change: dropCall("flip_front"),
  },
  {
    name: "the right neighbour is told from the block's own last bit",
    config: heap,
    function: "release",
    change: replace("last << 1U", "last", "right_used"),
  },
  {
    name: "the left neighbour is never merged",
    config: heap,
    function: "release",
    change: setCondition(["bits", "1U", "0U"], "false"),
  },
  {
    name: "a free block's size is not written at its end",
    config: heap,
    function: "insert_free",
    change: dropAssignment("last_word(block, size)"),
  },
  {
    name: "a window ends with its first word",
    config: v6m,
    function: "bits_in",
    change: replace("| ((window.place[1] << 1U) << (31U - window.shift))", "", "place"),
  },
  {
    name: "of a short block the bits are flipped in one of two words",
    config: v6m,
    function: "flip_window",
    change: dropAssignment("place[1]"),
  },
  {
    name: "what is too large is served as the least request",
    config: heap,
    function: "app_heap_malloc",
    change: replace("(size - 1U) < APP_HEAP_TINY_REQUEST", "true", "served"),
  },
  {
    name: "the least request gets a granule",
    config: heap,
    function: "app_heap_malloc",
    change: replace("APP_HEAP_MINIMUM_BLOCK_BYTES", "APP_HEAP_TINY_REQUEST", "need"),
  },
  {
    name: "bits are flipped in one of two words",
    config: v6m,
    function: "flip",
    change: dropAssignment("place[1]"),
  },
  {
    name: "a grown block keeps its old end",
    config: resizing,
    function: "resize",
    change: dropCall("flip_block", "held"),
  },
  {
    name: "the end of all lists has a size",
    config: heap,
    function: "app_heap_init",
    change: setValue("heap.control.none.size", "64U"),
  },
  {
    name: "the bit behind the last block is not set",
    config: heap,
    function: "app_heap_init",
    change: dropCall("flip_front", "APP_HEAP_END_OF_BLOCKS"),
  },
  {
    name: "a gap of one granule is no block",
    config: aligning,
    function: "align",
    change: setCondition(["gap", "APP_HEAP_MINIMUM_BLOCK_BYTES"], "false"),
  },
];
