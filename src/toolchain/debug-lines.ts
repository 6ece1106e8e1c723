/** Source lines of instructions, from .debug_line (DWARF Debugging Information Format, versions 2 to 5, section 6.2). */
import { parseElf, type ElfSection } from "./elf.js";

export interface LineRow {
  readonly address: number;
  /** As the compiler was given it, without folders. */
  readonly file: string;
  readonly line: number;
}

/** Rows by address, one for each address: the last that names it. Empty where there is no debug information. */
export function debugLines(sections: readonly ElfSection[]): readonly LineRow[] {
  const named = (name: string): Uint8Array =>
    sections.find((section) => section.name === name)?.data ?? new Uint8Array(0);
  const reader = new Reader(named(".debug_line"));
  const strings = { line: new Reader(named(".debug_line_str")), other: new Reader(named(".debug_str")) };
  const rows = new Map<number, LineRow>();
  while (!reader.atEnd) readUnit(reader, strings, rows);
  return [...rows.values()].sort((a, b) => a.address - b.address);
}

/** "app_heap.c:120" of an instruction's address, where the file's debug information tells. */
export function sourceLines(elf: Uint8Array): (address: number) => string | undefined {
  const rows = debugLines(parseElf(elf).sections);
  return (address) => {
    const row = lineAt(rows, address);
    return row === undefined || row.line === 0 ? undefined : `${row.file}:${row.line}`;
  };
}

/** The line of the instruction at an address: that of the last row at or before it. */
export function lineAt(rows: readonly LineRow[], address: number): LineRow | undefined {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.address ?? Infinity) <= address) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

class Reader {
  readonly #view: DataView;
  at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  u8(): number {
    return this.#view.getUint8(this.at++);
  }

  s8(): number {
    return this.#view.getInt8(this.at++);
  }

  u16(): number {
    this.at += 2;
    return this.#view.getUint16(this.at - 2, true);
  }

  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  uleb(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  sleb(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return byte >= 0x40 ? value - factor * 128 : value;
    }
  }

  string(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  stringAt(offset: number): string {
    this.at = offset;
    return this.string();
  }
}

interface Strings {
  readonly line: Reader;
  readonly other: Reader;
}

interface Header {
  readonly minimumLength: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly operandCounts: readonly number[];
  /** By the numbers the line program uses. */
  readonly files: readonly string[];
}

function readUnit(reader: Reader, strings: Strings, rows: Map<number, LineRow>): void {
  const end = reader.u32() + reader.at;
  const version = reader.u16();
  if (version < 2 || version > 5) {
    reader.at = end;
    return;
  }
  if (version === 5) reader.at += 2; // sizes of addresses and segment selectors
  const program = reader.u32() + reader.at;
  const minimumLength = reader.u8();
  if (version >= 4) reader.at += 1; // operations of an instruction: for machines that issue several at once
  reader.at += 1; // whether rows are statements at first
  const lineBase = reader.s8();
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
  const files = version === 5 ? readTables(reader, strings) : readOldTables(reader);
  reader.at = program;
  runProgram(reader, end, { minimumLength, lineBase, lineRange, opcodeBase, operandCounts, files }, rows);
  reader.at = end;
}

/** Names of files, those of version 4 and before, which count from 1. */
function readOldTables(reader: Reader): readonly string[] {
  while (reader.string() !== "");
  const files = [""];
  for (let name = reader.string(); name !== ""; name = reader.string()) {
    files.push(baseName(name));
    for (let field = 0; field < 3; field++) reader.uleb();
  }
  return files;
}

function readTables(reader: Reader, strings: Strings): readonly string[] {
  readEntries(reader, strings); // folders
  return readEntries(reader, strings).map(baseName);
}

const contentPath = 1;

/** The path of each entry of a table. */
function readEntries(reader: Reader, strings: Strings): readonly string[] {
  const formats = Array.from({ length: reader.u8() }, () => ({
    content: reader.uleb(),
    form: reader.uleb(),
  }));
  return Array.from({ length: reader.uleb() }, () => {
    let path = "";
    for (const { content, form } of formats) {
      const value = readForm(reader, form, strings);
      if (content === contentPath && typeof value === "string") path = value;
    }
    return path;
  });
}

/** A value in one of the forms that section 6.2.4.1 allows. */
function readForm(reader: Reader, form: number, strings: Strings): string | number {
  switch (form) {
    case 0x08: // DW_FORM_string
      return reader.string();
    case 0x0e: // DW_FORM_strp
      return strings.other.stringAt(reader.u32());
    case 0x1f: // DW_FORM_line_strp
      return strings.line.stringAt(reader.u32());
    case 0x0b: // DW_FORM_data1
      return reader.u8();
    case 0x05: // DW_FORM_data2
      return reader.u16();
    case 0x06: // DW_FORM_data4
      return reader.u32();
    case 0x0f: // DW_FORM_udata
      return reader.uleb();
    case 0x1e: // DW_FORM_data16
      reader.at += 16;
      return 0;
    default:
      throw new Error(`form ${form} in a table of source files`);
  }
}

const baseName = (path: string): string => path.replace(/^.*[/\\]/, "");

/** Opcodes of section 6.2.5.2 and 6.2.5.3. */
function runProgram(reader: Reader, end: number, header: Header, rows: Map<number, LineRow>): void {
  const { minimumLength, lineBase, lineRange, opcodeBase, operandCounts, files } = header;
  let [address, file, line] = [0, 1, 1];
  const emit = (): void => {
    rows.set(address, { address, file: files[file] ?? "", line });
  };
  while (reader.at < end) {
    const opcode = reader.u8();
    if (opcode >= opcodeBase) {
      const adjusted = opcode - opcodeBase;
      address += Math.floor(adjusted / lineRange) * minimumLength;
      line += lineBase + (adjusted % lineRange);
      emit();
      continue;
    }
    switch (opcode) {
      case 0: {
        const next = reader.uleb() + reader.at;
        const extended = reader.u8();
        if (extended === 2) address = reader.u32();
        else if (extended === 1) [address, file, line] = [0, 1, 1];
        reader.at = next;
        break;
      }
      case 1:
        emit();
        break;
      case 2:
        address += reader.uleb() * minimumLength;
        break;
      case 3:
        line += reader.sleb();
        break;
      case 4:
        file = reader.uleb();
        break;
      case 8:
        address += Math.floor((255 - opcodeBase) / lineRange) * minimumLength;
        break;
      case 9:
        address += reader.u16();
        break;
      default:
        for (let count = operandCounts[opcode - 1] ?? 0; count > 0; count--) reader.uleb();
    }
  }
}
