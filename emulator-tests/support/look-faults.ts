/** Faults that hands make in functions that no replay calls, and in what a second init does: at least five a policy. */
import {
  bitmap,
  buddy,
  bump,
  everyFunction,
  pool,
  quick,
  segregated,
  sequential,
  type TestConfig,
} from "./configs.js";
import { f, k, v } from "./c-words.js";
import {
  dropAssignment,
  dropCall,
  dropOperand,
  hoist,
  insert,
  replace,
  setArgument,
  setCondition,
  setReturn,
  setValue,
  type HandMadeFault,
} from "./hand-made-fault.js";

const api = everyFunction;

interface Looked {
  readonly name: string;
  readonly config: TestConfig;
  /** What walk tells of a block's use by mistake. */
  readonly use: string;
  /** The walk's own variable that ends it. */
  readonly goesOn: string;
}

const policies: readonly Looked[] = [
  {
    name: "sequential fit",
    config: { policy: sequential({ order: "lifo" }), size: 4096, api, fields: { tag: { bits: 4 } } },
    use: "is_free(block)",
    goesOn: "proceed",
  },
  {
    name: "segregated fit, quick lists",
    config: { policy: segregated(quick(64, 8)), size: 4096, api },
    use: "!is_free(block)",
    goesOn: "proceed",
  },
  {
    name: "a pool",
    config: { policy: pool([[32, 20], [64]]), size: 4096, api },
    use: "!is_used(offset)",
    goesOn: "goes_on",
  },
  {
    name: "bitmap",
    config: { policy: bitmap(), size: 4096, api, target: "cortex-m0plus" },
    use: "(size > 8U)",
    goesOn: "goes_on",
  },
  {
    name: "boundary bits",
    config: { policy: segregated(), boundaryTag: "bits", size: 4096, api, target: "cortex-m0plus" },
    use: "!seen.used",
    goesOn: "goes_on",
  },
  {
    name: "buddy",
    config: { policy: buddy(), size: 4096, api },
    use: "!seen.used",
    goesOn: "goes_on",
  },
  {
    name: "an arena",
    config: { policy: bump("lifo"), size: 4096, api },
    use: "(offset > 200U)",
    goesOn: "goes_on",
  },
];

const faultsOf = ({ name, config, use, goesOn }: Looked): readonly HandMadeFault[] => [
  {
    name: `${name}: the usable size is less than the payload has`,
    config,
    function: f.appUsableSize,
    change: setReturn("(pointer != NULL) ? (($) - 4U) : 0U"),
  },
  {
    name: `${name}: walk tells blocks in use from free ones by another rule`,
    config,
    function: f.appWalk,
    change: setArgument(
      "visit",
      0,
      `&(app_heap_block_t){ .payload = seen.payload, .size = seen.size, .used = ${use} }`,
    ),
  },
  {
    name: `${name}: walk goes on when the visitor ends it`,
    config,
    function: f.appWalk,
    change: setValue(goesOn, "($) || true", "visit"),
  },
  {
    name: `${name}: walk ends in the middle`,
    config,
    function: f.appWalk,
    change: setCondition([goesOn, v.offset], `($) && (offset < (${k.heapBytes} / 2U))`),
  },
  {
    name: `${name}: stats has no failures`,
    config,
    function: f.appStats,
    change: setValue("->failures", "0U"),
  },
  {
    name: `${name}: stats has the bytes in use now for the most there were`,
    config,
    function: f.appStats,
    change: setValue("->peak_bytes", "heap.control.used_bytes"),
  },
  {
    name: `${name}: stats writes`,
    config,
    function: f.appStats,
    change: insert("heap.control.failures &= 0xffffffU; heap.control.peak_bytes++;"),
  },
  {
    name: `${name}: counters tells a byte more than is free`,
    config,
    function: f.appCounters,
    change: setValue("->free_bytes", "($) + 1U"),
  },
  {
    name: `${name}: the least free bytes are those free now`,
    config,
    function: f.appCounters,
    change: setValue("->least_free_bytes", "APP_HEAP_EMPTY_BYTES - heap.control.used_bytes"),
  },
  {
    name: `${name}: the second init keeps the number of allocations`,
    config,
    function: f.appInit,
    change: dropAssignment(".allocations"),
  },
  {
    name: `${name}: reset_peak forgets what is in use`,
    config,
    function: f.appResetPeak,
    change: setValue(".peak_bytes", "0U"),
  },
  {
    name: `${name}: the largest request is a byte more`,
    config,
    function: "app_heap_largest_request",
    change: setReturn("($) + 1U"),
  },
  {
    name: `${name}: a largest request of less`,
    config,
    function: "app_heap_largest_request",
    change: setReturn("(($) > 8U) ? (($) - 8U) : ($)"),
  },
  {
    name: `${name}: check finds nothing`,
    config,
    function: f.appCheck,
    change: setReturn("(damage == NULL) || true"),
  },
  {
    name: `${name}: check does not say where`,
    config,
    function: f.appCheck,
    change: dropAssignment("*where"),
  },
  {
    name: `${name}: check does not count the bytes in use`,
    config,
    function: f.appCheck,
    change: setCondition(["NULL", "!=", v.usedBytes], "($) && false"),
  },
  {
    name: `${name}: the second init does nothing`,
    config,
    function: f.appInit,
    change: insert("static uint8_t done; if (done == 1U) { return; } done = 1U;"),
  },
  {
    name: `${name}: the second init keeps the figures`,
    config,
    function: f.appInit,
    change: dropAssignment(".failures"),
  },
];

