/** The layout as the text of a constant, each number with what it means. */
import { headerDataMeanings, hexMembers } from "../../header/header-data.js";
import { hasHeaderLayout, type HeapLayout } from "../../layout/layout.js";

const lineWidth = 110;

/** What the members mean, by their path. */
const meanings: Readonly<Record<string, string>> = {
  name: "Prefix of the C functions.",
  heapBytes: "Bytes of the heap, control data included.",
  granuleBytes: "Alignment of payloads; every block size is a multiple of it.",
  firstBlock: "Offset of the first block.",
  endOfBlocks: "Offset where the last block ends, at most.",
  minimumBlockBytes: "Bytes of the smallest block, header included.",
  maximumRequestBytes: "Largest request an empty heap serves, in bytes.",
  ...headerDataMeanings,
  footer: "The last bytes of a free block: its size in granules, from bit `shift` up.",
  endHeader:
    'After the last block: nothing, its size ("tag"), or the header of a block of size 0, never free ("block").',
  control: "Control data. Offsets count from the start of the heap.",
  units: "Each as large as the smallest block; a block of order k has 2^k of them.",
  placeShift:
    "Block at `offset`: bit `(offset - firstBlock) >> placeShift` of `control.used`, from the lowest of its first word.",
  before: "The first bytes of a block: the room before its allocation, in `unitBytes`.",
  headerBytes: "Bytes of a block before its payload.",
  classes: "Blocks of each class, one after another.",
  classFloors: "Smallest block of each free list, in bytes.",
  quickMost: "Most blocks in the quick lists, one list per size from the smallest; `quick_room` more fit.",
  listBits:
    "List l is bit `first + l` of the bitmap; a word's bits count from its highest or from its lowest.",
  listHeads: "The first block of list l has the previous link `first + l * step`: the list's head.",
};

/** What a link is. */
const linkMeanings = {
  blocks:
    "A link: offset of a block's payload in `unitBytes`, 0: none. `next`, `previous` count from the block.",
  addresses:
    "A link: address of a block's payload, or of `end`, whose first word that is: none. `next`, `previous` count from the block.",
  slots:
    "A link: number of a slot, 0: none. A slot: offset of a block's payload in `unitBytes`, granules, next.",
};

function meaningOf(path: string, layout: HeapLayout, ownLinks: string | undefined): string | undefined {
  if (path !== "links") return meanings[path];
  return hasHeaderLayout(layout) ? linkMeanings[layout.links.place] : ownLinks;
}

/** Members that the module does not need. */
const omitted: readonly string[] = ["kind", "placements"];

/**
 * `export const layout = { … } as const;`
 * @param ownLinks what `links` says where blocks have no headers
 */
export function layoutText(layout: HeapLayout, ownLinks?: string): string {
  const meaningAt = (path: string) => meaningOf(path, layout, ownLinks);
  const members = Object.entries(layout).filter(([key]) => !omitted.includes(key));
  const lines = members.flatMap(([key, value]) => memberLines(key, value as unknown, key, 1, meaningAt));
  return ["export const layout = {", ...lines, "} as const;"].join("\n");
}

function memberLines(
  key: string,
  value: unknown,
  path: string,
  depth: number,
  meaningAt: (path: string) => string | undefined,
): string[] {
  const indent = "  ".repeat(depth);
  const meaning = meaningAt(path);
  const comment = meaning === undefined ? [] : [`${indent}/** ${meaning} */`];
  const short = oneLine(key, value);
  if (short !== undefined && indent.length + key.length + short.length + 3 <= lineWidth) {
    return [...comment, `${indent}${key}: ${short},`];
  }
  if (Array.isArray(value)) {
    const elements = value.map((element: unknown) => oneLine("", element) ?? "");
    return [...comment, `${indent}${key}: [`, ...wrapped(elements, `${indent}  `), `${indent}],`];
  }
  const members = Object.entries(value as object).flatMap(([name, member]) =>
    memberLines(name, member as unknown, `${path}.${name}`, depth + 1, meaningAt),
  );
  return [...comment, `${indent}${key}: {`, ...members, `${indent}},`];
}

/** Text that needs no line of its own for each member: numbers, words, lists of them, flat objects. */
function oneLine(key: string, value: unknown): string | undefined {
  if (Array.isArray(value)) {
    return `[${value.map((element: unknown) => oneLine("", element) ?? "").join(", ")}]`;
  }
  if (typeof value === "number") {
    return hexMembers.includes(key) ? `0x${value.toString(16)}` : String(value);
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]: [string, unknown]) =>
    typeof member === "object" ? undefined : `${name}: ${oneLine(name, member) ?? ""}`,
  );
  return members.includes(undefined) ? undefined : `{ ${members.join(", ")} }`;
}

function wrapped(values: readonly string[], indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const value of values) {
    const text = `${value},`;
    if (line !== indent && line.length + 1 + text.length > lineWidth) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? text : ` ${text}`;
  }
  return [...lines, line];
}
