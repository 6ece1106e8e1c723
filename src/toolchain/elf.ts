/**
 * Reads 32-bit little-endian ELF files of a known machine: sections, segments, symbols.
 * System V ABI, chapters 4 and 5 (object files).
 *
 * Every offset of the file is checked before it is followed: a damaged file gives an AllocGenError, nothing else.
 */
import { AllocGenError, diagnose } from "../diagnostics.js";
import type { CodeOrData, Machine } from "../machine/machine.js";
import { elfMachines, machineOfElf } from "../machine/registry.js";

export interface ElfSection {
  readonly name: string;
  /** Whether the file holds its bytes; .bss has none. */
  readonly inFile: boolean;
  readonly allocated: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly address: number;
  /** Bytes in memory. */
  readonly bytes: number;
  /** View into the file; empty where `inFile` is false. */
  readonly data: Uint8Array;
}

/** What a loader copies to memory (PT_LOAD); segments of no bytes are left out. */
export interface ElfSegment {
  readonly address: number;
  /** Where the bytes are stored: differs from `address` for what start-up copies to RAM. */
  readonly loadAddress: number;
  readonly writable: boolean;
  readonly executable: boolean;
  /** View into the file. */
  readonly data: Uint8Array;
  /** Bytes in memory; beyond `data` they are zero. */
  readonly memoryBytes: number;
}

export interface ElfSymbol {
  readonly name: string;
  readonly kind: "function" | "object" | "other";
  readonly global: boolean;
  /** False for a symbol the file uses and another must define. */
  readonly defined: boolean;
  /** Value; for a function the address of its first instruction. */
  readonly address: number;
  readonly bytes: number;
}

/** Where a stretch of code or data begins inside a section. */
export interface MappingSymbol {
  readonly address: number;
  readonly begins: CodeOrData;
}

export interface Elf {
  readonly machine: Machine;
  /** Whether it is linked; an object file has no segments and no addresses. */
  readonly executable: boolean;
  /** Address of the first instruction. */
  readonly entry: number;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
  /** Without the file's and the sections' own symbols and the mapping symbols. */
  readonly symbols: readonly ElfSymbol[];
  /** In the file's order. An object file's are relative to their sections. */
  readonly mapping: readonly MappingSymbol[];
}

const headerBytes = 52;
const fileType = { relocatable: 1, executable: 2, core: 4 } as const;
const sectionType = { symbolTable: 2, noBits: 8 } as const;
const sectionFlag = { write: 1, allocate: 2, execute: 4 } as const;
const segmentFlag = { execute: 1, write: 2 } as const;
const segmentLoad = 1;
const symbolType = { object: 1, function: 2, section: 3, file: 4 } as const;
const localBinding = 0;

function fail(what: string): never {
  throw new AllocGenError(3, [diagnose("malformed-elf", { what })]);
}

/** A table of equal records inside the file, each given as a view. */
interface Table {
  readonly what: string;
  readonly offset: number;
  readonly count: number;
  readonly recordBytes: number;
}

/** The file as a whole: bounds are checked here and nowhere else. */
class ElfBytes {
  constructor(private readonly file: Uint8Array) {}

  slice(what: string, offset: number, length: number): Uint8Array {
    if (offset + length > this.file.length) {
      fail(`${what} ends at byte ${offset + length} of a file of ${this.file.length}`);
    }
    return this.file.subarray(offset, offset + length);
  }

  records(table: Table, least: number): DataView[] {
    const { what, offset, count, recordBytes } = table;
    if (count === 0) {
      return [];
    }
    if (recordBytes < least) {
      fail(`${what} has records of ${recordBytes} bytes, at least ${least} are needed`);
    }
    const whole = view(this.slice(what, offset, count * recordBytes));
    return Array.from(
      { length: count },
      (_, index) => new DataView(whole.buffer, whole.byteOffset + index * recordBytes, recordBytes),
    );
  }
}

const view = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/**
 * Parse an ELF file.
 * @param cores whether it may be a core, which is memory of a program and not the program
 * @throws AllocGenError with exit code 3 where the file is truncated, damaged, or not 32-bit little-endian of a known machine.
 */
export function parseElf(file: Uint8Array, { cores = false } = {}): Elf {
  const bytes = new ElfBytes(file);
  if (file.length < 4 || view(file).getUint32(0, false) !== 0x7f454c46) {
    fail("it does not begin with the ELF signature");
  }
  const header = view(bytes.slice("the header", 0, headerBytes));
  if (header.getUint8(4) !== 1 || header.getUint8(5) !== 1) {
    fail("it is not a 32-bit little-endian file");
  }
  const machine = machineOfElf(header.getUint16(18, true));
  if (machine === undefined) {
    fail(`it is for machine ${header.getUint16(18, true)}, not for ${elfMachines()}`);
  }
  const type = header.getUint16(16, true);
  if (type !== fileType.relocatable && type !== fileType.executable && !(cores && type === fileType.core)) {
    fail(`its type is ${type}, neither an object file (1) nor an executable (2)`);
  }
  const sectionHeaders = readSectionHeaders(bytes, header);
  return {
    machine,
    executable: type === fileType.executable,
    entry: machine.registers.codeAddress(header.getUint32(24, true)),
    sections: sectionHeaders.map(({ section }) => section),
    segments: readSegments(bytes, header),
    ...readSymbols(bytes, sectionHeaders, machine),
  };
}

