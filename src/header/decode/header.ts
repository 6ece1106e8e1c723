/** What a header says, whatever fields it has. The generated module has text made for its own fields instead. */
import { readField } from "../../layout/decode/numbers.js";
import type { HeaderLayoutData } from "../../layout/layout.js";
import type { FieldContent } from "../field.js";

/** By the fields' names; sizes in bytes. What is written on allocation means nothing in a free block. */
export interface Header extends Readonly<Record<string, number | boolean | undefined>> {
  /** Block size, header included. */
  readonly size: number;
  readonly used?: boolean;
}

/** The header at `offset`. @throws RangeError when it does not lie within the heap. */
export function readHeader(layout: HeaderLayoutData, heap: DataView, offset: number): Header {
  const { fields } = layout.header;
  const read = (name: string, holds: FieldContent): number | boolean | undefined => {
    const field = fields[name];
    if (field === undefined) return undefined;
    const value = readField(heap, offset, field);
    if (holds === "flag") return value === 1;
    return holds === "granules" ? value * layout.granuleBytes : value;
  };
  const values = layout.placements.map(({ field }) => [field.name, read(field.name, field.holds)] as const);
  const size = readField(heap, offset, fields.size) * layout.granuleBytes;
  return { ...Object.fromEntries(values.filter(([, value]) => value !== undefined)), size };
}
