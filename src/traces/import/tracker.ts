/** From events by address to a trace's operations: what cannot be is named and mended, and the rest goes on. */
import { diagnose, type Diagnostic } from "../../diagnostics.js";
import { NoteCollector } from "../annotations.js";
import { BlockNumbers } from "../build.js";
import type { TraceNotes, TraceOperation } from "../operation.js";
import { FaultList } from "../parse.js";
import { placeText, type HeapEvent, type Place } from "./event.js";
import { LiveBlocks, type LiveBlock } from "./live-blocks.js";

/** What stands wrong in a recording, by kind: "import-live" and so on. */
export type FaultCounts = ReadonlyMap<Diagnostic["code"], number>;

/** Largest size of a request. */
const largestSize = 0xffffffff;

type Allocation = Extract<HeapEvent, { readonly kind: "malloc" | "calloc" | "aligned" }>;

export interface TrackerOptions {
  /** As messages name it. */
  readonly file: string;
  /** Bytes that each size in the recording has more than was asked for: a header that the allocator counts. */
  readonly headerBytes?: number;
  /** Whether a request that failed is made part of the trace, allocated and freed at once. */
  readonly keepFailed?: boolean;
}

export class Tracker {
  readonly operations: TraceOperation[] = [];
  readonly #counts = new Map<Diagnostic["code"], number>();
  readonly #faults: FaultList;
  readonly #notices: Diagnostic[] = [];
  readonly #notes = new NoteCollector();
  readonly #live = new LiveBlocks();
  /** Where each address was freed that is not live. */
  readonly #freed = new Map<number, Place>();
  readonly #ids = new BlockNumbers();
  #lost = 0;

  constructor(private readonly options: TrackerOptions) {
    this.#faults = new FaultList(options.file);
  }

  add(event: HeapEvent): void {
    if (event.time !== undefined) this.#notes.at(event.time);
    switch (event.kind) {
      case "malloc":
      case "calloc":
      case "aligned":
        this.#allocate({ ...event, size: this.#payload(event.size) });
        return;
      case "realloc":
        this.#reallocate({ ...event, size: this.#payload(event.size) });
        return;
      case "free":
        this.#freeAt(event.address, event.place);
        return;
      case "failed":
        this.#fail(event.request, Math.min(this.#payload(event.size), largestSize));
        return;
      case "lost":
        this.#lost += event.count ?? 0;
        this.#fault(event.place, diagnose("import-lost", { count: event.count }));
        return;
      case "restart":
        this.#restart(event.place);
        return;
      case "unreadable":
        this.#fault(event.place, diagnose("import-unreadable", { what: event.what }));
        return;
      case "notice":
        this.#notices.push(this.#placed(event.place, diagnose("import-unreadable", { what: event.what })));
    }
  }

  /** Events that are known to be lost. */
  get lost(): number {
    return this.#lost;
  }

  /** The first 20, and how many more there are. */
  get faults(): readonly Diagnostic[] {
    return this.#faults.all();
  }

  get faultCounts(): FaultCounts {
    return this.#counts;
  }

  get notices(): readonly Diagnostic[] {
    return this.#notices;
  }

  notes(): { readonly notes?: TraceNotes } {
    return this.#notes.found();
  }

  #allocate(event: Allocation): void {
    const { address, size, place } = event;
    if (!this.#canHold(size, place)) return;
    this.#makeRoom(address, size, place);
    const id = this.#take(address, size, place);
    if (event.tag !== undefined) this.#notes.tag(event.tag);
    if (event.kind === "aligned") {
      this.#push({ kind: "aligned", id, alignment: event.alignment, size });
    } else this.#push({ kind: event.kind, id, size });
  }

