/** Intel HEX: "Hexadecimal Object File Format Specification", revision A, Intel 1988. */
import { decodeDigits, linesOf, RecordMemory, sumOf, type RecordFault } from "./records.js";
import type { MemoryFile } from "./memory-file.js";

/** Length, address and type, and the checksum behind the data. */
const leastBytes = 5;
const types = { data: 0, end: 1, segment: 2, segmentEntry: 3, upper: 4, entry: 5 } as const;

/** What data records are relative to. */
type Base = { readonly kind: "linear" | "segment"; readonly address: number };

const hex = (value: number, digits = 2): string => `0x${value.toString(16).padStart(digits, "0")}`;

/** @throws AllocGenError, exit code 2: a record is not sound, or two contradict each other */
export function readIntelHex(bytes: Uint8Array, file: string): MemoryFile {
  const memory = new RecordMemory(file, Math.ceil(bytes.length / 2));
  const room = new Uint8Array(256 + leastBytes);
  let base: Base = { kind: "linear", address: 0 };
  let ended = false;
  for (const { line, start, end } of linesOf(bytes)) {
    const record = recordOf(bytes, { start, end }, room);
    const fault = ended
      ? { found: "a record behind the one that ends the file", allowed: "none" }
      : "found" in record
        ? record
        : faultOfSize(record);
    if (fault !== undefined || "found" in record) {
      memory.fault(line, fault ?? { found: "", allowed: "" });
      continue;
    }
    const { type, offset, data } = record;
    const word = 256 * (data[0] ?? 0) + (data[1] ?? 0);
    if (type === types.segment) base = { kind: "segment", address: 16 * word };
    else if (type === types.upper) base = { kind: "linear", address: 0x10000 * word };
    else if (type === types.end) ended = true;
    else if (type === types.data) addData(memory, base, offset, data, line);
  }
  return memory.finish(ended);
}

interface HexRecord {
  readonly type: number;
  /** Of the first byte, modulo 64 KiB. */
  readonly offset: number;
  readonly data: Uint8Array;
}

function recordOf(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  room: Uint8Array,
): HexRecord | RecordFault {
  if (bytes[start] !== 0x3a) {
    return { found: `${character(bytes[start])} at the start`, allowed: 'a record, which begins with ":"' };
  }
  const count = (end - start - 1) / 2;
  if (!Number.isInteger(count) || count < leastBytes || count > room.length) {
    return {
      found: `${end - start - 1} digits`,
      allowed: `an even number, ${2 * leastBytes} to ${2 * room.length}`,
    };
  }
  const wrong = decodeDigits(bytes, { from: start + 1, to: end }, room);
  if (wrong !== undefined) {
    return {
      found: `${character(bytes[wrong])} as character ${wrong - start + 1}`,
      allowed: "hexadecimal digits",
    };
  }
  const record = room.subarray(0, count);
  const [length = 0, high = 0, low = 0, type = 0] = record;
  if (length !== count - leastBytes) {
    return { found: `${count - leastBytes} bytes of data`, allowed: `${length}, as its first byte says` };
  }
  if (sumOf(record) !== 0) {
    const is = record.at(-1) ?? 0;
    const due = (is - sumOf(record)) & 0xff;
    return { found: `the checksum ${hex(is)}`, allowed: `${hex(due)}, that of its other bytes` };
  }
  return { type, offset: 256 * high + low, data: record.subarray(4, count - 1) };
}

const character = (code = 0): string =>
  code > 0x20 && code < 0x7f ? `"${String.fromCharCode(code)}"` : `the byte ${hex(code)}`;

const dataBytes: Readonly<Record<number, number>> = {
  [types.end]: 0,
  [types.segment]: 2,
  [types.segmentEntry]: 4,
  [types.upper]: 2,
  [types.entry]: 4,
};

function faultOfSize({ type, data }: HexRecord): RecordFault | undefined {
  if (type > types.entry) return { found: `a record of type ${type}`, allowed: "types 0 to 5" };
  const due = dataBytes[type];
  if (due === undefined || due === data.length) return undefined;
  return { found: `${data.length} bytes of data in a record of type ${type}`, allowed: String(due) };
}

/** Addresses of a segment go on at its start behind its 64 KiB; others do not go on behind the last of 4 GiB. */
function addData(
  memory: RecordMemory,
  { kind, address }: Base,
  offset: number,
  data: Uint8Array,
  line: number,
): void {
  const inSegment = Math.min(data.length, 0x10000 - offset);
  if (kind === "segment" && inSegment < data.length) {
    memory.add(address + offset, data.subarray(0, inSegment), line);
    memory.add(address, data.subarray(inSegment), line);
  } else if (address + offset + data.length > 2 ** 32) {
    memory.fault(line, {
      found: `${data.length} bytes from address ${hex(address + offset, 8)} on`,
      allowed: "addresses up to 0xffffffff",
    });
  } else memory.add(address + offset, data, line);
}
