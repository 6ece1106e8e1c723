/** The text of a header's type and of what reads it, for the fields that a layout has: as `decode/header.ts` reads them. */
import type { HeaderField } from "./field.js";
import type { HeaderLayout } from "./layout.js";

const read = (name: string): string => `readField(heap, offset, layout.header.fields.${name})`;

function member({ name, holds, dump }: HeaderField): string {
  const doc = dump?.doc === undefined || dump.doc === "" ? "" : `  /** ${dump.doc} */\n`;
  return `${doc}  readonly ${name}: ${holds === "flag" ? "boolean" : "number"};`;
}

function value({ name, holds }: HeaderField): string {
  switch (holds) {
    case "flag":
      return `${read(name)} === 1`;
    case "granules":
      return `${read(name)} * layout.granuleBytes`;
    case "bytes":
    case "bits":
      return read(name);
  }
}

const decoded = ({ fields }: HeaderLayout): readonly HeaderField[] =>
  fields.filter(({ dump }) => dump !== undefined);

export const headerTypeText = (header: HeaderLayout): string => `/** What a header says; sizes in bytes. */
export interface Header {
${decoded(header).map(member).join("\n")}
}`;

/** What reads a header of the constant `layout`, in two parts. */
export const readHeaderText = (
  header: HeaderLayout,
): { readonly signature: string; readonly body: string } => ({
  signature: `/** The header at \`offset\`. @throws RangeError when it does not lie within the heap. */
export function readHeader(heap: DataView, offset: number): Header `,
  body: `{
  return {
${decoded(header)
  .map((field) => `    ${field.name}: ${value(field)},`)
  .join("\n")}
  };
}`,
});
