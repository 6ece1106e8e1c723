/** A peer as written in peer.json: an allocator to compare with, and how it is built and called. */
import { z } from "zod";

const about = <S extends z.ZodType>(schema: S, description: string): S => schema.meta({ description });
const texts = (description: string) => about(z.array(z.string().min(1)), description);

const heapSchema = z.union([
  z.strictObject({
    kind: about(z.literal("region"), "Memory that init is handed: `start` and `bytes`."),
  }),
  z.strictObject({
    kind: about(z.literal("symbols"), "Memory between two symbols of the linker."),
    start: about(z.string().min(1), "Symbol of its first byte."),
    end: about(z.string().min(1), "Symbol of the byte behind its last."),
  }),
  z.strictObject({
    kind: about(z.literal("array"), "An array of the peer's own, its size a macro."),
    array: about(z.string().min(1), "Name of the array."),
    bytes: about(z.string().min(1), "Macro that is defined as its size."),
  }),
]);

/** A function by its name, or by a C expression that ends up calling it. */
const callSchema = (values: string) =>
  z.union([
    z.string().min(1),
    z.strictObject({
      function: about(z.string().min(1), "Function that is measured, from its first instruction on."),
      call: about(z.string().min(1), `C expression that calls it, with ${values}.`),
    }),
  ]);

const initSchema = z.union([
  z.string().min(1),
  z.strictObject({
    call: about(z.string().min(1), "C expression, with `start` and `bytes` of the heap."),
    succeeds: about(z.string().min(1).optional(), "C expression, true when init took the heap."),
  }),
]);

export const peerSchema = z.strictObject({
  $schema: about(z.string().optional(), "Where editors find this schema."),
  name: about(z.string().min(1), "What tables call the allocator."),
  version: about(z.string().min(1).optional(), "Which release it is, for reports."),
  sources: texts(
    "C and assembly files, relative to this one. May be empty for an allocator of the C library.",
  ),
  include: texts("Folders of headers, relative to this file.").optional(),
  flags: texts(
    "Compiler flags beside those the generated allocator is built with; the link gets them too.",
  ).optional(),
  prelude: about(
    z.array(z.string()).optional(),
    "Lines of C in front of the calls below: #include, a variable for a handle.",
  ),
  heap: about(heapSchema.optional(), "Where the heap's memory comes from; a region when left out."),
  alignment: about(
    z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16), z.literal(32)]),
    "Bytes every payload is promised to be aligned to.",
  ),
  init: about(initSchema.optional(), "Makes the heap empty; left out where the first malloc does it."),
  malloc: about(callSchema("`bytes`"), "Function, or the call that gives the payload's address or NULL."),
  free: about(callSchema("`block`"), "Function, or the call that frees a block; NULL may be freed."),
  realloc: about(
    callSchema("`block` and `bytes`").optional(),
    "Function, or the call that resizes a block. Used where all that are compared have one.",
  ),
});

export type PeerFile = z.infer<typeof peerSchema>;
