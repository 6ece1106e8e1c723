/** A peer as written in peer.json: an allocator to compare with, and how it is built and called. */
import { z } from "zod";

const about = <S extends z.ZodType>(schema: S, description: string): S => schema.meta({ description });
const texts = (description: string) => about(z.array(z.string().min(1)), description);

const heapSchema = z.union([
  z.strictObject({
    kind: about(z.literal("region"), "Memory passed to init: `start` and `bytes`."),
  }),
  z.strictObject({
    kind: about(z.literal("symbols"), "Memory between two linker symbols."),
    start: about(z.string().min(1), "Symbol of its first byte."),
    end: about(z.string().min(1), "Symbol after its last byte."),
  }),
  z.strictObject({
    kind: about(z.literal("array"), "The peer's own array, whose size is a macro."),
    array: about(z.string().min(1), "Name of the array."),
    bytes: about(z.string().min(1), "Macro to define as its size."),
  }),
]);

/** A function by its name, or by a C expression that ends up calling it. */
const callSchema = (values: string) =>
  z.union([
    z.string().min(1),
    z.strictObject({
      function: about(z.string().min(1), "The measured function, from its first instruction."),
      call: about(z.string().min(1), `C expression that calls it, with ${values}.`),
    }),
  ]);

const initSchema = z.union([
  z.string().min(1),
  z.strictObject({
    call: about(z.string().min(1), "C expression, with `start` and `bytes` of the heap."),
    succeeds: about(z.string().min(1).optional(), "C expression, true if init succeeded."),
  }),
]);

export const peerSchema = z.strictObject({
  $schema: about(z.string().optional(), "Where editors find this schema."),
  name: about(z.string().min(1), "Name of the allocator in tables."),
  version: about(z.string().min(1).optional(), "Its release, for reports."),
  sources: texts(
    "C and assembly files, relative to this one. May be empty for an allocator of the C library.",
  ),
  include: texts("Folders of headers, relative to this file.").optional(),
  flags: texts("Additional flags, for the compiler and the linker.").optional(),
  prelude: about(
    z.array(z.string()).optional(),
    "Lines of C before the calls below: #include, a variable for a handle.",
  ),
  heap: about(heapSchema.optional(), "Source of the heap's memory; a region when left out."),
  alignment: about(
    z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16), z.literal(32)]),
    "Guaranteed alignment of every payload, in bytes.",
  ),
  init: about(initSchema.optional(), "Initializes the heap; left out if the first malloc does it."),
  malloc: about(callSchema("`bytes`"), "Function, or the call that returns the payload's address or NULL."),
  free: about(callSchema("`block`"), "Function, or the call that frees a block; NULL may be freed."),
  realloc: about(
    callSchema("`block` and `bytes`").optional(),
    "Function, or the call that resizes a block. Used if all compared allocators have one.",
  ),
});

export type PeerFile = z.infer<typeof peerSchema>;
