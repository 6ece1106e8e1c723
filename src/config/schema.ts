/** The config file as written: shapes, words and what each key means. What the values mean together is `resolve.ts`'s. */
import { z } from "zod";
import type { Palette } from "../header/palette.js";
import { headerSchema } from "../header/schema.js";
import { about } from "./describe.js";
import { heapSizeSchema, sizeHint, sizeSchema } from "./size-schema.js";
import { hardeningSchema } from "./hardening-schema.js";
import { lockSchema, placementSchema } from "./place-schema.js";
import { reallocSchema } from "./realloc-schema.js";
import { outputsSchema } from "../outputs/glue/config.js";
import { apiNames, initModes, optimizations, workloadNames } from "./vocabulary.js";

const size = (description: string) => about(sizeSchema.optional(), `${description} ${sizeHint}`);

const cycleLimits = (name: string) =>
  about(
    z
      .strictObject({
        worst: about(z.number().nonnegative().optional(), "Most modelled cycles of any call in the run."),
        mean: about(z.number().nonnegative().optional(), "Mean modelled cycles over all calls."),
        bound: about(
          z.number().nonnegative().optional(),
          "Most modelled cycles that any call can take, as proven on the binary.",
        ),
      })
      .optional(),
    `Limits on the cycles of ${name}.`,
  );

const apiMeanings: Readonly<Record<(typeof apiNames)[number], string>> = {
  calloc:
    "Whether calloc is generated: checks the product of its arguments for overflow, and clears the block.",
  realloc:
    "Whether realloc is generated: resizes in place where the neighbours allow it, and moves the payload at most once. An object asks for more of it.",
  alignedAlloc:
    "Whether aligned_alloc is generated: any power of two up to an eighth of the heap, at most 4 KiB",
  usableSize: "Whether usable_size is generated: the usable size of a block, in bytes.",
  walk: "Whether walk is generated: calls a callback for each block.",
  check:
    "Whether check is generated: checks headers, tags and lists against each other, and reports where the heap is damaged.",
  stats:
    "Whether stats is generated: bytes and blocks in use, their peak, failed requests, largest free block. Costs malloc and free a few cycles.",
  counters:
    "Whether counters and reset_peak are generated: bytes free, the least ever free, counts of allocations, frees and failed requests, in constant time. Costs malloc and free a few cycles.",
  failureHook:
    "Whether a request that fails calls <name>_failed(size), a function that you define: once, with the lock given back.",
  largestRequest:
    "Whether largest_request is generated: the largest request that will succeed, in bytes. Some policies visit all blocks for it.",
};

const sections = {
  heap: z.strictObject({
    size: about(
      heapSizeSchema,
      `Size of the heap, control data included: 256 bytes to 64 MiB, a multiple of the alignment. ${sizeHint} { "upTo": "512KiB" }: as much as there is when init is called, 512 KiB at most; with placement "linker" or "runtime".`,
    ),
    alignment: about(
      z.number().int().optional(),
      "Alignment of every payload in bytes: 4, 8, 16, 32 or 64; 8 when left out.",
    ),
    cacheLine: about(
      z.number().int().optional(),
      "Bytes of a line of the data cache, 16, 32 or 64: no line then holds both payload and metadata, so that DMA buffers can be cleaned and invalidated by lines. Payloads are aligned to it; a header takes a whole line.",
    ),
    placement: about(
      placementSchema.optional(),
      'Where the heap\'s bytes come from. "linker" without symbols means <name>_start and <name>_end.',
    ),
    region: about(
      z.union([z.string(), z.array(z.string())]).optional(),
      "The chip's RAM that your linker script puts the heap in: a region's name, or a list of regions side by side. The heap must fit.",
    ),
    instances: about(
      z.enum(["one", "many"]).optional(),
      "Whether there is one heap, or many: functions then take the heap as their first parameter.",
    ),
  }),
  limits: z.strictObject({
    largest: size("Largest request, in bytes: larger ones return NULL."),
    smallest: size("Smallest request, in bytes: smaller ones are rounded up to it."),
  }),
  toolchain: z.strictObject({
    compiler: about(
      z.string().optional(),
      '"gcc" (default), "clang", or the name or path of one of them. With clang, the machine\'s GCC assembles and links.',
    ),
    optimize: about(z.enum(optimizations).optional(), "Optimisation level; -O2 when left out."),
  }),
  verify: z.strictObject({
    seed: about(
      z.number().int().nonnegative().max(0xffffffff).optional(),
      "Seed of the generated workloads; 1 when left out.",
    ),
    operations: about(
      z.number().int().min(1).max(10_000_000).optional(),
      "Operations of each generated workload; 20000 when left out.",
    ),
    workloads: about(
      z.array(z.enum(workloadNames)).optional(),
      "Generated workloads to replay. When left out: all, but mixed only where calloc, realloc or alignedAlloc is generated.",
    ),
    traces: about(
      z.array(z.string()).optional(),
      "Recorded traces to replay: files, relative to this config.",
    ),
    strict: about(
      z.boolean().optional(),
      "Whether a wrong prediction of cycles fails the run; false when left out: it is a warning, since the C may be right and the prediction wrong.",
    ),
  }),
  budgets: z.strictObject({
    cycles: about(
      z.strictObject({ malloc: cycleLimits("malloc"), free: cycleLimits("free") }).optional(),
      "Limits on modelled cycles.",
    ),
    interruptLatency: about(
      z.number().nonnegative().optional(),
      "Most modelled cycles for which a call masks interrupts, as proven. For a heap with a lock.",
    ),
    flash: size("Most bytes of code and constants of the allocator."),
    ram: size("Most bytes of writable memory of the allocator, the heap included."),
    stack: size("Most bytes of stack of any call."),
  }),
};

