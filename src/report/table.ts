/** Columns of text. */

/** Characters that a line of a report for people has at most, in a file or where nobody knows how wide a terminal is. */
export const reportWidth = 100;

export interface Column {
  readonly align: "left" | "right";
  /** Characters; a longer cell widens its row. */
  readonly width: number;
}

/** One line: the cells padded to their columns, two spaces between them, no blanks at the end. */
export function tableRow(columns: readonly Column[], cells: readonly string[]): string {
  return columns
    .map((column, index) => padCell(column, cells[index] ?? ""))
    .join("  ")
    .trimEnd();
}

function padCell({ align, width }: Column, text: string): string {
  return align === "right" ? text.padStart(width) : text.padEnd(width);
}

/** Lines of a table whose columns are as wide as their widest cell. */
export function autoTable(
  aligns: readonly Column["align"][],
  rows: readonly (readonly string[])[],
): string[] {
  const columns = aligns.map((align, index) => ({
    align,
    width: Math.max(0, ...rows.map((row) => (row[index] ?? "").length)),
  }));
  return rows.map((row) => tableRow(columns, row));
}

/** "20,000" */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** One decimal: "45.1". */
export function formatMean(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A whole figure as it is, another with one decimal; what has no bound is "none". */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return "none";
  return Number.isInteger(value) ? formatCount(value) : formatMean(value);
}

/** Sentences, each line no longer than `width`: what does not fit goes on below, two characters further in. */
export function wrapLines(lines: readonly string[], width: number): readonly string[] {
  return lines.flatMap((line) => {
    if (line.length <= width) return [line];
    const indent = /^ */.exec(line)?.[0] ?? "";
    const [first = "", ...rest] = wrap(line.slice(indent.length), width - indent.length - 2);
    return [indent + first, ...rest.map((part) => `${indent}  ${part}`)];
  });
}

/** `text` broken at blanks into lines of at most `width` characters; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
