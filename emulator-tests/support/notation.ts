/** The trace notation of a minimal sequence, read back: it must stand alone. */
import { OperationCode, type HeapOperations } from "../../src/traces/operation.js";
import { fromSequence } from "./random-operations.js";

/** @param lines "a id size" and "f id". @throws Error where a line is neither or names no block. */
export function fromNotation(lines: readonly string[]): HeapOperations {
  const allocated = new Map<string, number>();
  return fromSequence(
    lines.map((line, index) => {
      const [letter, id = "", size] = line.split(" ");
      if (letter === "a") {
        allocated.set(id, index);
        return { kind: OperationCode.malloc, argument: Number(size) };
      }
      const argument = allocated.get(id);
      if (letter !== "f" || argument === undefined) throw new Error(`"${line}" frees no block`);
      return { kind: OperationCode.free, argument };
    }),
  );
}
