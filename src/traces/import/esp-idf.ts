/**
 * What ESP-IDF's heap_trace_dump() prints (heap_trace_dump_base in components/heap/heap_trace_standalone.c): a line for
 * each record, `%6d bytes (@ %p, Internal) allocated CPU %d ccount 0x%08x caller %p:%p`, and after one that was freed
 * while all was traced, a line `freed by %p:%p`. Records stand in the order of the allocations. When a block was freed
 * is not recorded: each free is put as late as it can be, before the first allocation that needs its memory, or at
 * the end. A realloc is recorded as a free and an allocation.
 */
import type { HeapEvent, Place } from "./event.js";
import { linesOf } from "./lines.js";
import { LiveBlocks } from "./live-blocks.js";
import { addressPattern, parseAddress, parseCount } from "./numbers.js";
import { countLines, type Importer } from "./source.js";

const record = new RegExp(
  String.raw`(\d+) bytes \(@ (${addressPattern})(?:,\s*\w+)?\) allocated CPU \d+ ccount 0x[0-9a-f]+ caller ?([0-9a-fx:]*)`,
  "i",
);
const begun = /\d+ bytes \(@ /;
const freed = new RegExp(String.raw`\bfreed by (${addressPattern})`, "i");
const total = /\btotal (allocations|frees): (\d+)/;
const overflowed = /Internal Buffer has overflowed/i;

interface Record {
  readonly address: number;
  readonly size: number;
  readonly tag: string | undefined;
  readonly place: Place;
}

export const espIdf: Importer = {
  name: "esp-idf",
  holds:
    'lines such as "    16 bytes (@ 0x3ffb1234, Internal) allocated CPU 0 ccount 0x0a1b2c3c caller 0x400d1234"',
  recognise: (source) => countLines(source, record),
  *events({ pieces }) {
    const freeable = new Freeable();
    let records = 0;
    let last: Record | undefined;
    for (const { text, number, ended } of linesOf(pieces())) {
      const place = { line: number };
      const isFree = freed.test(text);
      if (last !== undefined && (isFree || begun.test(text) || text.includes("===="))) {
        yield* freeable.allocate(last, isFree);
        last = undefined;
      }
      const found = record.exec(text);
      if (found !== null) {
        records++;
        last = recordOf(found, place);
      } else if (begun.test(text)) {
        const what = ended
          ? "found a record that cannot be read (allowed: what heap_trace_dump prints)"
          : "the file ends within a record, which is left out";
        yield { kind: "unreadable", place, what };
      }
      yield* lossOf(text, place, records);
    }
    if (last !== undefined) yield* freeable.allocate(last, false);
    yield* freeable.rest();
  },
};

function recordOf([, bytes, where, callers]: RegExpExecArray, place: Place): Record {
  const tag = callers?.split(":")[0];
  return {
    size: parseCount(bytes) ?? 0,
    address: parseAddress(where) ?? 0,
    tag: tag === "" ? undefined : tag,
    place,
  };
}

/** What the dump says of records it does not have. */
function* lossOf(text: string, place: Place, records: number): Generator<HeapEvent> {
  if (overflowed.test(text)) {
    const what =
      "the device's buffer was full: its oldest records are gone, and with them blocks that may still be live";
    yield { kind: "notice", place, what };
  }
  const [, which, word] = total.exec(text) ?? [];
  const count = parseCount(word) ?? 0;
  if (which === "allocations" && count > records) {
    const what = `${count} allocations were traced, and ${records} are in the dump: the others were freed (mode leaks), or are lost`;
    yield { kind: "notice", place, what };
  }
}

/** Blocks whose free is known, and not its time. */
class Freeable {
  readonly #blocks = new LiveBlocks();
  #count = 0;

  /** The allocation of a record, after the frees of what was in its place. */
  *allocate({ address, size, tag, place }: Record, isFreed: boolean): Generator<HeapEvent> {
    for (;;) {
      const block = this.#blocks.overlapping(address, size);
      if (block === undefined) break;
      this.#blocks.remove(block);
      yield { kind: "free", address: block.address, place };
    }
    yield { kind: "malloc", address, size, place, ...(tag === undefined ? {} : { tag }) };
    if (isFreed) this.#blocks.add({ id: this.#count++, address, size, place });
  }

  /** The frees that nothing needed, in the order of their allocations. */
  *rest(): Generator<HeapEvent> {
    for (const { address, place } of this.#blocks.all().toSorted((left, right) => left.id - right.id)) {
      yield { kind: "free", address, place };
    }
  }
}
