/** Generated C + replay driver -> the image an emulator runs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { Machine } from "../machine/machine.js";
import { machineOf } from "../machine/registry.js";
import { targetsFolder } from "../targets/load.js";
import type { Target } from "../targets/target.js";
import { byFunction } from "../traces/operation.js";
import { roundUp } from "../units.js";
import { openCache, type BuildCache } from "./cache.js";
import { compile, type Compile, type SourceFile } from "./compile.js";
import { parseElf } from "./elf.js";
import { families } from "./families.js";
import { languageFlags, trapFlags } from "./flags.js";
import { hookUnit } from "./failure-hook.js";
import { faultUnit, type OnFault } from "./fault-hook.js";
import { calledNames, regionSource } from "./heap-region.js";
import type { AllocatorNames } from "./allocator-names.js";
import type { Image } from "./image.js";
import { linkedImage } from "./linked-image.js";
import { describeToolchain, findToolchain } from "./toolchain.js";

export interface ImageRequest {
  /** The generated .c and the headers it includes. */
  readonly sources: readonly SourceFile[];
  readonly names: AllocatorNames;
  readonly heapBytes: number;
  /** What the heap's first byte must be a multiple of: it is one of no more. Left out where that does not matter. */
  readonly heapAlignment?: number;
  readonly target: Target;
  /** "arm-none-eabi-gcc", or a path. */
  readonly compiler: string;
  /** "-Os", "-O2", "-O3" */
  readonly optimize: string;
  /** Functions that the replay does not call and the image has nevertheless. */
  readonly keep?: readonly string[];
  /** Whether someone handed in the C: its warnings are no errors, and a name that it lacks is told. */
  readonly isGiven?: boolean;
}

/** Where a build keeps its results and finds the driver; tests put others in their place. */
export interface BuildOptions {
  readonly cache?: BuildCache;
  /** Assembly of the replay driver; by default the package's own. */
  readonly driver?: string;
  /** By default in a new folder. */
  readonly compile?: Compile;
  /**
   * Where the heap begins: at an address that has the alignment it asks for and no more (default), or at the start of
   * RAM, which has every alignment that a request may ask for.
   */
  readonly heapAt?: "odd" | "round";
  /** What the function does that is told of misuse; by default what the C has it do, or it stops the core. */
  readonly faults?: OnFault;
  /** Whether the C traps where the standard leaves its behaviour undefined: an index beyond an array, a shift too wide. */
  readonly trapsUndefined?: boolean;
}

/**
 * Compile the allocator as a release (NDEBUG) and link it with the replay driver, which calls it through the macros
 * HEAP_INIT, HEAP_MALLOC, HEAP_FREE and those of the functions it may lack; HEAP_TAGGED is defined where malloc takes a
 * tag.
 * @throws AllocGenError, exit code 3: no compiler, C that does not compile, C that needs a library.
 */
export async function buildImage(request: ImageRequest, options: BuildOptions = {}): Promise<Image> {
  const { sources, names, target, optimize, keep = [], isGiven = false } = request;
  const cache = options.cache ?? openCache();
  const machine = machineOf(target);
  const toolchain = findToolchain(request.compiler, cache, machineOf(target));
  const { warnings, code } = families[toolchain.family].flags;
  const core = [...target.compilerFlags, optimize];
  const traps = options.trapsUndefined === true ? trapFlags : [];
  // Where misuse is injected an unaligned access is a fault, and stores that the compiler joined would be taken for one.
  const aligned = options.faults === "returns" ? [machine.toolchain.alignedAccess] : [];
  const { region } = names;
  const regionText =
    region === undefined ? "" : regionSource(machine, region, request.heapBytes, functionsOf(names));
  const hook = [...hookUnit(names.failureHook), ...faultUnit(names.faultHook, options.faults)];
  const given = [
    ...(region?.kind === "symbols" ? [region.start, region.end] : []),
    ...(names.failureHook === undefined ? [] : [names.failureHook.name]),
    ...(names.faultHook === undefined ? [] : [names.faultHook.name]),
  ];
  const compileJob = options.compile ?? compile;
  const elf = await compileJob(
    {
      toolchain,
      files: [
        ...sources,
        ...standIns(names, machine),
        ...hook,
        { name: "replay.S", text: options.driver ?? readDriver(machine, "replay.S") },
        { name: "replay.ld", text: readDriver(machine, "replay.ld") },
        {
          name: "memory.ld",
          text:
            memoryScript(target, request.heapBytes) +
            (options.heapAt === "round" ? placeScript() : placeOfHeap(request)),
        },
        ...(region === undefined ? [] : [{ name: "region.S", text: regionText }]),
      ],
      units: [
        {
          source: onlySource(sources),
          object: "allocator.o",
          flags: [
            ...core,
            ...languageFlags,
            ...(isGiven ? [] : warnings),
            ...code,
            ...traps,
            ...aligned,
            "-DNDEBUG",
          ],
          check: (object) => {
            refuseLibraryCalls(object, given);
            if (isGiven) refuseMissingNames(object, request);
          },
        },
        { source: "replay.S", object: "replay.o", flags: [...core, "-g", ...driverMacros(names)] },
        ...(region === undefined ? [] : [{ source: "region.S", object: "region.o", flags: core }]),
        ...hook.map(({ name }) => ({
          source: name,
          object: name.replace(/c$/, "o"),
          flags: [...core, ...languageFlags],
        })),
      ],
      linkFlags: [
        ...core,
        "-nostdlib",
        ...keep.map((name) => `-Wl,-u,${name}`),
        "-Wl,--gc-sections,-z,max-page-size=4096",
        "-L.",
        "-Treplay.ld",
      ],
    },
    cache,
  );
  const image = linkedImage(elf, request, describeToolchain(toolchain, optimize));
  return options.trapsUndefined === true ? { ...image, trapsUndefined: true } : image;
}

