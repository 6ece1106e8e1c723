/** What a session is made of. */
import type { Code } from "../../machine/code.js";
import type { HeapOperations } from "../../traces/operation.js";
import type { Image } from "../../toolchain/image.js";
import type { BlockTable } from "../block-table.js";
import type { GuestRange } from "../caller.js";
import type { DriverMemory } from "./memory-map.js";
import type { Processor } from "./processor.js";

export interface SessionParts {
  readonly image: Image;
  readonly operations: HeapOperations;
  readonly code: Code;
  readonly table: BlockTable;
  readonly processor: Processor;
  /** Who fills payloads and checks them before free: the host, the driver in the guest, or nobody. */
  readonly payloads: "host" | "guest" | "none";
  /** Whether an unaligned access to the allocator's data is a fault. Slows down every access. */
  readonly checkAlignment: boolean;
  /** Bytes whose reading or writing is a fault. Slows down every access. */
  readonly forbidden: readonly GuestRange[];
  /** Whether instructions and cycles are counted, coverage kept and hangs noticed. */
  readonly count: boolean;
  readonly instructionLimit: number;
  /** Operation whose instructions are kept; undefined: none. */
  readonly traced: number | undefined;
  readonly driver: DriverMemory;
}