/** Counts that go on from where they are. */
const countFaults = (
  [
    ["a block of malloc is not counted", f.appMalloc, dropAssignment(".allocations")],
    ["a block that is given back is not counted", f.appFree, dropAssignment(".frees")],
    ["counts end at 65,535", f.appFree, replace("++", "= (heap.control.frees + 1U) & 0xFFFFU", "frees")],
  ] as const
).map(([name, into, change]): HandMadeFault => ({
  name,
  config: { policy: bitmap(), size: 4096, api },
  function: into,
  change,
}));

/** What the largest request is told from. */
const largestFaults: readonly HandMadeFault[] = [
  {
    name: "blocks that wait count as they are",
    config: { policy: segregated(quick(64, 8)), size: 4096, api },
    function: "settle",
    change: setCondition(["quick_room"], "false"),
  },
  {
    name: "a run does not go on in the next word",
    config: { policy: bitmap(), size: 4096, api },
    function: "longest_run",
    change: setValue("start", "(word + 1U) << 5U", "clear_above"),
  },
  {
    name: "no block but the wilderness is looked at, in a heap that requests do not soon fill",
    config: { policy: sequential({ fit: "best" }), size: 16 * 1024, api },
    function: "app_heap_largest_request",
    change: setCondition(["offset", "wilderness"], "false"),
  },
  {
    name: "a request of no class's least size is told",
    config: { policy: segregated({ probe: false }), size: 4096, api },
    function: "app_heap_largest_request",
    change: setValue("largest", "free_size(first)", "class_floor"),
  },
];

/** Requests that fail and whom they tell. */
const hookFaults = (
  [
    [
      "a realloc that fails tells it twice",
      f.appRealloc,
      setArgument("app_heap_failed", 0, "(app_heap_failed(size), $)"),
    ],
    ["an aligned request that fails tells nobody", f.appAlignedAlloc, dropCall("app_heap_failed")],
    [
      "a malloc of nothing is told to fail",
      f.appMalloc,
      setCondition(["payload", "size"], "payload == NULL"),
    ],
    [
      "a realloc that is too large tells a byte less",
      f.appRealloc,
      setArgument("app_heap_failed", 0, "($) - 1U"),
    ],
  ] as const
).map(([name, into, change]): HandMadeFault => ({
  name,
  config: { policy: bitmap(), size: 4096, api },
  function: into,
  change,
}));

const placed = (instances: "one" | "many"): TestConfig => ({
  policy: segregated(),
  size: 4096,
  placement: { kind: "runtime", instances },
});
const [sequentialFit] = policies;
const arena: TestConfig = { policy: bump("lifo"), size: 4096, api: { stats: true } };

