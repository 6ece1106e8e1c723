/**
 * The part of CTF's metadata language (TSDL, CTF 1.8) that Zephyr's subsys/tracing/ctf/tsdl/metadata is written in:
 * aliases of integers, one event header, and events whose fields are integers and arrays of them. Zephyr's versions
 * differ in the header (32 or 64 bits of time, 8 or 16 of id) and in the events, so neither is built in.
 */

export interface CtfField {
  readonly name: string;
  /** Bytes of one element. */
  readonly bytes: number;
  /** Elements; 1 for a plain field. */
  readonly count: number;
}

export interface CtfEvent {
  readonly name: string;
  readonly fields: readonly CtfField[];
}

export interface CtfMetadata {
  readonly littleEndian: boolean;
  readonly header: readonly CtfField[];
  readonly events: ReadonlyMap<number, CtfEvent>;
}

/** Undefined where it is something else, or says what this part of the language cannot. */
export function parseCtfMetadata(text: string): CtfMetadata | undefined {
  const plain = text.replace(/\/\*.*?\*\//gs, " ");
  const types = new Map<string, number>();
  for (const [, body = "", name = ""] of plain.matchAll(
    /typealias\s+integer\s*\{([^}]*)\}\s*:=\s*(\w+)\s*;/g,
  )) {
    const bits = Number(/\bsize\s*=\s*(\d+)/.exec(body)?.[1]);
    if (bits > 0 && bits % 8 === 0 && bits <= 64) types.set(name, bits / 8);
  }
  const header = fieldsOf(/struct\s+event_header\s*\{([^}]*)\}/.exec(plain)?.[1], types);
  if (header === undefined || !header.some(({ name }) => name === "id")) return undefined;
  const events = new Map<number, CtfEvent>();
  for (const [, body = ""] of plain.matchAll(/\bevent\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*;/g)) {
    const name = /\bname\s*=\s*"?([\w:.-]+)"?\s*;/.exec(body)?.[1];
    const id = Number(/\bid\s*=\s*(0x[0-9a-f]+|\d+)\s*;/i.exec(body)?.[1]);
    const fields = fieldsOf(/\bfields\s*:=\s*struct\s*\{([^{}]*)\}/.exec(body)?.[1] ?? "", types);
    if (name !== undefined && Number.isInteger(id) && fields !== undefined) events.set(id, { name, fields });
  }
  if (events.size === 0) return undefined;
  return { littleEndian: !/\bbyte_order\s*=\s*be\b/.test(plain), header, events };
}

function fieldsOf(
  body: string | undefined,
  types: ReadonlyMap<string, number>,
): readonly CtfField[] | undefined {
  if (body === undefined) return undefined;
  const fields: CtfField[] = [];
  for (const declaration of body.split(";").map((part) => part.trim())) {
    if (declaration === "") continue;
    const [, type = "", name = "", count] = /^(\w+)\s+(\w+)(?:\s*\[\s*(\d+)\s*\])?$/.exec(declaration) ?? [];
    const bytes = types.get(type);
    if (bytes === undefined) return undefined;
    fields.push({ name, bytes, count: count === undefined ? 1 : Number(count) });
  }
  return fields;
}

export const sizeOfFields = (fields: readonly CtfField[]): number =>
  fields.reduce((sum, { bytes, count }) => sum + bytes * count, 0);
