/** Replays handed to another thread in order, no further ahead than there is memory for what they find. */

/** What is handed over. */
export interface Waiting {
  /** Operations. */
  readonly length: number;
  readonly begin: () => void;
}

/** Operations that are replayed and that nobody has looked at: each is kept in 60 bytes. */
const mostAhead = 2_000_000;

export class Handover {
  readonly #waiting: Waiting[] = [];
  #ahead = 0;

  constructor(private readonly most = mostAhead) {}

  /** It begins behind those that were added before, at once where there is room. */
  add(replay: Waiting): void {
    this.#waiting.push(replay);
    this.#beginNext();
  }

  /** Its turn has come: one that was not begun by now is never. @returns whether it was begun */
  take(replay: Waiting): boolean {
    const index = this.#waiting.indexOf(replay);
    if (index < 0) return true;
    this.#waiting.splice(0, index + 1);
    this.#beginNext();
    return false;
  }

  /** One that was begun is not needed any more. */
  done({ length }: Waiting): void {
    this.#ahead -= length;
    this.#beginNext();
  }

  #beginNext(): void {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      if (this.#ahead + next.length > this.most) return;
      this.#ahead += next.length;
      this.#waiting.shift();
      next.begin();
    }
  }
}
