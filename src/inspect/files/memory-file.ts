/** Memory that a file tells with its addresses, and the bytes of it that a heap needs. */

/** Bytes that follow each other, and their address on the target: 0 to 2^32 - 1, as is that of the last of them. */
export interface MemoryPiece {
  readonly address: number;
  readonly data: Uint8Array;
  /** Where the file has them, for messages: "line 7", "segment 2". */
  readonly place: string;
}

export interface MemoryFile {
  /** By address; none overlaps another. */
  readonly pieces: readonly MemoryPiece[];
  /** Whether the file has the record that ends one of its format; undefined where the format has none. */
  readonly ended?: boolean;
}

/** From `from` up to, not including, `to`. */
export interface AddressRange {
  readonly from: number;
  readonly to: number;
}

/** The bytes of a range, or the parts of it that the file lacks. */
export type MemoryRead =
  | { readonly kind: "whole"; readonly bytes: Uint8Array }
  | { readonly kind: "lacking"; readonly missing: readonly AddressRange[] };

export function readMemory({ pieces }: MemoryFile, { from, to }: AddressRange): MemoryRead {
  const bytes = new Uint8Array(to - from);
  const missing: AddressRange[] = [];
  let at = from;
  for (const { address, data } of pieces) {
    const end = address + data.length;
    if (end <= at || address >= to) continue;
    if (address > at) missing.push({ from: at, to: address });
    const start = Math.max(at, address);
    const stop = Math.min(to, end);
    bytes.set(data.subarray(start - address, stop - address), start - from);
    at = stop;
  }
  if (at < to) missing.push({ from: at, to });
  return missing.length === 0 ? { kind: "whole", bytes } : { kind: "lacking", missing };
}

/** Stretches of addresses without a gap. */
export function rangesOf({ pieces }: MemoryFile): readonly AddressRange[] {
  const ranges: AddressRange[] = [];
  for (const { address, data } of pieces) {
    const last = ranges.at(-1);
    const to = address + data.length;
    if (last?.to === address) ranges[ranges.length - 1] = { from: last.from, to };
    else ranges.push({ from: address, to });
  }
  return ranges;
}

/** Bytes that two pieces tell otherwise. */
export interface Contradiction {
  readonly address: number;
  readonly first: MemoryPiece;
  readonly second: MemoryPiece;
}

/**
 * Pieces in any order as a file's memory; what several tell alike is kept once.
 * @returns a contradiction where two tell one address otherwise
 */
export function arrange(given: readonly MemoryPiece[]): readonly MemoryPiece[] | Contradiction {
  const pieces: MemoryPiece[] = [];
  for (const piece of given.toSorted((left, right) => left.address - right.address)) {
    const last = pieces.at(-1);
    const end = last === undefined ? 0 : last.address + last.data.length;
    if (last === undefined || piece.address >= end) {
      pieces.push(piece);
      continue;
    }
    const common = Math.min(end - piece.address, piece.data.length);
    const before = last.data.subarray(piece.address - last.address);
    for (let at = 0; at < common; at++) {
      if (before[at] !== piece.data[at]) return { address: piece.address + at, first: last, second: piece };
    }
    if (common < piece.data.length) {
      pieces.push({ ...piece, address: end, data: piece.data.subarray(common) });
    }
  }
  return pieces;
}
