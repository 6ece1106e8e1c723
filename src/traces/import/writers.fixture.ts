/** How devices write events in each format that can be imported, for tests. */
import type { HeapEvent } from "./event.js";

const hex = (address: number): string => `0x${address.toString(16)}`;

/** `@a ADDRESS SIZE` and the like, between other lines of a log. */
export function asTextLog(events: readonly HeapEvent[]): string {
  const lines = events.flatMap((event, index) => {
    const noise = index % 3 === 1 ? [`I (${index}) main: @home, 20 % at user@example.org`] : [];
    const at = event.time === undefined ? "" : `@t ${event.time} `;
    return [...noise, `${index % 2 === 0 ? "" : "I (12) heap: "}${at}${textMark(event)}`];
  });
  return `boot\r\n${lines.join("\n")}\n`;
}

function textMark(event: HeapEvent): string {
  switch (event.kind) {
    case "malloc":
      return `@a ${hex(event.address)} ${event.size}`;
    case "calloc":
      return `@c ${event.address.toString(16).toUpperCase()} ${event.size}`;
    case "aligned":
      return `@m ${hex(event.address)} ${event.alignment} ${event.size}`;
    case "realloc":
      return `@r ${hex(event.old)} ${hex(event.address)} ${event.size}`;
    case "free":
      return `@f ${hex(event.address)}`;
    case "failed":
      return `@a (nil) ${event.size}`;
    case "lost":
    case "notice":
    case "restart":
    case "unreadable":
      throw new Error(`a log has no ${event.kind}`);
  }
}

export function asFreertosLog(events: readonly HeapEvent[]): string {
  const lines = events.map((event) => {
    const at = event.time === undefined ? "" : `@t ${event.time} `;
    if (event.kind === "malloc") return `${at}traceMALLOC(${hex(event.address)}, ${event.size})`;
    if (event.kind === "free") return `${at}traceFREE(${hex(event.address)}, 24)`;
    if (event.kind === "failed") return `${at}traceMALLOC(0, ${event.size})`;
    throw new Error(`FreeRTOS has no ${event.kind}`);
  });
  return `${lines.join("\r\n")}\r\n`;
}

/** As where the caller is not known. */
export function asMtrace(events: readonly HeapEvent[]): string {
  const size = (bytes: number): string => (bytes === 0 ? "0" : hex(bytes));
  const lines = events.flatMap((event) => {
    switch (event.kind) {
      case "malloc":
        return [`+ ${hex(event.address)} ${size(event.size)}`];
      case "realloc":
        return [`< ${hex(event.old)}`, `> ${hex(event.address)} ${size(event.size)}`];
      case "free":
        return [`- ${hex(event.address)}`];
      case "failed":
        return [`+ (nil) ${size(event.size)}`];
      case "aligned":
      case "calloc":
      case "lost":
      case "notice":
      case "restart":
      case "unreadable":
        throw new Error(`mtrace has no ${event.kind}`);
    }
  });
  return ["= Start", ...lines, "= End", ""].join("\n");
}

/** Metadata as Zephyr writes it: of an event that says nothing of the heap, and of named events. */
export const ctfMetadata = (header: "narrow" | "wide"): string => `/* CTF 1.8 */
typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
typealias integer { size = 8; align = 8; signed = false; encoding = ASCII; } := ctf_bounded_string_t;
struct event_header {
	${header === "wide" ? "uint64_t" : "uint32_t"} timestamp;
	${header === "wide" ? "uint16_t" : "uint8_t"} id;
};
trace { major = 1; minor = 8; byte_order = le; };
stream { event.header := struct event_header; };
event {
	name = thread_switched_in;
	id = 0x11;
	fields := struct {
		uint32_t thread_id;
		ctf_bounded_string_t name[20];
	};
};
event {
	name = isr_enter;
	id = 0x1B;
};
event {
	name = named_event;
	id = 0x62;
	fields := struct {
		ctf_bounded_string_t name[20];
		uint32_t arg0;
		uint32_t arg1;
	};
};
`;

export function asCtf(events: readonly HeapEvent[], header: "narrow" | "wide"): Buffer {
  const bytes: number[] = [];
  const number = (value: number, size: number): void => {
    for (let index = 0; index < size; index++) bytes.push(Math.floor(value / 256 ** index) % 256);
  };
  const head = (time: number, id: number): void => {
    number(header === "wide" ? time : time % 2 ** 32, header === "wide" ? 8 : 4);
    number(id, header === "wide" ? 2 : 1);
  };
  const named = (time: number, name: string, address: number, size: number): void => {
    head(time, 0x62);
    bytes.push(...Buffer.from(name.padEnd(20, "\0")));
    number(address, 4);
    number(size, 4);
  };
  for (const [index, event] of events.entries()) {
    const time = event.time ?? 0;
    if (index % 3 === 0) {
      head(time, 0x11);
      number(0x2000_1000, 4);
      bytes.push(...Buffer.from("main".padEnd(20, "\0")));
      head(time, 0x1b);
    }
    switch (event.kind) {
      case "malloc":
        named(time, "heap_alloc", event.address, event.size);
        break;
      case "free":
        named(time, "heap_free", event.address, 24);
        break;
      case "failed":
        named(time, "heap_alloc", 0, event.size);
        break;
      case "realloc":
        // In place: lib/heap/heap.c tells of the new size, then of the old one.
        named(time, "heap_alloc", event.address, event.size);
        named(time, "heap_free", event.old, 24);
        break;
      case "aligned":
      case "calloc":
      case "lost":
      case "notice":
      case "restart":
      case "unreadable":
        throw new Error(`Zephyr has no ${event.kind}`);
    }
  }
  return Buffer.from(bytes);
}

/** A dump in mode "all": each record, and "freed by" behind those that were freed. */
export function asEspDump(events: readonly HeapEvent[]): string {
  const records: { readonly address: number; readonly size: number; freed: boolean }[] = [];
  for (const event of events) {
    if (event.kind === "malloc") records.push({ address: event.address, size: event.size, freed: false });
    if (event.kind === "free") {
      const record = records.findLast(({ address }) => address === event.address);
      if (record !== undefined) record.freed = true;
    }
  }
  const lines = records.flatMap(({ address, size, freed }, index) => {
    const line = `${String(size).padStart(6)} bytes (@ ${hex(address)}, Internal) allocated CPU 0 ccount 0x${(index * 4096).toString(16).padStart(8, "0")} caller 0x400d1f2c:0x400d2040`;
    return freed ? [line, "freed by 0x400d1f50:0x400d2044"] : [line];
  });
  return [
    `====== Heap Trace: ${records.length} records (100 capacity) ======`,
    ...lines,
    "====== Heap Trace Summary ======",
    "Mode: Heap Trace All",
    `total allocations: ${records.length}`,
    "================================",
    "",
  ].join("\n");
}
