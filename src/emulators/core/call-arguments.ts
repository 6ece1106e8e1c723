/** What a call is given, and the words that stand for it: buffers are memory of their own. */
import { roundUp } from "../../units.js";
import { pageBytes } from "../image-regions.js";
import { Permission, type Processor } from "./processor.js";

/** A number, or the address of a buffer. */
export type CallArgument =
  | { readonly kind: "number"; readonly value: number }
  /** A buffer with these bytes, so many behind a multiple of a page. */
  | { readonly kind: "buffer"; readonly data: Uint8Array; readonly offset?: number }
  /** A buffer of words: numbers, and addresses of other buffers. */
  | { readonly kind: "words"; readonly words: readonly CallArgument[] }
  /** What the argument with that index of the call itself is: a call before it is given the same buffer. */
  | { readonly kind: "same"; readonly index: number }
  /** What the call before it returned. */
  | { readonly kind: "returned" };

const readWrite = Permission.read | Permission.write;

/** Places buffers one after the other, each at the start of a page, and a page that is not mapped behind it. */
export class ArgumentMemory {
  constructor(
    private readonly processor: Processor,
    private next: number,
  ) {}

  /**
   * The words of a call's arguments; undefined is what the call before it returned.
   * @param own words of the call itself, for what stands for one of them
   */
  place(
    given: readonly CallArgument[],
    own: readonly (number | undefined)[],
  ): readonly (number | undefined)[] {
    return given.map((argument) => this.#word(argument, own));
  }

  #word(argument: CallArgument, own: readonly (number | undefined)[]): number | undefined {
    switch (argument.kind) {
      case "number":
        return argument.value >>> 0;
      case "buffer":
        return this.#map(argument.data, argument.offset ?? 0);
      case "words": {
        const words = argument.words.map((word) => this.#word(word, own) ?? 0);
        return this.#map(new Uint8Array(Uint32Array.from(words).buffer), 0);
      }
      case "same":
        return own[argument.index];
      case "returned":
        return undefined;
    }
  }

  #map(data: Uint8Array, offset: number): number {
    const at = this.next;
    const bytes = roundUp(Math.max(1, offset + data.length), pageBytes);
    this.processor.map(at, bytes, readWrite).set(data, offset);
    this.next += bytes + pageBytes;
    return at + offset;
  }
}
