/** The frames of a recording, and the bytes that are in none. */
import { checkOf, headNumbers, marker } from "./layout.js";
import { NumberReader } from "./numbers.js";

export type Head = Readonly<Record<(typeof headNumbers)[number], number>>;

export interface Frame {
  /** Offset of its marker. */
  readonly start: number;
  /** Offset of its first record. */
  readonly records: number;
  /** Offset behind its last byte. */
  readonly end: number;
  readonly head: Head;
  /** Of its bytes, as the next frame's head should have it. */
  readonly check: number;
}

/** Bytes from `start` to `end` that are no frame, and why. */
export interface Gap {
  readonly start: number;
  readonly end: number;
  /** "tail": what a ring has kept of a frame whose beginning was written over, or a start that was cut off. */
  readonly kind: "tail" | "cut" | "malformed" | "version";
}

/** Frames as they stand in some bytes, and what is between them. */
export interface Frames {
  readonly frames: readonly Frame[];
  readonly gaps: readonly Gap[];
}

export function findFrames(bytes: Buffer): Frames {
  const frames: Frame[] = [];
  const gaps: Gap[] = [];
  let start = bytes.indexOf(marker);
  addTail(bytes, 0, start < 0 ? bytes.length : start, gaps);
  while (start >= 0) {
    const next = bytes.indexOf(marker, start + marker.length);
    const limit = next < 0 ? bytes.length : next;
    // No byte of a frame is 0 but its first.
    const zero = bytes.indexOf(0, start + 1);
    const end = zero < 0 ? limit : Math.min(zero, limit);
    const frame = parseFrame(bytes, start, end);
    if (typeof frame === "string") gaps.push({ start, end, kind: frame });
    else frames.push(frame);
    addTail(bytes, end, limit, gaps);
    start = next;
  }
  return { frames, gaps };
}

/** Zeros are memory that was never written. */
function addTail(bytes: Uint8Array, from: number, to: number, gaps: Gap[]): void {
  let [start, end] = [from, to];
  while (start < end && bytes[start] === 0) start++;
  while (end > start && bytes[end - 1] === 0) end--;
  if (start < end) gaps.push({ start, end, kind: "tail" });
}

function parseFrame(bytes: Buffer, start: number, end: number): Frame | Exclude<Gap["kind"], "tail"> {
  const reader = new NumberReader(bytes, start + marker.length, end);
  const numbers = headNumbers.map((name) => [name, reader.next()] as const);
  if (numbers[0]?.[1] !== undefined && numbers[0][1] !== 1) return "version";
  if (numbers.some(([, value]) => value === undefined)) return reader.fault ?? "malformed";
  // Each has its number: that was looked at.
  const head = Object.fromEntries(numbers) as Head;
  if (head.granuleShift > 16 || head.flags > 7) return "malformed";
  return { start, records: reader.at, end, head, check: checkOf(bytes.subarray(start + 1, end)) };
}

/**
 * Where the oldest frame of a ring begins that was dumped as memory, whose bytes begin with newer ones: where the
 * sequence falls back, just once and not to a start of the device, and behind the last frame it goes on no later than at
 * the first. Otherwise 0.
 */
export function oldestFrame(frames: readonly Frame[]): number {
  const falls = frames.flatMap((frame, index) => {
    const before = frames[index - 1];
    return before !== undefined && frame.head.sequence < before.head.sequence ? [frame] : [];
  });
  const [fall] = falls;
  const [first, last] = [frames[0], frames.at(-1)];
  if (fall === undefined || falls.length > 1 || first === undefined || last === undefined) return 0;
  return fall.head.sequence > 0 && last.head.sequence < first.head.sequence ? fall.start : 0;
}
