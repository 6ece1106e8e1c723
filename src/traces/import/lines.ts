/** Lines of a text that comes in pieces. */

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Whether a line break ended it: the last line of a file that was cut has none. */
  readonly ended: boolean;
}

/** Characters of a line that are looked at: no event is longer, but what is no text may have no line break at all. */
const longestLine = 4096;

/** Bytes are taken for characters as they are: what is no text gives lines that mean nothing, and no error. */
export function* linesOf(pieces: Iterable<Uint8Array>): Generator<Line> {
  let rest = "";
  let number = 1;
  for (const piece of pieces) {
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      yield { text: shorten(rest + text.slice(start, end)), number, ended: true };
      rest = "";
      start = end + 1;
      number++;
    }
    rest = shorten(rest + text.slice(start));
  }
  if (rest !== "") yield { text: rest, number, ended: false };
}

function shorten(line: string): string {
  const text = line.length > longestLine ? line.slice(0, longestLine) : line;
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
