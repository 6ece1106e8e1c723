/**
 * Comments of a trace that say something of the operations behind them: "# at: 1200", "# tag: net", "# failed: a 4000".
 * They are comments, so that a reader that knows nothing of them reads the same operations.
 */
import { printable } from "../printable.js";
import type { FailedRequest, TraceNotes } from "./operation.js";

const letterOf = { malloc: "a", calloc: "c", aligned: "m", realloc: "r" } as const;
type Request = FailedRequest["kind"];
const requests = Object.keys(letterOf) as readonly Request[];

/** Collects notes while operations are read or made, one after the other. */
export class NoteCollector {
  readonly #failed: FailedRequest[] = [];
  readonly #tags = new Map<number, string>();
  /** From the first time on, one for each operation. */
  readonly #times: number[] = [];
  #untimed = 0;
  #time: number | undefined;
  #tag: string | undefined;
  #count = 0;

  /** The next operation. */
  operation(): void {
    if (this.#tag !== undefined) this.#tags.set(this.#count, this.#tag);
    this.#tag = undefined;
    if (this.#time === undefined) this.#untimed++;
    else this.#times.push(this.#time);
    this.#count++;
  }

  /** What was asked for in vain before the next operation. @param size bytes */
  fail(kind: Request, size: number): void {
    this.#failed.push({ before: this.#count, kind, size });
  }

  /** The time in ticks from the next operation on; one that is before the last is taken for the last. */
  at(time: number): void {
    this.#time = Math.max(time, this.#time ?? time);
  }

  /** The tag of the next operation. */
  tag(text: string): void {
    this.#tag = text;
  }

  /** Takes a comment if it is a note. */
  take(key: string, value: string): boolean {
    switch (key) {
      case "at": {
        const time = Number(value);
        if (!/^\d+$/.test(value) || !Number.isSafeInteger(time)) return false;
        this.at(time);
        return true;
      }
      case "tag":
        this.tag(value);
        return true;
      case "failed": {
        const [, letter, size] = /^([acmr]) (\d{1,10})$/.exec(value) ?? [];
        const kind = requests.find((request) => letterOf[request] === letter);
        if (kind === undefined || !(Number(size) < 2 ** 32)) return false;
        this.fail(kind, Number(size));
        return true;
      }
      default:
        return false;
    }
  }

  /** Nothing where nothing was noted. */
  found(): { readonly notes?: TraceNotes } {
    const notes: TraceNotes = {
      ...(this.#times.length === 0 ? {} : { times: this.#allTimes() }),
      ...(this.#tags.size === 0 ? {} : { tags: this.#tags }),
      ...(this.#failed.length === 0 ? {} : { failed: this.#failed }),
    };
    return Object.keys(notes).length === 0 ? {} : { notes };
  }

  #allTimes(): Float64Array {
    const times = new Float64Array(this.#count).fill(NaN);
    times.set(this.#times, this.#untimed);
    return times;
  }
}

/** The comments of a trace's notes, in the order of its operations. */
export class NotePrinter {
  readonly #notes: TraceNotes;
  #nextFailed = 0;
  #time = NaN;

  constructor(notes: TraceNotes | undefined) {
    this.#notes = notes ?? {};
  }

  /** The lines before the operation of an index, or behind the last one, of which `index` is one more. */
  before(index: number): readonly string[] {
    const { times, tags, failed = [] } = this.#notes;
    const lines: string[] = [];
    const time = times?.[index] ?? NaN;
    if (!Number.isNaN(time) && time !== this.#time) {
      this.#time = time;
      lines.push(`# at: ${time}`);
    }
    for (
      let request = failed[this.#nextFailed];
      request?.before === index;
      request = failed[this.#nextFailed]
    ) {
      lines.push(`# failed: ${letterOf[request.kind]} ${request.size}`);
      this.#nextFailed++;
    }
    const tag = tags?.get(index);
    if (tag !== undefined) lines.push(`# tag: ${printable(tag)}`);
    return lines;
  }
}
