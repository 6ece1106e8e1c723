/**
 * Tables for a terminal. One that is too wide keeps all that it says: the widest text goes on below itself, and where that is not
 * enough, columns go into further blocks, each with the columns by which rows are told apart.
 */
import { tableRow, wrap, type Column } from "./table.js";

export interface TableShape {
  readonly aligns: readonly Column["align"][];
  /** Columns that each block begins with, by index; the first where left out. */
  readonly keys?: readonly number[];
  /** Columns that stand together, by the index of the first; each stands alone where left out. */
  readonly groups?: readonly number[];
  /** Least characters of a column, of those that have one. */
  readonly least?: readonly number[];
  /** Columns whose text is broken within words too, where nothing else fits. */
  readonly breaks?: readonly number[];
}

/** Cells, or text that stands beside the columns. */
export type TableLine = readonly string[] | string;

/** Fewest characters that text is wrapped in. */
const leastText = 16;

/** Between two columns. */
const gap = 2;

/**
 * Lines of at most `width` characters, but for a word that is longer.
 *
 * @param paint what becomes of the lines of a row, by the row's index
 */
export function fitTable(
  shape: TableShape,
  rows: readonly TableLine[],
  width: number,
  paint: (line: string, row: number) => string = (line) => line,
): readonly string[] {
  const columns = shape.aligns.map((align, index): Column => {
    const cells = rows.map((row) => (typeof row === "string" ? 0 : (row[index] ?? "").length));
    return { align, width: Math.max(shape.least?.[index] ?? 0, ...cells) };
  });
  const blocks = blocksOf(shape, columns, rows, width);
  return blocks.flatMap((block, number) => [
    ...(number === 0 ? [] : [""]),
    ...rows.flatMap((row, index) => linesOf(row, columns, block, width).map((line) => paint(line, index))),
  ]);
}

/** Columns of one block, with what their widths have become. */
interface Block {
  readonly columns: readonly number[];
  /** The column that is wrapped, and its characters. */
  readonly wrapped?: { readonly column: number; readonly width: number; readonly breaks: boolean };
}

const widthOf = (columns: readonly Column[], shown: readonly number[]): number =>
  shown.reduce((sum, index) => sum + (columns[index]?.width ?? 0), gap * Math.max(0, shown.length - 1));

function blocksOf(
  shape: TableShape,
  columns: readonly Column[],
  rows: readonly TableLine[],
  width: number,
): readonly Block[] {
  const { keys = [0] } = shape;
  // A further block is read with more ease than names that are broken.
  const joins = (shown: readonly number[]): Block | undefined =>
    fitted(shape, columns, rows, { shown, width, kept: keys });
  const all = columns.map((_, index) => index);
  const whole = joins(all);
  if (whole !== undefined) return [whole];
  const blocks: (readonly number[])[] = [];
  const groups = groupsOf(shape, all);
  for (const group of groups.length > 0 ? groups : [[]]) {
    const last = blocks.at(-1);
    const joined = joinedBy(last ?? [], group);
    if (last !== undefined && joins(joined) !== undefined) blocks.splice(-1, 1, joined);
    else blocks.push(joinedBy(keys, group));
  }
  return blocks.map(
    (shown) => joins(shown) ?? fitted(shape, columns, rows, { shown, width, kept: [] }) ?? { columns: shown },
  );
}

const joinedBy = (some: readonly number[], others: readonly number[]): readonly number[] =>
  [...new Set([...some, ...others])].toSorted((left, right) => left - right);

/** Each from its first column to the next one's; columns that every block has are in none. */
function groupsOf(
  { groups, keys = [0] }: TableShape,
  all: readonly number[],
): readonly (readonly number[])[] {
  const begins = (index: number): boolean => groups === undefined || groups.includes(index);
  const found: number[][] = [];
  for (const index of all) {
    if (keys.includes(index)) continue;
    const last = found.at(-1);
    if (last === undefined || begins(index)) found.push([index]);
    else last.push(index);
  }
  return found;
}

/** As it is, or with one column of text wrapped, of those that are not kept whole; undefined where that is not enough. */
function fitted(
  { breaks = [] }: TableShape,
  columns: readonly Column[],
  rows: readonly TableLine[],
  {
    shown,
    width,
    kept,
  }: { readonly shown: readonly number[]; readonly width: number; readonly kept: readonly number[] },
): Block | undefined {
  const excess = widthOf(columns, shown) - width;
  if (excess <= 0) return { columns: shown };
  const hasWords = (index: number): boolean =>
    rows.some((row) => typeof row !== "string" && row[index]?.includes(" "));
  const [widest] = shown
    .filter((index) => columns[index]?.align === "left")
    .filter((index) => breaks.includes(index) || (!kept.includes(index) && hasWords(index)))
    .map((column) => ({
      column,
      width: (columns[column]?.width ?? 0) - excess,
      breaks: breaks.includes(column),
    }))
    .filter((text) => text.width >= leastText)
    .toSorted((left, right) => right.width - left.width);
  return widest === undefined ? undefined : { columns: shown, wrapped: widest };
}

function linesOf(
  row: TableLine,
  columns: readonly Column[],
  { columns: shown, wrapped }: Block,
  width: number,
): readonly string[] {
  if (typeof row === "string") return wrap(row, width);
  const shownColumns = shown.map((index) => {
    const column = columns[index] ?? { align: "left", width: 0 };
    return index === wrapped?.column ? { ...column, width: wrapped.width } : column;
  });
  const cells = shown.map((index) => row[index] ?? "");
  // Titles over columns of another block.
  if (row.some((cell) => cell !== "") && cells.every((cell) => cell === "")) return [];
  if (wrapped === undefined) return [tableRow(shownColumns, cells)];
  const at = shown.indexOf(wrapped.column);
  const parts = wrapped.breaks
    ? wrap(cells[at] ?? "", wrapped.width).flatMap((part) => chunks(part, wrapped.width))
    : wrap(cells[at] ?? "", wrapped.width);
  return parts.map((part, line) =>
    tableRow(
      shownColumns,
      cells.map((cell, index) => (index === at ? part : line === 0 ? cell : "")),
    ),
  );
}

const chunks = (word: string, width: number): readonly string[] =>
  Array.from({ length: Math.max(1, Math.ceil(word.length / width)) }, (_, index) =>
    word.slice(index * width, (index + 1) * width),
  );
