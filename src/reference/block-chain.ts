/** Blocks in address order: they tile the heap from its first block on. */
import type { Plan } from "../plan/plan.js";
import { endOf, type Block } from "./block.js";

export class BlockChain {
  first: Block | undefined;
  last: Block | undefined;
  /** By granule number of the payload. */
  private readonly byPayload: (Block | undefined)[] = [];

  constructor(readonly plan: Plan) {}

  private key(payload: number): number {
    return payload / this.plan.granuleBytes;
  }

  payloadOf(block: Block): number {
    return block.start + this.plan.header.bytes;
  }

  /** The block in use whose payload this is. @throws Error where there is none. */
  inUse(payload: number): Block {
    const block = this.byPayload[this.key(payload)];
    if (block === undefined || block.free || block.quick) {
      throw new Error(`no block in use has its payload at ${payload}`);
    }
    return block;
  }

  /** A new block behind the last one. */
  append(start: number, size: number, free: boolean): Block {
    const block: Block = {
      start,
      size,
      free,
      requestBytes: 0,
      tag: 0,
      left: this.last,
      right: undefined,
      slot: 0,
      quick: false,
    };
    if (this.last === undefined) this.first = block;
    else this.last.right = block;
    this.last = block;
    this.byPayload[this.key(this.payloadOf(block))] = block;
    return block;
  }

  /** Take the last block away. */
  removeLast(): void {
    const block = this.last;
    if (block === undefined) throw new Error("no block to remove");
    this.byPayload[this.key(this.payloadOf(block))] = undefined;
    this.last = block.left;
    if (block.left === undefined) this.first = undefined;
    else block.left.right = undefined;
  }

  /** Cut `block` to `size` bytes; what is left becomes a free block, which is returned. */
  split(block: Block, size: number): Block {
    const rest: Block = {
      start: block.start + size,
      size: block.size - size,
      free: true,
      requestBytes: 0,
      tag: 0,
      left: block,
      right: block.right,
      slot: 0,
      quick: false,
    };
    if (block.right === undefined) this.last = rest;
    else block.right.left = rest;
    block.right = rest;
    block.size = size;
    this.byPayload[this.key(this.payloadOf(rest))] = rest;
    return rest;
  }

  /** `left` takes the bytes of its right neighbour, which ceases to exist. */
  join(left: Block, right: Block): void {
    left.size += right.size;
    left.right = right.right;
    if (right.right === undefined) this.last = left;
    else right.right.left = left;
    this.byPayload[this.key(this.payloadOf(right))] = undefined;
  }

  /** Merge all free blocks that touch; the free blocks there are then, by address. */
  mergeFree(): Block[] {
    const free: Block[] = [];
    for (const block of this.blocks()) {
      if (!block.free) continue;
      while (block.right?.free === true) this.join(block, block.right);
      free.push(block);
    }
    return free;
  }

  *blocks(): Generator<Block> {
    for (let block = this.first; block !== undefined; block = block.right) yield block;
  }

  /** Whether a request is one the heap answers at all. */
  serves(size: number): boolean {
    return size <= this.plan.maximumRequestBytes && (size > 0 || this.plan.zeroSize === "unique");
  }

  /** @throws Error unless the blocks tile the heap from the first block to `end`. */
  checkTiling(end: number): void {
    let expected: number = this.plan.firstBlock;
    let left: Block | undefined;
    for (const block of this.blocks()) {
      if (block.start !== expected) throw new Error(`a block at ${block.start}, expected at ${expected}`);
      if (block.size < this.plan.minimumBlockBytes || block.size % this.plan.granuleBytes !== 0) {
        throw new Error(`the block at ${block.start} has an impossible size of ${block.size}`);
      }
      if (block.left !== left) throw new Error(`the block at ${block.start} has a wrong left neighbour`);
      expected = endOf(block);
      left = block;
    }
    if (expected !== end) throw new Error(`the blocks end at ${expected}, not at ${end}`);
    if (this.last !== left) throw new Error("the last block is not the last");
  }
}
