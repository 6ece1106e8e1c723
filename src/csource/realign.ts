/** Edits of C text that keep its looks: columns of equals signs, and the width of the page. */

/** Text to put in place of [start, end). */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes the edits; equals signs that stood in a column before stand in one again, and no line outgrows the page. */
export function realigned(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  const lines: { before: string; after: string }[] = [];
  let at = 0;
  let next = 0;
  for (const before of text.split("\n")) {
    const end = at + before.length;
    let after = "";
    let from = at;
    for (let edit = sorted[next]; edit !== undefined && edit.end <= end; edit = sorted[++next]) {
      after += text.slice(from, edit.start) + edit.text;
      from = edit.end;
    }
    lines.push({ before, after: after + text.slice(from, end) });
    at = end + 1;
  }
  if (next !== sorted.length) throw new Error("an edit goes over the end of a line");
  // What no edit touched is as its template has it.
  return alignedAgain(lines)
    .map((line, index) => (line === lines[index]?.before ? line : folded(line)))
    .join("\n");
}

function alignedAgain(lines: readonly { readonly before: string; readonly after: string }[]): string[] {
  const column = (line: string): number => / = /.exec(line)?.index ?? -1;
  const result: string[] = [];
  for (let first = 0; first < lines.length;) {
    const common = column(lines[first]?.before ?? "");
    let end = first + 1;
    if (common >= 0) while (column(lines[end]?.before ?? "") === common) end++;
    const group = lines.slice(first, end).map(({ after }) => after);
    const wide = Math.max(...group.map((line) => line.slice(0, Math.max(0, column(line))).trimEnd().length));
    for (const line of group) {
      const equals = column(line);
      const left = line.slice(0, Math.max(0, equals)).trimEnd();
      const isMoved = group.length > 1 && equals >= 0;
      result.push(isMoved ? left.padEnd(Math.max(wide, left.length)) + line.slice(equals) : line);
    }
    first = end;
  }
  return result;
}

const lineColumns = 120;

/** A line too long for the page: a signature broken behind a comma, a condition behind `&&`. */
function folded(line: string): string {
  if (line.length <= lineColumns) return line;
  const isSignature = /^[A-Za-z_].*\(/.test(line);
  const [behind, under] = isSignature ? [", ", line.indexOf("(") + 1] : [" && ", line.indexOf(" = ") + 3];
  const at = line.lastIndexOf(behind, lineColumns - behind.length);
  if (at <= under) return line;
  const kept = at + behind.length;
  return `${line.slice(0, kept).trimEnd()}\n${" ".repeat(under)}${line.slice(kept)}`;
}
