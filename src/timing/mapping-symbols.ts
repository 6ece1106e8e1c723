/** Where code ends and data begins inside a section: the mapping symbols $t and $d (Arm IHI 0044, section 5.5.5). */

/** Addresses [start, end). */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

const sectionHeaderBytes = 40;
const symbolBytes = 16;
const symbolTableType = 2;

interface MappingSymbol {
  readonly address: number;
  readonly isCode: boolean;
}

/**
 * The stretches of Thumb code within `range`, in order of address. `elf` is a linked 32-bit little-endian ELF file;
 * without mapping symbols there is no code.
 */
export function codeRanges(elf: Uint8Array, range: AddressRange): readonly AddressRange[] {
  const marks = mappingSymbols(elf)
    .filter(({ address }) => address >= range.start && address < range.end)
    .sort((left, right) => left.address - right.address);
  const ranges: AddressRange[] = [];
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.address ?? range.end;
    if (mark.isCode && end > mark.address) ranges.push({ start: mark.address, end });
  }
  return ranges;
}

function mappingSymbols(elf: Uint8Array): readonly MappingSymbol[] {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const sections = view.getUint32(32, true);
  const count = view.getUint16(48, true);
  const found: MappingSymbol[] = [];
  for (let index = 0; index < count; index += 1) {
    const header = sections + index * sectionHeaderBytes;
    if (view.getUint32(header + 4, true) !== symbolTableType) continue;
    const names = view.getUint32(
      sections + view.getUint32(header + 24, true) * sectionHeaderBytes + 16,
      true,
    );
    const start = view.getUint32(header + 16, true);
    const end = start + view.getUint32(header + 20, true);
    for (let at = start; at < end; at += symbolBytes) {
      const isCode = mappingKind(elf, names + view.getUint32(at, true));
      if (isCode !== undefined) found.push({ address: view.getUint32(at + 4, true), isCode });
    }
  }
  return found;
}

/** Whether the name at `at` is $t or $a (true), or $d (false), alone or with a suffix after a dot. */
function mappingKind(elf: Uint8Array, at: number): boolean | undefined {
  const [dollar, letter, after] = elf.subarray(at, at + 3);
  if (dollar !== 0x24 || (after !== 0 && after !== 0x2e)) return undefined;
  if (letter === 0x74 || letter === 0x61) return true;
  return letter === 0x64 ? false : undefined;
}
