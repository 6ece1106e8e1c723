/** Where blocks lay during a workload, told by the reference. */
import { OperationCode, secondArgument, type HeapOperations } from "../traces/operation.js";
import type { BlockPictures } from "./pictures.js";

/** Follows blocks through a sequence of operations. */
export class BlockLives {
  readonly #from: number[] = [];
  readonly #to: Uint32Array;
  readonly #offset: number[] = [];
  readonly #bytes: number[] = [];
  readonly #tag: number[] = [];
  /** Number of the block that each operation got, from 1 on; 0: none. */
  readonly #blockOf: Uint32Array;
  readonly #failed: number[] = [];
  #live = 0;

  /**
   * @param freesByRealloc whether a realloc to 0 bytes that returns NULL has freed the block
   * @param tagMask the tag of malloc i is i, cut to these bits; 0: there are no tags
   */
  constructor(
    private readonly operations: HeapOperations,
    private readonly freesByRealloc: boolean,
    private readonly tagMask = 0,
  ) {
    this.#blockOf = new Uint32Array(operations.length);
    this.#to = new Uint32Array(operations.length);
  }

  /** Bytes asked for and not freed. */
  get liveBytes(): number {
    return this.#live;
  }

  /** The next operation. @param payload its outcome's offset, -1 for NULL */
  follow(index: number, payload: number): void {
    const argument = this.operations.argument[index] ?? 0;
    const kind = this.operations.kind[index];
    if (kind === OperationCode.free) {
      this.#end(argument, index);
      return;
    }
    const tag = this.#tagOf(index);
    const hasMoved = payload >= 0 || (argument === 0 && this.freesByRealloc);
    if (kind === OperationCode.realloc && hasMoved) this.#end(secondArgument(this.operations, index), index);
    if (payload >= 0) this.#begin(index, { payload, bytes: argument, tag });
    else if (argument > 0) this.#failed.push(index);
  }

  pictures(): { readonly blocks: BlockPictures; readonly failed: Uint32Array } {
    const blocks = {
      from: Uint32Array.from(this.#from),
      to: this.#to.slice(0, this.#from.length),
      offset: Uint32Array.from(this.#offset),
      bytes: Uint32Array.from(this.#bytes),
      ...(this.tagMask === 0 ? {} : { tag: Uint32Array.from(this.#tag) }),
    };
    return { blocks, failed: Uint32Array.from(this.#failed) };
  }

  /** What malloc is given; realloc keeps it, and other functions give none: 0. */
  #tagOf(index: number): number {
    const kind = this.operations.kind[index];
    if (kind === OperationCode.malloc) return (index & this.tagMask) >>> 0;
    if (kind !== OperationCode.realloc) return 0;
    const old = (this.#blockOf[secondArgument(this.operations, index)] ?? 0) - 1;
    return this.#tag[old] ?? 0;
  }

  #begin(
    index: number,
    { payload, bytes, tag }: { readonly payload: number; readonly bytes: number; readonly tag: number },
  ): void {
    // It lives to the end, until it is freed.
    this.#to[this.#from.length] = this.operations.length;
    this.#from.push(index);
    this.#offset.push(payload);
    this.#bytes.push(bytes);
    this.#tag.push(tag);
    this.#blockOf[index] = this.#from.length;
    this.#live += bytes;
  }

  #end(allocator: number, index: number): void {
    const block = (this.#blockOf[allocator] ?? 0) - 1;
    if (block < 0) return;
    this.#to[block] = index;
    this.#live -= this.#bytes[block] ?? 0;
    this.#blockOf[allocator] = 0;
  }
}
