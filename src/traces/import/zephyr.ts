/**
 * Heap events in a CTF stream of Zephyr, read by the metadata that comes with it. Zephyr's own metadata
 * (subsys/tracing/ctf/tsdl/metadata) has no heap events, so docs/traces.md has an application send them as named events
 * (sys_trace_named_event of include/zephyr/tracing/tracing.h: a name and two numbers) from heap listeners
 * (include/zephyr/sys/heap_listener.h): "heap_alloc" and "heap_free", address and bytes. Metadata with events of these
 * names of its own is read as well. In lib/heap/heap.c a listener is told of a block that is resized in place as an
 * allocation of the live address, then a free of it.
 */
import type { CtfEvent, CtfField, CtfMetadata } from "./ctf-metadata.js";
import { parseCtfMetadata, sizeOfFields } from "./ctf-metadata.js";
import type { HeapEvent } from "./event.js";
import { wholeOf, type Importer } from "./source.js";

export const zephyr: Importer = {
  name: "zephyr",
  holds:
    "named events heap_alloc and heap_free (docs/traces.md says how they are sent), and its metadata beside it or in --metadata",
  recognise: ({ metadata, head }) => {
    const described = metadata === undefined ? undefined : parseCtfMetadata(metadata);
    return described === undefined ? 0 : countEvents(head, described);
  },
  *events(source) {
    const described = source.metadata === undefined ? undefined : parseCtfMetadata(source.metadata);
    if (described === undefined) {
      const what = "the metadata of the stream is missing, or is not what Zephyr writes";
      yield { kind: "unreadable", place: { byte: 0 }, what };
      return;
    }
    yield* joinResizes(new Stream(wholeOf(source), described).heapEvents());
  },
  // Zephyr's CTF times are nanoseconds (CTF_EVENT in subsys/tracing/ctf/ctf_top.h).
  header: () => new Map([["clock_hz", "1000000000"]]),
};

function countEvents(head: Uint8Array, described: CtfMetadata): number {
  const stream = new Stream(Buffer.from(head.buffer, head.byteOffset, head.byteLength), described);
  let count = 0;
  for (const { kind } of stream.heapEvents()) if (kind !== "unreadable" && kind !== "notice") count++;
  return count;
}

/** Events in a row that must be known, with times that do not fall, for a place to be taken for the start of one. */
const convincing = 4;

