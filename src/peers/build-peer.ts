/** A peer + replay driver -> the image an emulator runs, for a heap of any size. */
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import type { Peer } from "./peer.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "../targets/target.js";
import { address, bytes, type Address } from "../units.js";
import { nearestWord } from "../suggest.js";
import { memoryScript, readDriver } from "../toolchain/build-image.js";
import { symbolTable } from "../toolchain/symbol-table.js";
import { openCache, type BuildCache } from "../toolchain/cache.js";
import { compile } from "../toolchain/compile.js";
import { parseElf } from "../toolchain/elf.js";
import { families } from "../toolchain/families.js";
import type { Image, Segment } from "../toolchain/image.js";
import { libraryHeaders } from "../toolchain/library-headers.js";
import { heapBytesSymbol, heapSize, peerCalls, peerNames } from "./peer-calls.js";
import { measureSize } from "../toolchain/size.js";
import { describeToolchain, findToolchain, type Toolchain } from "../toolchain/toolchain.js";

export interface PeerRequest {
  readonly peer: Peer;
  readonly target: Target;
  /** "arm-none-eabi-gcc", or a path. */
  readonly compiler: string;
  /** "-Os", "-O2", "-O3" */
  readonly optimize: string;
}

/** An image, and whether its malloc came compiled, in a library: then the compiler asked for made none of it. */
export type SizedImage = Image & { readonly isPrecompiled?: boolean };

/** Images of one allocator that differ in the size of its heap. */
export interface SizedImages {
  /** @param heapBytes a multiple of 8 */
  at(heapBytes: number): Promise<SizedImage>;
}

/** Headers are read where they stand, so that texts and flags are not the whole of what a build depends on. */
const noCache: BuildCache = { read: () => undefined, write: () => undefined };

/**
 * Builds the peer as the generated allocator is built, but with the compiler's own C dialect, without warnings and
 * with the C library. A peer whose heap is a region is linked once.
 *
 * Of a peer that is a library little is compiled, such as the `sbrk` of newlib: by the machine's GCC, whatever compiler
 * is asked for, so that one library is one result.
 */
export function peerImages(request: PeerRequest): SizedImages {
  const { peer, target } = request;
  const build = makeBuild(request);
  if (peer.heap.kind !== "region") return { at: (heapBytes) => build(heapBytes, heapBytes) };
  // Half of the RAM leaves the other half to the peer's own data.
  const reserved = target.memory.ram.length / 2;
  let linked: Promise<SizedImage> | undefined;
  return {
    at: async (heapBytes) => {
      linked ??= build(reserved, reserved);
      return withHeapBytes(await linked, heapBytes);
    },
  };
}

function makeBuild(request: PeerRequest): (heapBytes: number, reserved: number) => Promise<SizedImage> {
  const { peer, target } = request;
  let toolchain = findToolchain(request.compiler, openCache(), machineOf(target));
  let headers: Promise<readonly string[]> | undefined;
  return async (heapBytes, reserved) => {
    headers ??= headerFlags(toolchain, [...target.compilerFlags, ...peer.flags]);
    const image = await build(request, toolchain, await headers, heapBytes, reserved);
    if (!image.isPrecompiled || toolchain.linker === undefined) return image;
    toolchain = toolchain.linker;
    headers = undefined;
    return build(request, toolchain, [], heapBytes, reserved);
  };
}

/** What tells a compiler without a C library of the headers of the one that is linked; its own headers go before. */
async function headerFlags({ linker }: Toolchain, flags: readonly string[]): Promise<readonly string[]> {
  if (linker === undefined) return [];
  const folders = await libraryHeaders(linker, flags);
  return folders.flatMap((folder) => ["-idirafter", folder]);
}

async function build(
  request: PeerRequest,
  toolchain: Toolchain,
  headers: readonly string[],
  heapBytes: number,
  reserved: number,
): Promise<SizedImage & { readonly isPrecompiled: boolean }> {
  const { peer, target, optimize } = request;
  const machine = machineOf(target);
  const core = [...target.compilerFlags, optimize];
  const names = peerNames(peer);
  const includes = peer.include.map((folder) => `-I${folder}`);
  // Where the machine's GCC has no C library of its own, and the peer names none.
  const namesLibrary = peer.flags.some((flag) => flag.startsWith("--specs="));
  const library = namesLibrary ? [] : (machine.toolchain.smallLibrary ?? []);
  const define = peer.heap.kind === "array" ? [`-D${peer.heap.bytes}=${heapBytes}`] : [];
  const c = [
    ...core,
    ...families[toolchain.family].flags.code,
    "-DNDEBUG",
    "-w",
    ...includes,
    ...define,
    ...library,
    ...peer.flags,
    ...headers,
  ];
  let isPrecompiled = true;
  const check = (object: Uint8Array): void => {
    if (defines(object, peer.malloc.function)) isPrecompiled = false;
  };
  const driver = [`-DHEAP_INIT=${names.init}`, `-DHEAP_MALLOC=${names.malloc}`, `-DHEAP_FREE=${names.free}`];
  if (names.realloc !== undefined) driver.push(`-DHEAP_REALLOC=${names.realloc}`);
  try {
    const elf = await compile(
      {
        toolchain,
        files: [
          { name: "calls.c", text: peerCalls(peer) },
          { name: "heap-size.c", text: heapSize(heapBytes) },
          { name: "replay.S", text: readDriver(machine, "replay.S") },
          { name: "peer.ld", text: readDriver(machine, "peer.ld") },
          { name: "memory.ld", text: memoryScript(target) },
        ],
        units: [
          ...peer.sources.map((source, index) => ({ source, object: `peer-${index}.o`, flags: c, check })),
          { source: "calls.c", object: "calls.o", flags: c },
          { source: "heap-size.c", object: "heap-size.o", flags: core },
          { source: "replay.S", object: "replay.o", flags: [...core, "-g", ...driver] },
        ],
        linkFlags: [
          ...[...machine.toolchain.linkFlags(target.compilerFlags), optimize],
          ...[...library, ...peer.flags, "-nostartfiles", "-Wl,--gc-sections,-z,max-page-size=4096"],
          ...symbolFlags(peer, heapBytes),
          `-Wl,--defsym=alloc_gen_reserved=${peer.heap.kind === "array" ? 0 : reserved}`,
          ...["-L.", "-Tpeer.ld"],
        ],
      },
      noCache,
    );
    const image = toImage(elf, request, heapBytes, describeToolchain(toolchain, optimize));
    return { ...image, isPrecompiled };
  } catch (error) {
    throw inPeersFile(error, peer);
  }
}

