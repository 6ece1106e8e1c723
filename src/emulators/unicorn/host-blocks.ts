/**
 * Blocks of a core some of whose instructions the host executes: of these Unicorn tells a wrong size, and some blocks not at
 * all. So blocks are told where instructions are that may be entered, and where Unicorn tells one beside.
 */
import type { CodeHook, HookRange } from "../core/processor.js";
import type { HostInstructions } from "./host-instructions.js";

/** Bytes of code; blocks of more are told as Unicorn tells them. */
export const mostHostCode = 1 << 20;

export class HostBlocks {
  readonly #leaders: ReadonlySet<number>;
  readonly #bytes = new Map<number, number>();
  /** The block that was told last: [start, end). */
  #start = 0;
  #end = 0;
  /** Whether Unicorn told it, and its first instruction is about to be told too. */
  #isTold = false;

  constructor(
    private readonly host: HostInstructions,
    private readonly callback: CodeHook,
    range: HookRange,
  ) {
    this.#leaders = new Set(host.leaders(range.begin, range.end));
  }

  /** The instructions that are to be told to `instruction`. */
  get leaders(): readonly HookRange[] {
    return Array.from(this.#leaders, (at) => ({ begin: at, end: at }));
  }

  /** Unicorn says that a block begins. */
  readonly block = (address: number): void => {
    // It cut one in two that was told as a whole.
    if (!this.#leaders.has(address) && address > this.#start && address < this.#end) return;
    this.#tell(address);
    this.#isTold = this.#leaders.has(address);
  };

  /** An instruction at one of the leaders is about to execute. */
  readonly instruction = (address: number): void => {
    if (this.#isTold && address === this.#start) this.#isTold = false;
    else this.#tell(address);
  };

  #tell(address: number): void {
    let bytes = this.#bytes.get(address);
    if (bytes === undefined) {
      bytes = this.host.blockBytes(address, this.#leaders);
      this.#bytes.set(address, bytes);
    }
    this.#start = address;
    this.#end = address + bytes;
    this.#isTold = false;
    this.callback(address, bytes);
  }
}
