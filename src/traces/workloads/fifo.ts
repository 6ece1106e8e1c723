import type { TraceOperation } from "../operation.js";
import { clampSize, liveLimit, sizeScale, type Workload } from "./workload.js";

/** Full frames, middling ones and acknowledgements: bytes in a heap of 64 KiB, and the share of each. */
const kinds = [
  { bytes: 1500, share: 0.2 },
  { bytes: 300, share: 0.3 },
  { bytes: 64, share: 0.5 },
] as const;

/** Three queues, each first in, first out, like the buffers of a network stack; 60 % of the heap live at most. */
export const fifo: Workload = function* (parameters, random) {
  const scale = sizeScale(parameters, 64 * 1024);
  const limit = liveLimit(parameters);
  const queues = kinds.map(({ bytes }) => new Queue(clampSize(Math.max(1, bytes * scale), parameters)));
  const arrivingQueue = () => {
    const drawn = random.unit();
    let sum = 0;
    return queues[kinds.findIndex(({ share }) => (sum += share) > drawn)] ?? queues[0];
  };
  let live = 0;
  let nextId = 0;
  for (;;) {
    const queue = arrivingQueue();
    if (queue === undefined) throw new Error("there are three queues");
    while (live > 0 && live + queue.size > limit) {
      const waiting = queues.filter(({ length }) => length > 0);
      const served = waiting[random.below(waiting.length)];
      if (served === undefined) break;
      live -= served.size;
      yield served.leave();
    }
    live += queue.size;
    yield queue.enter(nextId++);
  }
};

class Queue {
  #ids: number[] = [];
  #first = 0;

  constructor(readonly size: number) {}

  get length(): number {
    return this.#ids.length - this.#first;
  }

  enter(id: number): TraceOperation {
    this.#ids.push(id);
    return { kind: "malloc", id, size: this.size };
  }

  leave(): TraceOperation {
    const id = this.#ids[this.#first++] ?? 0;
    // Shifting each time would cost the length of the queue.
    if (this.#first > 1024) {
      this.#ids = this.#ids.slice(this.#first);
      this.#first = 0;
    }
    return { kind: "free", id };
  }
}