interface SectionHeader {
  readonly section: ElfSection;
  readonly type: number;
  readonly link: number;
  readonly offset: number;
  readonly recordBytes: number;
}

function readSectionHeaders(bytes: ElfBytes, header: DataView): readonly SectionHeader[] {
  const records = bytes.records(
    {
      what: "the table of sections",
      offset: header.getUint32(32, true),
      count: header.getUint16(48, true),
      recordBytes: header.getUint16(46, true),
    },
    40,
  );
  const contents = (record: DataView): Uint8Array =>
    record.getUint32(4, true) === sectionType.noBits
      ? new Uint8Array(0)
      : bytes.slice("a section", record.getUint32(16, true), record.getUint32(20, true));

  const namesAt = header.getUint16(50, true);
  const namesRecord = records[namesAt];
  if (namesRecord === undefined && records.length > 0) {
    fail(`the section of names is number ${namesAt} of ${records.length}`);
  }
  const names = namesRecord === undefined ? new Uint8Array(0) : contents(namesRecord);

  return records.map((record) => {
    const type = record.getUint32(4, true);
    const flags = record.getUint32(8, true);
    const section: ElfSection = {
      name: readString(names, record.getUint32(0, true)),
      inFile: type !== sectionType.noBits,
      allocated: (flags & sectionFlag.allocate) !== 0,
      writable: (flags & sectionFlag.write) !== 0,
      executable: (flags & sectionFlag.execute) !== 0,
      address: record.getUint32(12, true),
      bytes: record.getUint32(20, true),
      data: contents(record),
    };
    return {
      section,
      type,
      link: record.getUint32(24, true),
      offset: record.getUint32(16, true),
      recordBytes: record.getUint32(36, true),
    };
  });
}

function readSegments(bytes: ElfBytes, header: DataView): readonly ElfSegment[] {
  const records = bytes.records(
    {
      what: "the table of segments",
      offset: header.getUint32(28, true),
      count: header.getUint16(44, true),
      recordBytes: header.getUint16(42, true),
    },
    32,
  );
  return records
    .filter((record) => record.getUint32(0, true) === segmentLoad && record.getUint32(20, true) > 0)
    .map((record) => {
      const address = record.getUint32(8, true);
      const fileBytes = record.getUint32(16, true);
      const memoryBytes = record.getUint32(20, true);
      const flags = record.getUint32(24, true);
      if (fileBytes > memoryBytes) {
        fail(`a segment has ${fileBytes} bytes in the file and ${memoryBytes} in memory`);
      }
      if (address + memoryBytes > 2 ** 32) {
        fail("a segment extends beyond the last address");
      }
      return {
        address,
        loadAddress: record.getUint32(12, true),
        writable: (flags & segmentFlag.write) !== 0,
        executable: (flags & segmentFlag.execute) !== 0,
        data: bytes.slice("a segment", record.getUint32(4, true), fileBytes),
        memoryBytes,
      };
    });
}

function readSymbols(
  bytes: ElfBytes,
  headers: readonly SectionHeader[],
  machine: Machine,
): Pick<Elf, "symbols" | "mapping"> {
  const symbols: ElfSymbol[] = [];
  const mapping: MappingSymbol[] = [];
  const table = headers.find(({ type }) => type === sectionType.symbolTable);
  if (table === undefined) {
    return { symbols, mapping };
  }
  const names = headers[table.link];
  if (names === undefined) {
    fail(`the names of the symbols are in section ${table.link} of ${headers.length}`);
  }
  const { offset, recordBytes, section } = table;
  const count = Math.floor(section.bytes / Math.max(recordBytes, 1));
  for (const record of bytes.records({ what: "the table of symbols", offset, count, recordBytes }, 16)) {
    const name = readString(names.section.data, record.getUint32(0, true));
    const begins = machine.elf.mapping(name);
    if (begins !== undefined) {
      // Sections of debug information have their own, at offsets that are no addresses.
      if (headers[record.getUint16(14, true)]?.section.allocated === false) continue;
      mapping.push({ address: record.getUint32(4, true), begins });
    } else if (namesProgram(record, name)) {
      symbols.push(readSymbol(record, name, machine));
    }
  }
  return { symbols, mapping };
}

/** Whether a symbol names code or data of the program, not the file or a section of it. */
function namesProgram(record: DataView, name: string): boolean {
  const type = record.getUint8(12) & 0xf;
  return name !== "" && type !== symbolType.section && type !== symbolType.file;
}

function readSymbol(record: DataView, name: string, { registers }: Machine): ElfSymbol {
  const type = record.getUint8(12) & 0xf;
  const value = record.getUint32(4, true);
  return {
    name,
    kind: type === symbolType.function ? "function" : type === symbolType.object ? "object" : "other",
    global: record.getUint8(12) >> 4 !== localBinding,
    defined: record.getUint16(14, true) !== 0,
    address: type === symbolType.function ? registers.codeAddress(value) : value,
    bytes: record.getUint32(8, true),
  };
}

const utf8 = new TextDecoder();

/** The text at `offset` up to its NUL. */
function readString(table: Uint8Array, offset: number): string {
  const end = table.indexOf(0, offset);
  if (offset > 0 && (offset >= table.length || end < 0)) {
    fail(`a name begins at byte ${offset} of a table of ${table.length} and does not end there`);
  }
  return utf8.decode(table.subarray(offset, Math.max(offset, end)));
}
