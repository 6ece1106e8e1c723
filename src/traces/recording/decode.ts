/** From the bytes of a recording to events. */
import type { HeapEvent } from "../import/event.js";
import { findFrames, oldestFrame, type Frame, type Frames, type Gap } from "./frames.js";
import { Extension, RecordKind, requests } from "./layout.js";
import { NumberReader, unzigzag } from "./numbers.js";

/** What a frame says, and how it ends. */
interface FrameContent {
  readonly events: readonly HeapEvent[];
  /** Events that it accounts for, those that it says are lost included. */
  readonly count: number;
  readonly end: "complete" | "cut" | "malformed" | "stopped";
  /** Offset behind the last record that could be read. */
  readonly readTo: number;
}

const sequenceModulus = 2 ** 32;

/** A dumped ring is turned so that its oldest frame comes first, and what it says of offsets is turned back. */
export function* decodeRecording(bytes: Buffer): Generator<HeapEvent> {
  const found = findFrames(bytes);
  const oldest = oldestFrame(found.frames);
  if (oldest === 0) {
    yield* decodeInOrder(bytes, found, (offset) => offset);
    return;
  }
  const turned = Buffer.concat([bytes.subarray(oldest), bytes.subarray(0, oldest)]);
  const where = (offset: number): number => (offset + oldest) % bytes.length;
  for (const event of decodeInOrder(turned, findFrames(turned), where)) {
    yield "byte" in event.place ? { ...event, place: { byte: where(event.place.byte) } } : event;
  }
}

/**
 * Frames that are damaged, as their check says, are left out, and count as lost; what is missing between frames as well.
 * Of the last frame, which has no check yet, all is taken that can be read.
 *
 * @param where what an offset is in the file
 */
function* decodeInOrder(
  bytes: Buffer,
  { frames, gaps }: Frames,
  where: (offset: number) => number,
): Generator<HeapEvent> {
  yield* gaps.map((gap) => tellGap(gap, where));
  let stopped = false;
  let expected: number | undefined;
  for (const [index, frame] of frames.entries()) {
    yield* tellMissing(frame, expected);
    const { sequence } = frame.head;
    const next = frames[index + 1];
    if (next !== undefined && isBefore(frame, next) && next.head.check !== frame.check) {
      const what = `the frame of bytes ${where(frame.start)} to ${where(frame.end)} is damaged, and left out`;
      yield { kind: "unreadable", place: { byte: frame.start }, what };
      expected = sequence;
      continue;
    }
    const content = readFrame(bytes, frame);
    expected = (sequence + content.count) % sequenceModulus;
    yield* content.events;
    stopped = content.end === "stopped";
    if (content.end === "cut" && next === undefined) {
      const what = "the recording ends within a record, which is left out";
      yield { kind: "notice", place: { byte: content.readTo }, what };
      return;
    }
    if (content.end === "cut" || content.end === "malformed") {
      const what = `bytes ${where(content.readTo)} to ${where(frame.end)} cannot be read`;
      yield { kind: "unreadable", place: { byte: content.readTo }, what };
    }
  }
  if (frames.length > 0 && !stopped) {
    const what = "the recording was not stopped: what happened behind its last byte is not known";
    yield { kind: "notice", place: { byte: frames.at(-1)?.end ?? 0 }, what };
  }
}

/** Whether the check in a frame's head is that of another. */
const isBefore = ({ head }: Frame, next: Frame): boolean =>
  next.head.sequence !== 0 && (head.sequence + next.head.before) % sequenceModulus === next.head.sequence;

/** What is not there between a frame and the one before. @param expected its sequence if nothing is missing */
function* tellMissing({ start, head }: Frame, expected: number | undefined): Generator<HeapEvent> {
  const { sequence } = head;
  const place = { byte: start };
  if (sequence === expected) return;
  if (expected === undefined) {
    if (sequence === 0) return;
    const what = `the recording begins after ${sequence} events: blocks that were allocated before are not known`;
    yield { kind: "notice", place, what };
  } else if (sequence === 0) yield { kind: "restart", place };
  else {
    const count = (sequence - expected + sequenceModulus) % sequenceModulus;
    yield { kind: "lost", place, count: count < sequenceModulus / 2 ? count : undefined };
  }
}

/** What the frames say of the whole, for the trace's header. */
export function recordingHeader(bytes: Buffer): ReadonlyMap<string, string> {
  const head = findFrames(bytes).frames[0]?.head;
  if (head === undefined) return new Map();
  return new Map([
    ["pointer_bytes", String(2 ** (head.flags >> 1))],
    ["granule", String(2 ** head.granuleShift)],
    ...(head.clockHz > 0 ? ([["clock_hz", String(head.clockHz)]] as const) : []),
  ]);
}

