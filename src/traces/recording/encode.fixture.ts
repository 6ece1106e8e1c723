/** The recorder's side of the format, for tests: written from docs/traces.md, and by no code of the reader. */
import type { HeapEvent } from "../import/event.js";

export interface EncodeOptions {
  readonly times?: boolean;
  /** Events of a frame. */
  readonly frame?: number;
  readonly base?: number;
  readonly granuleShift?: number;
  /** Events before the first. */
  readonly sequence?: number;
  /** Whether the last record says that the recorder was stopped. */
  readonly end?: boolean;
}

/** The frames of a recording. */
export function encodeFrames(events: readonly HeapEvent[], options: EncodeOptions = {}): Buffer[] {
  const { times = false, frame = 8, base = 0x2000_0000, granuleShift = 3, end = true } = options;
  const granule = 2 ** granuleShift;
  const frames: Buffer[] = [];
  let check = 0;
  let sequence = options.sequence ?? 0;
  let before = 0;
  for (let start = 0; start < Math.max(1, events.length); start += frame) {
    const piece = events.slice(start, start + frame);
    let time = piece[0]?.time ?? 0;
    const bytes: number[] = [0, 0x41, 0x47, 0x52];
    bytes.push(
      ...[1, (times ? 1 : 0) + 4, granuleShift, base, 1000, sequence, time, before, check].flatMap(leb),
    );
    let last = base;
    before = sequence;
    const step = (address: number): number => {
      const difference = (address - last) / granule;
      last = address;
      return difference >= 0 ? 2 * difference : -2 * difference - 1;
    };
    for (const event of piece) {
      if ("tag" in event) bytes.push(...[2 * 8 + 7, 1, Number(event.tag)].flatMap(leb));
      bytes.push(...recordOf(event, step).flatMap(leb));
      if (event.kind === "lost") sequence += event.count ?? 0;
      else {
        sequence++;
        if (times) bytes.push(...leb((event.time ?? time) - time));
        time = event.time ?? time;
      }
    }
    if (end && start + frame >= events.length) bytes.push(...[1 * 8 + 7, 0].flatMap(leb));
    frames.push(Buffer.from(bytes));
    before = sequence - before;
    check = bytes.slice(1).reduce((sum, byte) => (sum * 31 + byte) % 65536, 0);
  }
  return frames;
}

export const encodeRecording = (events: readonly HeapEvent[], options?: EncodeOptions): Buffer =>
  Buffer.concat(encodeFrames(events, options));

function recordOf(event: HeapEvent, step: (address: number) => number): readonly number[] {
  switch (event.kind) {
    case "malloc":
      return [event.size * 8, step(event.address)];
    case "free":
      return [step(event.address) * 8 + 1];
    case "calloc":
      return [event.size * 8 + 2, step(event.address)];
    case "aligned":
      return [event.size * 8 + 3, Math.log2(event.alignment), step(event.address)];
    case "realloc":
      return [event.size * 8 + 4, step(event.old), step(event.address)];
    case "failed":
      return [event.size * 8 + 5, ["malloc", "calloc", "aligned", "realloc"].indexOf(event.request)];
    case "lost":
      return [(event.count ?? 0) * 8 + 6];
    case "notice":
    case "restart":
    case "unreadable":
      throw new Error(`a recorder records no ${event.kind}`);
  }
}

/** LEB128 of one more than a number. */
function leb(number: number): number[] {
  const bytes: number[] = [];
  let rest = number + 1;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