  #reallocate(event: Extract<HeapEvent, { readonly kind: "realloc" }>): void {
    const { old, address, size, place } = event;
    const block = this.#live.at(old);
    if (block === undefined) {
      this.#fault(place, diagnose("import-realloc-unknown", { address: hex(old) }));
      this.#allocate({ ...event, kind: "malloc" });
      return;
    }
    if (!this.#canHold(size, place)) return;
    this.#live.remove(block);
    this.#makeRoom(address, size, place);
    this.#live.add({ id: block.id, address, size, place });
    if (old !== address) this.#freed.set(old, place);
    this.#freed.delete(address);
    if (event.tag !== undefined) this.#notes.tag(event.tag);
    this.#push({ kind: "realloc", id: block.id, size });
  }

  #freeAt(address: number, place: Place): void {
    const block = this.#live.at(address);
    if (block !== undefined) {
      this.#free(block, place);
      return;
    }
    const around = this.#live.overlapping(address, 1);
    const before = this.#freed.get(address);
    if (around !== undefined) {
      const parameters = { block: hex(around.address), size: around.size, place: placeText(around.place) };
      this.#fault(place, diagnose("import-free-inside", { address: hex(address), ...parameters }));
    } else if (before !== undefined) {
      const parameters = { address: hex(address), place: placeText(before) };
      this.#fault(place, diagnose("import-free-twice", parameters));
    } else this.#fault(place, diagnose("import-free-unknown", { address: hex(address) }));
  }

  /** Frees what is live where a block is to be: its own free is lost. */
  #makeRoom(address: number, size: number, place: Place): void {
    for (;;) {
      const block = this.#live.overlapping(address, size);
      if (block === undefined) return;
      const where = placeText(block.place);
      const fault =
        block.address === address
          ? diagnose("import-live", { address: hex(address), place: where })
          : diagnose("import-overlap", {
              address: hex(address),
              size,
              block: hex(block.address),
              place: where,
            });
      this.#fault(place, fault);
      this.#free(block, place);
    }
  }

  #restart(place: Place): void {
    const blocks = this.#live.all();
    this.#fault(place, diagnose("import-restart", { live: blocks.length }));
    for (const block of blocks) this.#free(block, place);
    this.#freed.clear();
  }

  #fail(request: "malloc" | "calloc" | "aligned" | "realloc", size: number): void {
    if (this.options.keepFailed !== true) {
      this.#notes.fail(request, size);
      return;
    }
    const id = this.#ids.take();
    this.#push({ kind: request === "calloc" ? "calloc" : "malloc", id, size });
    this.#push({ kind: "free", id });
    this.#ids.giveBack(id);
  }

  #take(address: number, size: number, place: Place): number {
    const id = this.#ids.take();
    this.#live.add({ id, address, size, place });
    this.#freed.delete(address);
    return id;
  }

  #free(block: LiveBlock, place: Place): void {
    this.#live.remove(block);
    this.#freed.set(block.address, place);
    this.#ids.giveBack(block.id);
    this.#push({ kind: "free", id: block.id });
  }

  #push(operation: TraceOperation): void {
    this.#notes.operation();
    this.operations.push(operation);
  }

  #payload(size: number): number {
    return Math.max(0, size - (this.options.headerBytes ?? 0));
  }

  #canHold(size: number, place: Place): boolean {
    if (size <= largestSize) return true;
    this.#fault(place, diagnose("import-size", { size }));
    return false;
  }

  #fault(place: Place, fault: Diagnostic): void {
    this.#counts.set(fault.code, (this.#counts.get(fault.code) ?? 0) + 1);
    const { line, message } = this.#placed(place, fault);
    this.#faults.add(line, { ...fault, message });
  }

  /** Lines are a diagnostic's own; bytes are told in its message. */
  #placed(place: Place, fault: Diagnostic): Diagnostic {
    const { file } = this.options;
    if ("line" in place) return { ...fault, file, line: place.line };
    return { ...fault, file, message: `${placeText(place)}: ${fault.message}` };
  }
}

const hex = (address: number): string => `0x${address.toString(16)}`;