function tellGap(gap: Gap, where: (offset: number) => number): HeapEvent {
  const place = { byte: gap.start };
  const [start, end, kind] = [where(gap.start), where(gap.end), gap.kind];
  switch (kind) {
    case "tail":
      return { kind: "notice", place, what: `bytes ${start} to ${end} are not within a frame, and left out` };
    case "cut":
      return {
        kind: "notice",
        place,
        what: `the frame at byte ${start} ends within its head, and is left out`,
      };
    case "malformed":
      return { kind: "unreadable", place, what: `the head of the frame at byte ${start} cannot be read` };
    case "version":
      return {
        kind: "unreadable",
        place,
        what: `the frame at byte ${start} is of another version of the format than 1, or damaged`,
      };
  }
}

function readFrame(bytes: Buffer, { head, records, end }: Frame): FrameContent {
  return new FrameReader(new NumberReader(bytes, records, end), head).read();
}

/** Undefined is what a record gives that is cut or malformed. */
class FrameReader {
  readonly #events: HeapEvent[] = [];
  readonly #granule: number;
  readonly #highest: number;
  #address: number;
  #time: number;
  #count = 0;
  #tag: number | undefined;
  #stopped = false;

  constructor(
    private readonly reader: NumberReader,
    private readonly head: Frame["head"],
  ) {
    this.#granule = 2 ** head.granuleShift;
    this.#highest = Math.min(2 ** (8 * 2 ** (head.flags >> 1)) - 1, Number.MAX_SAFE_INTEGER);
    this.#address = head.base;
    this.#time = head.time;
  }

  read(): FrameContent {
    const { reader } = this;
    let readTo = reader.at;
    while (!reader.isAtEnd && !this.#stopped) {
      if (!this.#record()) {
        return { events: this.#events, count: this.#count, end: reader.fault ?? "malformed", readTo };
      }
      readTo = reader.at;
    }
    return { events: this.#events, count: this.#count, end: this.#stopped ? "stopped" : "complete", readTo };
  }

  #record(): boolean {
    const { reader } = this;
    const place = { byte: reader.at };
    const word = reader.next();
    if (word === undefined) return false;
    const [kind, value] = [word % 8, Math.floor(word / 8)];
    if (kind === RecordKind.lost) {
      this.#events.push({ kind: "lost", place, count: value });
      this.#count += value;
      return true;
    }
    if (kind === RecordKind.extension) return this.#extension(value);
    const before = this.#address;
    const event = this.#event(kind, value, place);
    const time = event === undefined ? undefined : this.#timeBehind();
    if (event === undefined || time === undefined) {
      this.#address = before;
      return false;
    }
    this.#count++;
    this.#events.push({
      ...event,
      ...time,
      ...(event.kind === "free" || event.kind === "failed" ? {} : this.#takeTag()),
    });
    this.#tag = undefined;
    return true;
  }

  #event(kind: number, value: number, place: { readonly byte: number }): HeapEvent | undefined {
    switch (kind) {
      case RecordKind.malloc:
      case RecordKind.calloc: {
        const address = this.#nextAddress();
        if (address === undefined) return undefined;
        return { kind: kind === RecordKind.calloc ? "calloc" : "malloc", address, size: value, place };
      }
      case RecordKind.free: {
        const address = this.#addressAt(value);
        return address === undefined ? undefined : { kind: "free", address, place };
      }
      case RecordKind.aligned: {
        const shift = this.reader.next();
        const address = this.#nextAddress();
        if (address === undefined || shift === undefined || shift > 31) return undefined;
        return { kind: "aligned", alignment: 2 ** shift, address, size: value, place };
      }
      case RecordKind.realloc: {
        const old = this.#nextAddress();
        const address = old === undefined ? undefined : this.#nextAddress();
        if (old === undefined || address === undefined) return undefined;
        return { kind: "realloc", old, address, size: value, place };
      }
      default: {
        const request = requests[this.reader.next() ?? -1];
        return request === undefined ? undefined : { kind: "failed", request, size: value, place };
      }
    }
  }

  #nextAddress(): number | undefined {
    const value = this.reader.next();
    return value === undefined ? undefined : this.#addressAt(value);
  }

  /** So many granules from the address before. */
  #addressAt(zigzag: number): number | undefined {
    const address = this.#address + unzigzag(zigzag) * this.#granule;
    if (!(address >= 0 && address <= this.#highest)) return undefined;
    this.#address = address;
    return address;
  }

  #timeBehind(): { readonly time?: number } | undefined {
    if (this.head.flags % 2 === 0) return {};
    const ticks = this.reader.next();
    if (ticks === undefined) return undefined;
    this.#time += ticks;
    return { time: this.#time };
  }

  #takeTag(): { readonly tag?: string } {
    return this.#tag === undefined ? {} : { tag: String(this.#tag) };
  }

  /** Those that are not known are left out: they say how long they are. */
  #extension(which: number): boolean {
    const count = this.reader.next();
    if (count === undefined || count > 255) return false;
    for (let index = 0; index < count; index++) {
      const value = this.reader.next();
      if (value === undefined) return false;
      if (which === Extension.tag && index === 0) this.#tag = value;
    }
    if (which === Extension.end) this.#stopped = true;
    return true;
  }
}
