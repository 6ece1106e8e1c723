/** Faults of single sizes and arguments, which random operations do not ask for. */
import { segregated, type TestConfig } from "./configs.js";
import { f, k, v } from "./c-words.js";
import { insert, replace, setReturn, setValue, type HandMadeFault } from "./hand-made-fault.js";

const config: TestConfig = {
  policy: segregated(),
  size: 32768,
  api: { calloc: true, realloc: true, alignedAlloc: true },
};

const fault = (name: string, of: string, statement: string): HandMadeFault => ({
  name,
  config,
  function: of,
  change: insert(statement),
});

export const directedFaults: readonly HandMadeFault[] = [
  fault(
    "the largest request is refused",
    f.appMalloc,
    `if (${v.size} == ${k.maximumRequest}) { return NULL; }`,
  ),
  fault(
    "malloc of nearly 2^32 bytes is served after its rounding",
    f.appMalloc,
    `if (${v.size} > 0xFFFFFFFBU) { ${v.size} = 1U; }`,
  ),
  fault(
    "two block sizes of 4,088 are listed in a class too low",
    f.classOf,
    `if ((${v.size} == 20488U) || (${v.size} == 28680U)) { ${v.size} >>= 1U; }`,
  ),
  fault(
    "one block size is written a granule too small",
    f.setUsed,
    `if (${v.size} == 12808U) { ${v.size} -= 8U; }`,
  ),
  fault(
    "calloc clears no more than 4 KiB",
    f.clear,
    `${v.bytes} = (${v.bytes} < 4096U) ? ${v.bytes} : 4096U;`,
  ),
  fault(
    "realloc refuses the largest request",
    f.appRealloc,
    `if ((${v.pointer} != NULL) && (${v.size} == ${k.maximumRequest})) { return NULL; }`,
  ),
  fault(
    "realloc to nearly 2^32 bytes is served after its rounding",
    f.appRealloc,
    `if ((${v.pointer} != NULL) && (${v.size} > 0xFFFFFFF0U)) { ${v.size} = 16U; }`,
  ),
  fault(
    "an alignment of 0 is served",
    f.appAlignedAlloc,
    `if (${v.alignment} == 0U) { ${v.alignment} = 1U; }`,
  ),
  fault(
    "an alignment that is no power of two is served",
    f.appAlignedAlloc,
    `if (${v.alignment} == 24U) { ${v.alignment} = 8U; }`,
  ),
  fault(
    "twice the largest alignment is served",
    f.allocateAligned,
    `if (${v.alignment} == 8192U) { ${v.alignment} = 4096U; }`,
  ),
  {
    name: "the largest aligned request is refused",
    config,
    function: f.allocateAligned,
    change: replace("<=", "<", v.most),
  },
];

/** Those of arguments that no replay passes. */
export const refusalFaults: readonly HandMadeFault[] = [
  {
    name: "calloc multiplies without a test",
    config,
    function: f.appCalloc,
    change: setValue(v.fits, "true"),
  },
  {
    name: "calloc tests one factor alone",
    config,
    function: f.appCalloc,
    change: setValue(v.fits, `(${v.least} == 0U) || (${v.least} < 4096U)`),
  },
  fault(
    "calloc of 2^16 elements of 2^16 bytes is one of none",
    f.appCalloc,
    "if ((count == 65536U) && (size == 65536U)) { count = 1U; size = 8U; }",
  ),
  fault(
    "an alignment of 2^31 is served",
    f.appAlignedAlloc,
    `if (${v.alignment} == 0x80000000U) { ${v.alignment} = 8U; }`,
  ),
];

/** Those that a heap hides which begins at a rounder address than it asks for. */
export const addressFaults: readonly HandMadeFault[] = [
  {
    name: "aligned allocations count from the heap's first byte",
    config,
    function: f.align,
    change: replace(v.block, `(${v.block} - (uintptr_t)${v.heapBytes})`, v.gap, v.alignment),
  },
  {
    name: "a link is joined to the heap's address instead of added",
    config,
    function: f.payloadAt,
    change: setReturn(`(uint8_t *)((uintptr_t)${v.heapBytes} | ${v.link})`),
  },
];
