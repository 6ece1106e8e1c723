/** Files of memory as tools write them, for tests. */

const digits = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("");
const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => total + byte, 0);
const half = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
const word = (value: number): number[] => [...half(value >>> 16), ...half(value)];
const little = (value: number): number[] => word(value).toReversed();

export const hexRecord = (type: number, offset: number, data: readonly number[] = []): string => {
  const bytes = [data.length, ...half(offset), type, ...data];
  return `:${digits([...bytes, -sum(bytes) & 0xff])}`;
};

export const sRecord = (type: number, address: number, data: readonly number[] = []): string => {
  const width = [2, 2, 3, 4, 0, 2, 3, 4, 3, 2][type] ?? 0;
  const rest = [...word(address).slice(4 - width), ...data];
  const bytes = [rest.length + 1, ...rest];
  return `S${type}${digits([...bytes, ~sum(bytes) & 0xff])}`;
};

/** Pieces of `size` bytes, the last perhaps less. */
function* pieces(address: number, data: Uint8Array, size: number): Generator<readonly [number, number[]]> {
  for (let at = 0; at < data.length; at += size) yield [address + at, [...data.subarray(at, at + size)]];
}

/** Records of 16 bytes, which do not go over a border of 64 KiB where the address is a multiple of 16. */
export function writeIntelHex(address: number, data: Uint8Array): string {
  const lines: string[] = [];
  let upper = 0;
  for (const [at, bytes] of pieces(address, data, 16)) {
    if (at >>> 16 !== upper) lines.push(hexRecord(4, 0, half((upper = at >>> 16))));
    lines.push(hexRecord(0, at & 0xffff, bytes));
  }
  return [...lines, hexRecord(1, 0), ""].join("\r\n");
}

export function writeSRecords(address: number, data: Uint8Array): string {
  const records = [...pieces(address, data, 32)].map(([at, bytes]) => sRecord(3, at, bytes));
  return [sRecord(0, 0, [0x68, 0x69]), ...records, sRecord(5, records.length), sRecord(7, 0), ""].join("\n");
}

/** An ELF core of an Arm with one loaded segment for each of the pieces. */
export function writeCore(
  ...segments: readonly (readonly [address: number, data: Uint8Array])[]
): Uint8Array {
  const starts = 52 + 32 * segments.length;
  let at = starts;
  const headers = segments.flatMap(([address, { length }]) => {
    const header = [1, at, address, address, length, length, 6, 4].flatMap(little);
    at += length;
    return header;
  });
  const short = (value: number): number[] => half(value).toReversed();
  return new Uint8Array([
    ...[0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...[...short(4), ...short(40), ...[1, 0, 52, 0, 0].flatMap(little)],
    ...[52, 32, segments.length, 40, 0, 0].flatMap(short),
    ...headers,
    ...segments.flatMap(([, data]) => [...data]),
  ]);
}
