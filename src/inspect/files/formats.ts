/** The formats of a dump, and which of them a file is in. */
import { AllocGenError } from "../../diagnostics.js";
import { parseElf } from "../../toolchain/elf.js";
import { readIntelHex } from "./intel-hex.js";
import { arrange, type MemoryFile } from "./memory-file.js";
import { contradiction } from "./records.js";
import { readSRecords } from "./s-records.js";

export interface DumpFormat {
  /** After --from. */
  readonly name: "ihex" | "srec" | "elf";
  /** In messages: "Intel HEX". */
  readonly title: string;
  readonly recognise: (bytes: Uint8Array) => boolean;
  /** @throws AllocGenError, exit code 2: it is not a sound file of the format */
  readonly read: (bytes: Uint8Array, file: string) => MemoryFile;
}

export const dumpFormats: readonly DumpFormat[] = [
  {
    name: "ihex",
    title: "Intel HEX",
    recognise: (bytes) => beginsWith(bytes, /^\s*:[0-9A-Fa-f]{4}/),
    read: readIntelHex,
  },
  {
    name: "srec",
    title: "Motorola S-records",
    recognise: (bytes) => beginsWith(bytes, /^\s*S[0-9][0-9A-Fa-f]{4}/),
    read: readSRecords,
  },
  {
    name: "elf",
    title: "ELF",
    recognise: (bytes) => [0x7f, 0x45, 0x4c, 0x46].every((byte, at) => bytes[at] === byte),
    read: readElf,
  },
];

/** Characters by which a text is told from bytes that begin like one. */
const headCharacters = 256;

/** Whether a file is text, as far as its first characters tell, and begins so. */
function beginsWith(bytes: Uint8Array, pattern: RegExp): boolean {
  const head = Buffer.from(bytes.subarray(0, headCharacters)).toString("latin1");
  return /^[\t\r\n\x20-\x7e]*$/.test(head) && pattern.test(head);
}

/** The loaded segments; what a segment has in memory alone is not told. */
function readElf(bytes: Uint8Array, file: string): MemoryFile {
  try {
    const pieces = arrange(
      parseElf(bytes, { cores: true }).segments.map(({ address, data }, index) => ({
        ...{ address, data },
        place: `loaded segment ${index + 1}`,
      })),
    );
    if ("first" in pieces) throw contradiction(file, pieces);
    return { pieces };
  } catch (error) {
    if (!(error instanceof AllocGenError)) throw error;
    throw new AllocGenError(
      2,
      error.diagnostics.map((diagnostic) => ({ ...diagnostic, file })),
    );
  }
}
