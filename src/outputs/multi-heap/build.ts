/** Several generated heaps with one malloc over them + replay driver -> the image an emulator runs. */
import { machineOf } from "../../machine/registry.js";
import type { Target } from "../../targets/target.js";
import { byFunction } from "../../traces/operation.js";
import { address, bytes } from "../../units.js";
import {
  driverMacros,
  memoryScript,
  placeScript,
  readDriver,
  standIns,
} from "../../toolchain/build-image.js";
import { type AllocatorNames } from "../../toolchain/allocator-names.js";
import { segmentsOf } from "../../toolchain/linked-image.js";
import { symbolTable } from "../../toolchain/symbol-table.js";
import { openCache, type BuildCache } from "../../toolchain/cache.js";
import { compile, type SourceFile } from "../../toolchain/compile.js";
import { parseElf, type Elf } from "../../toolchain/elf.js";
import { families } from "../../toolchain/families.js";
import { languageFlags } from "../../toolchain/flags.js";
import { faultUnit } from "../../toolchain/fault-hook.js";
import { hookUnit } from "../../toolchain/failure-hook.js";
import { regionSource } from "../../toolchain/heap-region.js";
import type { Image } from "../../toolchain/image.js";
import { measureSize } from "../../toolchain/size.js";
import { describeToolchain, findToolchain } from "../../toolchain/toolchain.js";

export interface MultiHeapImageRequest {
  /** The generated .c and .h of the heaps and of what is over them. */
  readonly sources: readonly SourceFile[];
  /** The functions over all heaps. */
  readonly functions: MultiHeapNames;
  /** What operation i asks for: the entry at i modulo the length, a power of two. Absent: functions take no capabilities. */
  readonly capabilities?: readonly number[];
  readonly heaps: readonly ImageHeap[];
  /** Calls behind init that add regions: the symbol at each one's first byte. */
  readonly added: { readonly function: string; readonly regions: readonly AddedRegion[] };
  readonly target: Target;
  readonly compiler: string;
  readonly optimize: string;
}

/** A heap with the name of its .c file. */
export interface ImageHeap {
  readonly source: string;
  readonly names: AllocatorNames;
  readonly heapBytes: number;
}

interface AddedRegion {
  readonly symbol: string;
  readonly bytes: number;
}

export interface MultiHeapNames {
  readonly init: string;
  readonly malloc: string;
  readonly free: string;
  /** Those that there are. */
  readonly calloc?: string;
  readonly realloc?: string;
  readonly alignedAlloc?: string;
  /** That the replay does not call. */
  readonly more: readonly string[];
}

/** Functions that take capabilities: the driver calls an adapter, and gives it the number of the operation. */
const parametersOf = {
  malloc: ["size_t size"],
  calloc: ["size_t count", "size_t size"],
  realloc: ["void *pointer", "size_t size"],
  alignedAlloc: ["size_t alignment", "size_t size"],
} as const;
const adapted = ["malloc", "calloc", "realloc", "alignedAlloc"] as const;

const adapterOf = (name: string): string => `${name}_of_operation`;

/** What the driver calls for init: that of all heaps, and then the regions are added. */
export const initAdapter = adapterOf("init");

/**
 * The image's heap is the stretch of memory from the first heap to the end of the last; beside it the address of each.
 * @throws AllocGenError, exit code 3: no compiler, C that does not compile.
 */
