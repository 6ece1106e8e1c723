/** The operation table of `targets/<machine>/replay.S`. */
import { secondArgument, type HeapOperations } from "../traces/operation.js";

/** Above the code in an operation's first word. */
const secondShift = 3;

/** Two words an operation. */
export function fillOperationTable(words: Uint32Array, operations: HeapOperations): void {
  const { length, kind, argument } = operations;
  for (let index = 0; index < length; index += 1) {
    words[2 * index] = ((kind[index] ?? 0) | (secondArgument(operations, index) << secondShift)) >>> 0;
    words[2 * index + 1] = argument[index] ?? 0;
  }
}