const bounded: TestConfig = { policy: segregated(), boundaryTag: "bits", size: 4096, api };
/** What is right of every block, of every link and of every bit. */
const listFaults: readonly HandMadeFault[] = [
  {
    name: "any list may have a block",
    config: bounded,
    function: "is_listable",
    change: replace("== class", "<= (class + 31U)", "class_of"),
  },
  {
    name: "any list may have a block with a header",
    config: { policy: segregated(), size: 4096, api },
    function: "is_listable",
    change: replace("== class", "<= (class + 31U)", "class_of"),
  },
  {
    name: "a wrong bit is told to be in the first word",
    config: bounded,
    function: "damaged_bits",
    change: replace("5U", "10U", "granule", "place", "control"),
  },
];

const others: readonly HandMadeFault[] = [
  {
    name: "init takes memory that is too small",
    config: placed("one"),
    function: f.appInit,
    change: replace("bytes >=", "(bytes + 1U) >=", v.bytes),
  },
  {
    name: "init takes memory that is not aligned",
    config: placed("many"),
    function: f.appInit,
    change: replace("- 1U", "- 8U", v.memory),
  },
  {
    name: "the lists are not checked",
    config: { policy: segregated(), size: 4096, api },
    function: f.appCheck,
    change: setValue("damage", "($ == NULL) ? damage : NULL", "damaged_list"),
  },
  {
    name: "the bytes of a tag are those of the tags from it on",
    config: sequentialFit?.config ?? arena,
    function: f.appTaggedBytes,
    change: replace("==", ">=", "tag_of"),
  },
  {
    name: "a mark is a block too late",
    config: arena,
    function: f.appMark,
    change: setReturn("$ + 8U"),
  },
  {
    name: "what a release gives back is still in use",
    config: arena,
    function: f.appRelease,
    change: dropAssignment(`.${v.usedBytes}`),
  },
  {
    name: "a release does nothing",
    config: arena,
    function: f.appRelease,
    change: dropAssignment(`.${v.room}`),
  },
];

const sealed: TestConfig = {
  policy: sequential({ order: "lifo" }),
  size: 4096,
  fields: { checksum: { bits: 8 } },
  api: { realloc: true },
};
const labelled: TestConfig = {
  policy: segregated(),
  size: 4096,
  fields: { magic: { bits: 8, value: 0xa5 } },
};

/** Of what is verified in headers. */
const verification: readonly HandMadeFault[] = [
  {
    name: "the checksum of the block's own header is not verified",
    config: sealed,
    function: f.isIntact,
    change: dropOperand("&&", f.checksumOf),
  },
  {
    name: "a block that is free may be freed again",
    config: sealed,
    function: f.isIntact,
    change: dropOperand("&&", k.used),
  },
  {
    name: "no neighbour's header is verified",
    config: sealed,
    function: f.isSealed,
    change: setReturn("true || ($)"),
  },
  {
    name: "the right neighbour's header is not verified",
    config: sealed,
    function: f.neighboursAreIntact,
    change: setValue(v.intact, "true || ($)", f.isSealed, v.right),
  },
  {
    name: "the header behind a free right neighbour is not verified",
    config: sealed,
    function: f.neighboursAreIntact,
    change: setValue(v.intact, "true || ($)", v.after, v.wilderness),
  },
  {
    name: "a footer may lead between two granules",
    config: { ...sealed, policy: segregated() },
    function: f.neighboursAreIntact,
    change: dropOperand("&&", k.granuleMask),
  },
  {
    name: "the left neighbour's header is not verified",
    config: sealed,
    function: f.neighboursAreIntact,
    change: dropOperand("&&", f.isSealed, v.left),
  },
  {
    name: "realloc verifies no neighbours",
    config: sealed,
    function: f.appRealloc,
    change: replace(`${f.neighboursAreIntact}(old)`, "true", f.neighboursAreIntact),
  },
  {
    name: "free says nothing of damage",
    config: sealed,
    function: f.appFree,
    change: dropCall(k.corrupt),
  },
  {
    name: "free says that there is damage, and merges the block all the same",
    config: sealed,
    function: f.appFree,
    change: hoist({ call: f.release }),
  },
  {
    name: "the magic is compared in half of its bits",
    config: labelled,
    function: f.isIntact,
    change: setReturn("($) || ((block->header & 1U) != 0U)"),
  },
];

export const lookFaults: readonly HandMadeFault[] = [
  ...policies.flatMap(faultsOf),
  ...countFaults,
  ...hookFaults,
  ...largestFaults,
  ...listFaults,
  ...others,
  ...verification,
];