export async function buildMultiHeapImage(
  request: MultiHeapImageRequest,
  cache: BuildCache = openCache(),
): Promise<{ readonly image: Image; readonly heapAddresses: readonly number[] }> {
  const { sources, heaps, functions, target, optimize } = request;
  const machine = machineOf(target);
  const toolchain = findToolchain(request.compiler, cache, machineOf(target));
  const { warnings, code } = families[toolchain.family].flags;
  const core = [...target.compilerFlags, optimize];
  const c = [...core, ...languageFlags, ...warnings, ...code, "-DNDEBUG"];
  const { init } = functions;
  const isPlain = request.capabilities === undefined;
  const called = {
    heapSymbol: "",
    init: initAdapter,
    ...byFunction(functions, (name) =>
      name === "free" || isPlain ? (functions[name] ?? "") : adapterOf(name),
    ),
    tagged: !isPlain,
  };
  const regions = heaps.flatMap(({ names: { region }, heapBytes }, index) =>
    region === undefined
      ? []
      : [{ name: `region${index}.S`, text: regionSource(machine, region, heapBytes, { init: "" }) }],
  );
  const faults = new Map(heaps.map(({ names: { faultHook } }) => [faultHook?.name, faultHook]));
  const hooks = [
    ...[...new Set(heaps.map(({ names }) => names.failureHook))].flatMap(hookUnit),
    ...[...faults.values()].flatMap((hook) => faultUnit(hook)),
  ];
  const totalBytes = heaps.reduce((sum, { heapBytes }) => sum + heapBytes, 0);
  const units = [...new Set(heaps.map(({ source }) => source))];
  const others = sources
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".c") && !units.includes(name));
  const file = await compile(
    {
      toolchain,
      files: [
        ...sources,
        ...heaps.flatMap(({ names }) => standIns(names, machine)),
        ...regions,
        ...hooks,
        { name: "adapter.c", text: adapterSource(request) },
        { name: "replay.S", text: readDriver(machine, "replay.S") },
        { name: "replay.ld", text: readDriver(machine, "replay.ld") },
        { name: "memory.ld", text: memoryScript(target, totalBytes) + placeScript() },
      ],
      units: [
        // In the order of the heaps: their symbols follow each other as the objects do.
        ...[...units, ...others].map((source, index) => ({
          source,
          object: `allocator${index}.o`,
          flags: c,
        })),
        { source: "adapter.c", object: "adapter.o", flags: c },
        { source: "replay.S", object: "replay.o", flags: [...core, "-g", ...driverMacros(called)] },
        ...hooks.map(({ name }) => ({ source: name, object: name.replace(/c$/, "o"), flags: c })),
        ...regions.map(({ name }) => ({ source: name, object: name.replace(/S$/, "o"), flags: core })),
      ],
      linkFlags: [
        ...core,
        "-nostdlib",
        ...functions.more.map((name) => `-Wl,-u,${name}`),
        "-Wl,--gc-sections,-z,max-page-size=4096",
        "-L.",
        "-Treplay.ld",
      ],
    },
    cache,
  );
  const elf = parseElf(file);
  const heapAddresses = addressesOf(elf, request);
  const start = Math.min(...heapAddresses);
  const end = Math.max(...heapAddresses.map((at, index) => at + (heaps[index]?.heapBytes ?? 0)));
  const symbols = symbolTable(elf);
  const addressOf = (name: string) => {
    const symbol = symbols.get(name);
    if (symbol === undefined) throw new Error(`the linked image has no symbol ${name}`);
    return symbol.address;
  };
  return {
    heapAddresses,
    image: {
      elf: file,
      segments: segmentsOf(elf),
      symbols,
      heapAddress: address(start),
      heapBytes: bytes(end - start),
      code: { start: addressOf("allocator_code_start"), end: addressOf("allocator_code_end") },
      entries: {
        init: addressOf(init),
        ...byFunction(functions, (name) => addressOf(functions[name] ?? "")),
      },
      size: measureSize(elf),
      toolchain: describeToolchain(toolchain, optimize),
    },
  };
}

/**
 * Arrays of all heaps have one name, and those of one size stand in the order of the objects; what lies between symbols
 * has its own, beside a pointer to it of the arrays' name.
 */
function addressesOf(elf: Elf, { heaps }: MultiHeapImageRequest): readonly number[] {
  const objects = elf.symbols.filter(({ defined, kind }) => defined && kind === "object");
  const taken = new Map<string, number>();
  return heaps.map(({ names: { heapSymbol }, heapBytes, source }) => {
    const key = `${heapSymbol} ${heapBytes}`;
    const number = taken.get(key) ?? 0;
    taken.set(key, number + 1);
    const alike = objects.filter((each) => each.name === heapSymbol && each.bytes === heapBytes);
    const symbol = alike[number];
    if (symbol === undefined) throw new Error(`the heap of ${source} is not in the linked image`);
    return symbol.address;
  });
}

/** The operation's number tells which capabilities it asks for. */
function adapterSource({ functions, capabilities, added }: MultiHeapImageRequest): string {
  if (capabilities === undefined)
    return `#include <stddef.h>\n#include <stdint.h>\n${initText(functions, added)}`;
  const table = capabilities.map((bits) => `${bits}U`).join(", ");
  return `#include <stddef.h>
#include <stdint.h>

static const uint32_t table[] = {${table}};
${initText(functions, added)}${adapted.map((name) => adapterText(name, functions[name], capabilities.length)).join("")}`;
}

/** What init returns does not matter here: where it fails, nothing is served. */
function initText({ init }: MultiHeapNames, added: MultiHeapImageRequest["added"]): string {
  const { regions } = added;
  const symbols = regions.map(({ symbol }) => `extern uint8_t ${symbol}[];\n`).join("");
  const calls = regions.map(({ symbol, bytes }) => `    (void)${added.function}(${symbol}, ${bytes}U);\n`);
  return `
void ${init}(void);
${regions.length === 0 ? "" : `uint32_t ${added.function}(void *memory, size_t bytes);\n${symbols}`}void ${initAdapter}(void);

void ${initAdapter}(void)
{
    ${init}();
${calls.join("")}}
`;
}

function adapterText(name: (typeof adapted)[number], called: string | undefined, length: number): string {
  if (called === undefined) return "";
  const parameters = parametersOf[name].join(", ");
  const handed = parametersOf[name].map((parameter) => parameter.split(/[ *]+/).at(-1)).join(", ");
  return `
void *${called}(${parameters}, uint32_t capabilities);
void *${adapterOf(name)}(${parameters}, uint32_t operation);

void *${adapterOf(name)}(${parameters}, uint32_t operation)
{
    return ${called}(${handed}, table[operation & ${length - 1}U]);
}
`;
}
