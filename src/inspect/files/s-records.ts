/** Motorola S-records, as "M68000 Family Programmer's Reference Manual", appendix C, has them. */
import { decodeDigits, linesOf, RecordMemory, sumOf, type RecordFault } from "./records.js";
import type { MemoryFile } from "./memory-file.js";

/** Bytes of each type's address; S4 is reserved. */
const addressBytes: readonly (number | undefined)[] = [2, 2, 3, 4, undefined, 2, 3, 4, 3, 2];
const isData = (type: number): boolean => type >= 1 && type <= 3;
const isCount = (type: number): boolean => type === 5 || type === 6;
const isEnd = (type: number): boolean => type >= 7;

const hex = (value: number, digits = 2): string => `0x${value.toString(16).padStart(digits, "0")}`;

/** @throws AllocGenError, exit code 2: a record is not sound, some are missing, or two contradict each other */
export function readSRecords(bytes: Uint8Array, file: string): MemoryFile {
  const memory = new RecordMemory(file, Math.ceil(bytes.length / 2));
  const room = new Uint8Array(256);
  let records = 0;
  let ended = false;
  for (const { line, start, end } of linesOf(bytes)) {
    const record = recordOf(bytes, { start, end }, room);
    if ("found" in record) {
      memory.fault(line, record);
      continue;
    }
    const { type, address, data } = record;
    if (ended) {
      memory.fault(line, { found: "a record behind the one that ends the file", allowed: "none" });
    } else if (isEnd(type)) ended = true;
    else if (isCount(type) && address !== records) {
      memory.fault(line, {
        found: `${records} records of data before it`,
        allowed: `${address}, as it says`,
      });
    } else if (isData(type)) {
      records++;
      if (address + data.length <= 2 ** 32) memory.add(address, data, line);
      else {
        const found = `${data.length} bytes from address ${hex(address, 8)} on`;
        memory.fault(line, { found, allowed: "addresses up to 0xffffffff" });
      }
    }
  }
  return memory.finish(ended);
}

interface SRecord {
  readonly type: number;
  /** Of its data; of a count, how many records there are. */
  readonly address: number;
  readonly data: Uint8Array;
}

function recordOf(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  room: Uint8Array,
): SRecord | RecordFault {
  const head = Buffer.from(bytes.subarray(start, Math.min(end, start + 2))).toString("latin1");
  const type = Number(/^S(\d)$/.exec(head)?.[1] ?? NaN);
  const width = addressBytes[type];
  if (width === undefined) {
    return { found: `${JSON.stringify(head)} at the start`, allowed: "S0 to S3 and S5 to S9" };
  }
  const count = (end - start - 2) / 2;
  if (!Number.isInteger(count) || count < width + 2 || count > room.length) {
    return {
      found: `${end - start - 2} digits behind S${type}`,
      allowed: `an even number, ${2 * (width + 2)} to ${2 * room.length}`,
    };
  }
  const wrong = decodeDigits(bytes, { from: start + 2, to: end }, room);
  if (wrong !== undefined) {
    const found = JSON.stringify(String.fromCharCode(bytes[wrong] ?? 0));
    return { found: `${found} as character ${wrong - start + 1}`, allowed: "hexadecimal digits" };
  }
  const record = room.subarray(0, count);
  const [length = 0] = record;
  if (length !== count - 1) {
    return { found: `${count - 1} bytes behind the first`, allowed: `${length}, as the first byte says` };
  }
  const is = record.at(-1) ?? 0;
  const due = 0xff - sumOf(record.subarray(0, -1));
  if (is !== due) {
    return { found: `the checksum ${hex(is)}`, allowed: `${hex(due)}, that of its other bytes` };
  }
  const address = record.subarray(1, 1 + width).reduce((value, byte) => 256 * value + byte, 0);
  return { type, address, data: record.subarray(1 + width, count - 1) };
}
