/** A core's memory: regions that begin and end where pages do, and who watches accesses to them. */
import {
  Permission,
  RunError,
  type AccessFilter,
  type AccessHook,
  type HookRange,
} from "../core/processor.js";

export type Width = 1 | 2 | 4;
type Elements = Uint8Array | Uint16Array | Int32Array;
type Direction = "read" | "write";

export interface CodeRegion {
  readonly address: number;
  readonly bytes: Uint8Array;
}

interface Region extends CodeRegion {
  readonly halves: Uint16Array;
  readonly words: Int32Array;
  readonly permissions: number;
}

interface Watcher {
  readonly range: HookRange;
  readonly callback: AccessHook;
  readonly only: AccessFilter | undefined;
}

/** An access that ends the run, or that a watcher saw while the run was asked to end. */
export interface RefusedAccess {
  readonly error: number;
  readonly address: number;
}

/** Where generated code may go on by itself: elements of one width from `base` on, or none. */
export class Window {
  elements: Elements = nothing;
  base = 0;
  length = 0;
}

const nothing = new Uint8Array(0);

/** Thrown to leave generated code: the run is over. */
export class Halt extends Error {}

export class GuestMemoryMap {
  readonly #regions: Region[] = [];
  readonly #watchers: Watcher[] = [];
  /** Of the last access through `load` or `store`. */
  readonly window = new Window();

  /**
   * @param watched tells an access of the instruction at an address; throws where the run was then asked to end
   * @param refuse ends the run; it throws
   */
  constructor(
    private readonly watched: (at: number, tell: () => void) => void,
    private readonly refuse: (access: RefusedAccess, at: number) => never,
  ) {}

  map(address: number, bytes: number, permissions: number, host: Uint8Array): Uint8Array {
    if (host.length !== bytes || host.byteOffset % 4 !== 0)
      throw new Error("memory of another size or place");
    const { buffer, byteOffset } = host;
    this.#regions.push({
      address,
      bytes: host,
      halves: new Uint16Array(buffer, byteOffset, bytes >>> 1),
      words: new Int32Array(buffer, byteOffset, bytes >>> 2),
      permissions,
    });
    return host;
  }

  watch(range: HookRange, callback: AccessHook, only?: AccessFilter): void {
    this.#watchers.push({ range, callback, only });
  }

  /** Code from an address to the end of its memory; undefined where none can be executed. */
  code(address: number): { readonly end: number; readonly halfword: (at: number) => number } | undefined {
    const region = this.#holder(address);
    if (region === undefined || (region.permissions & Permission.execute) === 0) return undefined;
    const { halves, address: start, bytes } = region;
    return { end: start + bytes.length, halfword: (at) => halves[(at - start) >>> 1] ?? 0 };
  }

  /** All memory that can be executed. */
  codeRegions(): readonly CodeRegion[] {
    return this.#regions.filter(({ permissions }) => (permissions & Permission.execute) !== 0);
  }

  /** What stands beside the code, where it never changes. */
  constantAt(address: number, width: Width): number | undefined {
    const region = this.#holder(address);
    const never = Permission.read | Permission.execute;
    if (region?.permissions !== never || address + width > region.address + region.bytes.length)
      return undefined;
    return this.load(address, width, address);
  }

  /**
   * The slow way. `window` says where such accesses need not come here again.
   * @param at address of the instruction
   */
  load(address: number, width: Width, at: number): number {
    const region = this.#access(address >>> 0, width, "read", at);
    const offset = (address >>> 0) - region.address;
    const { bytes } = region;
    const byte = (index: number): number => bytes[offset + index] ?? 0;
    if (width === 1) return byte(0);
    if (width === 2) return byte(0) | (byte(1) << 8);
    return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
  }

  /** As `load`. */
  store(address: number, width: Width, value: number, at: number): void {
    const region = this.#access(address >>> 0, width, "write", at);
    const offset = (address >>> 0) - region.address;
    for (let index = 0; index < width; index++) region.bytes[offset + index] = value >>> (8 * index);
  }

  #access(address: number, width: Width, direction: Direction, at: number): Region {
    const region = this.#holder(address);
    const permission = Permission[direction];
    const isInside = region !== undefined && address + width <= region.address + region.bytes.length;
    if (!isInside) this.refuse({ error: unmapped[direction], address: this.#missing(address, region) }, at);
    if ((region.permissions & permission) === 0) this.refuse({ error: forbidden[direction], address }, at);
    for (const { range, callback, only } of this.#watchers) {
      if (address < range.begin || address > range.end) continue;
      if (only === "unaligned" && address % width === 0) continue;
      this.watched(at, () => callback(address, width, direction));
    }
    this.#open(region, width);
    return region;
  }

  /** Of an access that no memory holds: its first byte without memory, where it begins in some. */
  #missing(address: number, region: Region | undefined): number {
    if (region === undefined) return address;
    const end = region.address + region.bytes.length;
    return this.#holder(end) === undefined ? end : address;
  }

  #open(region: Region, width: Width): void {
    const { window } = this;
    const end = region.address + region.bytes.length - 1;
    const isWatched = this.#watchers.some(
      ({ range, only }) => only === undefined && range.begin <= end && range.end >= region.address,
    );
    window.base = region.address;
    window.elements = width === 1 ? region.bytes : width === 2 ? region.halves : region.words;
    window.length = isWatched ? 0 : window.elements.length;
  }

  #holder(address: number): Region | undefined {
    return this.#regions.find(
      (region) => address >= region.address && address < region.address + region.bytes.length,
    );
  }
}

const unmapped = { read: RunError.readUnmapped, write: RunError.writeUnmapped } as const;
const forbidden = { read: RunError.readProtected, write: RunError.writeProtected } as const;