/** @param blockAligned the policies whose blocks alone decide which alignments there are */
function apiSchemaOf(blockAligned: readonly string[]) {
  const limited =
    blockAligned.length === 0
      ? ""
      : `; with ${blockAligned.join(" and ")} up to the largest alignment of a block`;
  const meanings = { ...apiMeanings, alignedAlloc: `${apiMeanings.alignedAlloc}${limited}.` };
  return z.strictObject({
    zeroSize: about(
      z.enum(["null", "unique"]).optional(),
      "What malloc(0) returns: NULL, or a unique pointer.",
    ),
    ...(Object.fromEntries(
      apiNames.map((name) => [name, about(z.boolean().optional(), meanings[name])]),
    ) as Record<(typeof apiNames)[number], z.ZodOptional<z.ZodBoolean>>),
    realloc: about(reallocSchema.optional(), meanings.realloc),
  });
}

/** A policy's keys: an object with the policy's name for its kind. */
export type PolicySchema = z.ZodObject<{ kind: z.ZodLiteral<string> }>;

/** What a config may choose from. */
export interface ConfigChoices {
  readonly policies: readonly [PolicySchema, ...PolicySchema[]];
  /** Names of the policies whose blocks alone decide which alignments an aligned allocation may have. */
  readonly blockAligned: readonly string[];
  /** Fields of headers. */
  readonly palette: Palette;
}

/** The schema of a config of one heap. */
export const configSchemaOf = ({ policies, blockAligned, palette }: ConfigChoices) =>
  about(
    z.strictObject({
      $schema: about(z.string().optional(), "Address of this schema, for editors."),
      name: about(
        z.string(),
        "C identifier: the prefix of every public symbol, and the name of the two files.",
      ),
      target: about(z.string().optional(), "The core: a folder of targets/. --target overrides it."),
      chip: about(
        z.string().optional(),
        'The chip, as it is ordered: its core is the target, and heaps are checked against its RAM ("alloc-gen chips" lists them).',
      ),
      heap: about(sections.heap, "The heap's memory."),
      policy: about(
        z.discriminatedUnion("kind", policies),
        "How a free block is chosen, and what is stored to find it.",
      ),
      header: about(
        headerSchema(palette).optional(),
        'What a block\'s header holds. "auto" packs the smallest that the policy needs.',
      ),
      limits: about(
        sections.limits.optional(),
        "Limits on requests, which let the plan leave out code and bits.",
      ),
      api: about(apiSchemaOf(blockAligned).optional(), "Functions generated in addition to malloc and free."),
      hardening: about(
        hardeningSchema.optional(),
        'What misuse the generated code finds. "none" when left out; "basic": frees of what is no block in use, and damaged headers, links and lists, at no memory a block. An object names the function that is told.',
      ),
      lock: about(
        lockSchema.optional(),
        "How interrupts are masked while a function works on the heap; none when left out.",
      ),
      init: about(
        z.enum(initModes).optional(),
        'Who makes the heap empty: "explicit", the program, by calling init; "lazy", the first request; "constructor", a constructor of priority 101, which start-up code calls before main. When left out: explicit, but lazy where an output must serve requests before main.',
      ),
      outputs: outputsSchema,
      toolchain: about(
        sections.toolchain.optional(),
        "Compiler used for the proof, and its optimisation level.",
      ),
      verify: about(
        sections.verify.optional(),
        "What is replayed on the emulated core and on the reference.",
      ),
      budgets: about(sections.budgets.optional(), "Limits: a run that exceeds one fails."),
    }),
    "One heap for one microcontroller: what alloc-gen generates, and how it is proven.",
  );

export type ConfigSchema = ReturnType<typeof configSchemaOf>;

/** The config as a user writes it; the policy's folder says what its keys are. */
export type ConfigInput = z.infer<ConfigSchema>;