/** A file of the machine's replay driver and start-up. @param name in `targets/<machine>/` */
export function readDriver({ name: machine }: Pick<Machine, "name">, name: string): string {
  return readFileSync(join(targetsFolder(), machine, name), "utf8");
}

/** Headers that stand in for the user's own. */
export const standIns = (
  { lockHooks }: AllocatorNames,
  machine: Pick<Machine, "lockHooks">,
): readonly SourceFile[] =>
  lockHooks === undefined ? [] : [{ name: lockHooks.header, text: machine.lockHooks(lockHooks.prefix) }];

function onlySource(sources: readonly SourceFile[]): string {
  const [source, ...others] = sources.filter(({ name }) => name.endsWith(".c"));
  if (source === undefined || others.length > 0) {
    throw new Error("an allocator is one .c file");
  }
  return source.name;
}

/** The functions that the driver calls, by their roles. */
function functionsOf(names: AllocatorNames): { readonly init: string } & Readonly<Record<string, string>> {
  return { init: names.init, ...byFunction(names, (name) => names[name] ?? "") };
}

export function driverMacros(names: AllocatorNames): readonly string[] {
  const called = calledNames(functionsOf(names), names.region);
  const macros = {
    HEAP_INIT: called.init,
    HEAP_MALLOC: called["malloc"],
    HEAP_FREE: called["free"],
    HEAP_CALLOC: called["calloc"],
    HEAP_REALLOC: called["realloc"],
    HEAP_ALIGNED_ALLOC: called["alignedAlloc"],
    HEAP_TAGGED: names.tagged ? "1" : undefined,
  };
  return Object.entries(macros).flatMap(([macro, value]) =>
    value === undefined ? [] : [`-D${macro}=${value}`],
  );
}

/**
 * The target's memory in the words of a linker script. RAM is as large as the heap needs it: a core alone has no board
 * that would end it.
 */
export function memoryScript({ memory }: Target, heapBytes = 0): string {
  const length = Math.max(memory.ram.length, roundUp(heapBytes, memory.ram.length) + memory.ram.length);
  const ram = heapBytes + besideHeap <= memory.ram.length ? memory.ram : { ...memory.ram, length };
  const region = (name: string, { origin, length }: Target["memory"]["ram"]): string =>
    `    ${name} : ORIGIN = 0x${origin.toString(16)}, LENGTH = 0x${length.toString(16)}\n`;
  return `MEMORY\n{\n${region("FLASH (rx)", memory.flash)}${region("RAM (rw)", ram)}}\n`;
}

/** More than lies in RAM beside a heap, alignment included. */
const besideHeap = 64 * 1024;

/** Where the heap begins: at an odd multiple of its alignment, if there is room for that. */
function placeOfHeap({ heapBytes, heapAlignment = 0, names, target }: ImageRequest): string {
  const { length } = target.memory.ram;
  // Compilers align a large array to 8 bytes though it asks for less.
  const asked = heapAlignment > 0 && names.region === undefined ? Math.max(8, heapAlignment) : heapAlignment;
  const isRoomy = heapBytes + 2 * asked + otherData <= length;
  const offset = isRoomy ? asked : 0;
  const boundary = offset === 0 ? Math.max(usualBoundary, asked) : 2 * offset;
  return placeScript(boundary, offset);
}

/** Where in RAM the replay driver's linker script puts the sections with heaps: so many bytes behind a boundary. */
export const placeScript = (boundary = usualBoundary, offset = 0): string =>
  `replay_heap_boundary = ${boundary};\nreplay_heap_offset = ${offset};\n`;

/** A multiple of what sections ask for: then no padding counts as theirs. */
const usualBoundary = 64;

/** More bytes than an allocator has beside its heap. */
const otherData = 64;

/** `given` are symbols that the linker script defines. */
function refuseLibraryCalls(object: Uint8Array, given: readonly string[]): void {
  const missing = parseElf(object).symbols.filter(({ defined, name }) => !defined && !given.includes(name));
  if (missing.length > 0) {
    const symbols = missing.map(({ name }) => name).join(", ");
    throw new AllocGenError(3, [diagnose("allocator-not-self-contained", { symbols })]);
  }
}

/** What the driver and the plan need of C that was handed in. */
function refuseMissingNames(
  object: Uint8Array,
  { sources, names, heapBytes, keep = [] }: ImageRequest,
): void {
  const { symbols } = parseElf(object);
  const file = onlySource(sources);
  const functions = [...new Set([...Object.values(functionsOf(names)), ...keep])];
  const missing = functions.filter(
    (name) => !symbols.some((symbol) => symbol.name === name && symbol.defined && symbol.global),
  );
  if (missing.length > 0) {
    throw new AllocGenError(2, [diagnose("source-lacks-names", { names: missing.join(", ") }, { file })]);
  }
  if (names.region !== undefined) return;
  const { heapSymbol: name } = names;
  const heap = symbols.find((symbol) => symbol.name === name && symbol.defined);
  if (heap?.bytes !== heapBytes) {
    throw new AllocGenError(2, [
      diagnose("source-lacks-heap", { name, wanted: heapBytes, found: heap?.bytes }, { file }),
    ]);
  }
}
