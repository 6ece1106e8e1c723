/** Which parts of an image something was written in. */

/** Bytes of a page: an image is compared, and cleared, by the pages that something was written in. */
export const pageBytes = 4096;

export class Pages {
  readonly #isTouched: Uint8Array;
  #touched: number[] = [];

  constructor(imageBytes: number) {
    this.#isTouched = new Uint8Array(Math.ceil(imageBytes / pageBytes));
  }

  touch(offset: number, width: number): void {
    this.#add(Math.floor(offset / pageBytes));
    this.#add(Math.floor((offset + width - 1) / pageBytes));
  }

  /** Those touched, in their order: none is from now on. */
  take(): readonly number[] {
    const taken = this.#touched.sort((left, right) => left - right);
    for (const page of taken) this.#isTouched[page] = 0;
    this.#touched = [];
    return taken;
  }

  #add(page: number): void {
    if (this.#isTouched[page] === 1) return;
    this.#isTouched[page] = 1;
    this.#touched.push(page);
  }
}