class Stream {
  readonly #headerBytes: number;
  #time = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly described: CtfMetadata,
  ) {
    this.#headerBytes = sizeOfFields(described.header);
  }

  *heapEvents(): Generator<HeapEvent> {
    for (let at = 0; at < this.bytes.length;) {
      const event = this.#eventAt(at);
      if (event === undefined) {
        const next = this.#nextEvent(at + 1);
        const place = { byte: at };
        if (this.#endsWithin(at)) {
          yield { kind: "notice", place, what: "the file ends within an event, which is left out" };
        } else {
          yield { kind: "unreadable", place, what: `bytes ${at} to ${next} are no events of the metadata` };
        }
        at = next;
        continue;
      }
      const fields = at + this.#headerBytes;
      const time = this.#timeAt(at);
      const found = this.#heapEvent(event, fields, {
        place: { byte: at },
        ...(time === undefined ? {} : { time }),
      });
      if (found !== undefined) yield found;
      at = fields + sizeOfFields(event.fields);
    }
  }

  /** The event at an offset, if it is known and whole. */
  #eventAt(at: number): CtfEvent | undefined {
    if (at + this.#headerBytes > this.bytes.length) return undefined;
    const event = this.described.events.get(this.#number(this.described.header, "id", at) ?? -1);
    if (event === undefined) return undefined;
    return at + this.#headerBytes + sizeOfFields(event.fields) <= this.bytes.length ? event : undefined;
  }

  #endsWithin(at: number): boolean {
    if (at + this.#headerBytes > this.bytes.length) return true;
    return this.described.events.has(this.#number(this.described.header, "id", at) ?? -1);
  }

  /** Where events begin again, or the end. */
  #nextEvent(from: number): number {
    for (let at = from; at < this.bytes.length; at++) if (this.#convinces(at)) return at;
    return this.bytes.length;
  }

  #convinces(from: number): boolean {
    let at = from;
    let before = -1;
    for (let count = 0; count < convincing; count++) {
      if (at === this.bytes.length) return count > 0;
      const event = this.#eventAt(at);
      if (event === undefined) return false;
      const time = this.#number(this.described.header, "timestamp", at) ?? 0;
      if (time < before) return false;
      before = time;
      at += this.#headerBytes + sizeOfFields(event.fields);
    }
    return true;
  }

  /** Nanoseconds from the first event's on: a time of 32 bits begins again every 4.3 seconds. */
  #timeAt(at: number): number | undefined {
    const read = this.#number(this.described.header, "timestamp", at);
    if (read === undefined) return undefined;
    const bits = (this.described.header.find(({ name }) => name === "timestamp")?.bytes ?? 8) * 8;
    if (bits > 32) return read;
    const period = 2 ** bits;
    const high = Math.floor(this.#time / period) * period;
    this.#time = high + read >= this.#time ? high + read : high + period + read;
    return this.#time;
  }

  #heapEvent(
    { name, fields }: CtfEvent,
    at: number,
    told: { readonly place: { readonly byte: number }; readonly time?: number },
  ): HeapEvent | undefined {
    const isNamed = name === "named_event";
    const what = isNamed ? this.#text(fields, "name", at) : name;
    const address = isNamed ? this.#number(fields, "arg0", at) : this.#first(fields, addressNames, at);
    const size = isNamed ? this.#number(fields, "arg1", at) : this.#first(fields, sizeNames, at);
    switch (what) {
      case "heap_alloc":
        if (address === undefined || size === undefined) return undefined;
        if (address === 0) return { kind: "failed", request: "malloc", size, ...told };
        return { kind: "malloc", address, size, ...told };
      case "heap_free":
        return address === undefined || address === 0 ? undefined : { kind: "free", address, ...told };
      default:
        return undefined;
    }
  }

  #first(fields: readonly CtfField[], names: readonly string[], at: number): number | undefined {
    const name = names.find((wanted) => fields.some((field) => field.name === wanted));
    return name === undefined ? undefined : this.#number(fields, name, at);
  }

  /** Undefined where there is no such number, or it is beyond 2^53 - 1. */
  #number(fields: readonly CtfField[], wanted: string, start: number): number | undefined {
    let at = start;
    for (const { name, bytes, count } of fields) {
      if (name === wanted && count === 1) {
        const read = this.described.littleEndian ? this.#littleEndian(at, bytes) : this.#bigEndian(at, bytes);
        return Number.isSafeInteger(read) ? read : undefined;
      }
      at += bytes * count;
    }
    return undefined;
  }

  #littleEndian(at: number, bytes: number): number {
    let value = 0;
    for (let index = bytes - 1; index >= 0; index--) value = value * 256 + (this.bytes[at + index] ?? 0);
    return value;
  }

  #bigEndian(at: number, bytes: number): number {
    let value = 0;
    for (let index = 0; index < bytes; index++) value = value * 256 + (this.bytes[at + index] ?? 0);
    return value;
  }

  #text(fields: readonly CtfField[], wanted: string, start: number): string {
    let at = start;
    for (const { name, bytes, count } of fields) {
      if (name === wanted) return this.bytes.toString("latin1", at, at + bytes * count).replace(/\0.*$/s, "");
      at += bytes * count;
    }
    return "";
  }
}

const addressNames = ["address", "addr", "mem", "ptr"] as const;
const sizeNames = ["bytes", "size"] as const;

/** Makes a realloc of an allocation of a live address that a free of the same address follows. */
function* joinResizes(events: Iterable<HeapEvent>): Generator<HeapEvent> {
  const live = new Set<number>();
  let held: Extract<HeapEvent, { readonly kind: "malloc" | "calloc" }> | undefined;
  for (const event of events) {
    if (held !== undefined) {
      const { address, size, place, time } = held;
      held = undefined;
      if (event.kind === "free" && event.address === address) {
        yield {
          kind: "realloc",
          old: address,
          address,
          size,
          place,
          ...(time === undefined ? {} : { time }),
        };
        continue;
      }
      yield { kind: "malloc", address, size, place, ...(time === undefined ? {} : { time }) };
    }
    if (event.kind === "malloc" && live.has(event.address)) {
      held = event;
      continue;
    }
    if (event.kind === "malloc") live.add(event.address);
    if (event.kind === "free") live.delete(event.address);
    yield event;
  }
  if (held !== undefined) yield held;
}