/** Whether an object has a function; one that GCC compiles at the link may have any. */
const defines = (object: Uint8Array, name: string): boolean =>
  parseElf(object).symbols.some(
    (symbol) => (symbol.defined && symbol.name === name) || symbol.name === "__gnu_lto_slim",
  );

function symbolFlags({ heap }: Peer, heapBytes: number): readonly string[] {
  if (heap.kind !== "symbols") return [];
  return [`-Wl,--defsym=${heap.start}=alloc_gen_heap,--defsym=${heap.end}=alloc_gen_heap+${heapBytes}`];
}

/** Names the peer's file, and what is missing where that is all the linker complains of. */
function inPeersFile(error: unknown, { file }: Peer): unknown {
  if (!(error instanceof AllocGenError)) return error;
  const output = error.diagnostics.map(({ message }) => message).join("\n");
  const missing = [...output.matchAll(/undefined reference to [`'](\S+)'/g)].map(([, name]) => name ?? "");
  if (missing.length > 0) {
    const symbols = [...new Set(missing)].sort().join(", ");
    return new AllocGenError(2, [diagnose("peer-undefined", { symbols }, { file })]);
  }
  const placed = error.diagnostics.map((diagnostic): Diagnostic => ({ file, ...diagnostic }));
  return new AllocGenError(error.exitCode, placed);
}

function toImage(file: Uint8Array, { peer }: PeerRequest, heapBytes: number, toolchain: string): Image {
  const elf = parseElf(file);
  const symbols = symbolTable(elf);
  const addressOf = (name: string): Address => {
    const symbol = symbols.get(name);
    if (symbol === undefined) throw new Error(`the linked image has no symbol ${name}`);
    return symbol.address;
  };
  const code = { start: addressOf("allocator_code_start"), end: addressOf("allocator_code_end") };
  const functions = elf.symbols.filter(
    (symbol) => symbol.kind === "function" && symbol.address >= code.start && symbol.address < code.end,
  );
  const entry = (name: string): Address => {
    const found = functions.find((symbol) => symbol.name === name);
    if (found !== undefined) return address(found.address);
    const nearest = nearestWord(
      name,
      functions.map((symbol) => symbol.name),
    );
    throw new AllocGenError(2, [diagnose("no-such-function", { name, nearest })]);
  };
  const size = measureSize(elf);
  return {
    elf: file,
    segments: elf.segments.map((segment) => ({ ...segment, address: address(segment.address) })),
    symbols,
    heapAddress:
      peer.heap.kind === "array"
        ? arrayAddress(symbols, peer.heap.array, heapBytes)
        : addressOf("alloc_gen_heap"),
    heapBytes: bytes(heapBytes),
    code,
    entries: {
      init: addressOf("alloc_gen_init"),
      malloc: entry(peer.malloc.function),
      free: entry(peer.free.function),
      ...(peer.realloc === undefined ? {} : { realloc: entry(peer.realloc.function) }),
    },
    // The heap has a section of its own, or is among the peer's data.
    size: peer.heap.kind === "array" ? size : { ...size, ramBytes: bytes(size.ramBytes + heapBytes) },
    toolchain,
  };
}

function arrayAddress(symbols: Image["symbols"], array: string, heapBytes: number): Address {
  const symbol = symbols.get(array);
  if (symbol?.bytes === heapBytes) return symbol.address;
  const found = symbol === undefined ? "nothing" : `${symbol.bytes} bytes`;
  throw new AllocGenError(2, [diagnose("peer-array", { array, found, wanted: heapBytes })]);
}

/** The image with another size of its heap, which is a segment of its own. */
function withHeapBytes(image: SizedImage, heapBytes: number): SizedImage {
  const heapSymbol = image.symbols.get(heapBytesSymbol);
  const segments = image.segments.map((segment): Segment => {
    if (segment.address === image.heapAddress) return { ...segment, memoryBytes: heapBytes };
    const at = (heapSymbol?.address ?? -1) - segment.address;
    if (at < 0 || at + 4 > segment.data.length) return segment;
    const data = segment.data.slice();
    new DataView(data.buffer).setUint32(at, heapBytes, true);
    return { ...segment, data };
  });
  const ramBytes = bytes(image.size.ramBytes - image.heapBytes + heapBytes);
  return { ...image, segments, heapBytes: bytes(heapBytes), size: { ...image.size, ramBytes } };
}
