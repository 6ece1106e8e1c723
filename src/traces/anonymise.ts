/** A trace that says what a program asks of its heap, and nothing of the program. */
import { BlockNumbers, notesAt, Renumbering, TraceBuilder } from "./build.js";
import type { Trace } from "./operation.js";

/** Without its header, tags and times, and with ids of its own; requests that failed stay. */
export function anonymise(trace: Trace): Trace {
  const builder = new TraceBuilder();
  const ids = new Renumbering(new BlockNumbers());
  const at = notesAt(trace);
  for (const [index, operation] of trace.operations.entries()) {
    for (const request of at(index).failed) builder.fail(request);
    builder.add(ids.of(operation));
  }
  for (const request of at(trace.operations.length).failed) builder.fail(request);
  return builder.build("trace", new Map());
}
