/**
 * What a config may ask for beside the C: files that make the heap the one of a library, a kernel or a language. Here is
 * what a config says of each and what each needs of the heap; `emit.ts` has their texts.
 */
import { z } from "zod";
import { about, kind } from "../../config/describe.js";
import { identifierSchema } from "../../config/identifier-schema.js";
import { textPatterns } from "../../config/text-patterns.js";
import type { ApiName } from "../../config/vocabulary.js";

/** What a kind of glue needs of the heap it is for, and what it is for the whole program. */
export interface GlueNeeds {
  /** Functions of the heap that it calls: a config that asks for it has them without saying so. */
  readonly api: readonly ApiName[];
  /**
   * What a program has once: a config may ask for only one kind of glue that provides it, and only for one of its heaps.
   */
  readonly provides?: string;
  /** It makes the heap empty itself, and so must know its memory. */
  readonly place?: "known";
  /** Start-up code and constructors allocate: the heap must not wait for main to initialise it. */
  readonly ready?: "before main";
  /** It names the heap's files alone: the program may have many heaps of the type. */
  readonly instances?: "any";
  /** What stands in its way in the same list, and why. */
  readonly refuses?: { readonly kinds: readonly string[]; readonly reason: string };
}

/** Of a build: where it finds the config, by which it knows that the files are out of date. */
const configPath = {
  config: about(
    z.string().min(1).optional(),
    "Path of this config from the folder of the generated files; by default it is in the folder above.",
  ),
};

/** Of a package: what it is called, and which of its versions it is. */
const packageName = about(
  z.string().regex(textPatterns.packageName.pattern).optional(),
  "Name of the package; by default the heap's, or the front's where the package has several.",
);
const packageVersion = about(
  z.string().regex(textPatterns.version.pattern).optional(),
  "Version of the package; 1.0.0 by default.",
);

const everyFunctionOfMalloc: readonly ApiName[] = ["calloc", "realloc", "alignedAlloc", "usableSize", "walk"];

const identifier = (what: string) => about(identifierSchema, what);

/** Of an allocator whose functions have the parameters of C's. */
const allocatorNames = z.strictObject({
  malloc: identifier("Its malloc."),
  free: identifier("Its free."),
  calloc: identifier("Its calloc.").optional(),
  realloc: identifier("Its realloc.").optional(),
  alignedAlloc: identifier("Its aligned_alloc.").optional(),
});

const glue = {
  newlib: {
    schema: z.strictObject({
      kind: kind("newlib", "newlib's malloc and all that belongs to it, reentrant forms included."),
    }),
    needs: { api: everyFunctionOfMalloc, provides: "the C library's malloc", ready: "before main" },
  },
  picolibc: {
    schema: z.strictObject({
      kind: kind("picolibc", "picolibc's malloc and all that belongs to it."),
    }),
    needs: { api: everyFunctionOfMalloc, provides: "the C library's malloc", ready: "before main" },
  },
  freertos: {
    schema: z.strictObject({
      kind: kind("freertos", "The heap of the FreeRTOS kernel, in place of its heap_1.c to heap_5.c."),
    }),
    needs: { api: ["counters", "usableSize", "walk"], provides: "the kernel's heap", place: "known" },
  },
  cpp: {
    schema: z.strictObject({
      kind: kind("cpp", "C++: operators new and delete, a std::pmr::memory_resource, an allocator."),
    }),
    needs: { api: ["alignedAlloc"], provides: "operator new", ready: "before main" },
  },
  rust: {
    schema: z.strictObject({
      kind: kind("rust", "Rust: a GlobalAlloc, for no_std."),
      edition: about(
        z.enum(["2018", "2021", "2024"]).optional(),
        "Edition of the crate that has the file; 2021 by default.",
      ),
    }),
    needs: { api: ["calloc", "realloc", "alignedAlloc"] },
  },
  lua: {
    schema: z.strictObject({ kind: kind("lua", "Lua: a lua_Alloc.") }),
    needs: { api: ["realloc"] },
  },
  cjson: {
    schema: z.strictObject({ kind: kind("cjson", "cJSON: its hooks.") }),
    needs: { api: [] },
  },
  mbedtls: {
    schema: z.strictObject({ kind: kind("mbedtls", "mbedtls: its calloc and free.") }),
    needs: { api: ["calloc"] },
  },
  sqlite: {
    schema: z.strictObject({ kind: kind("sqlite", "SQLite: its memory methods.") }),
    needs: { api: ["realloc", "usableSize"] },
  },
  lvgl: {
    schema: z.strictObject({ kind: kind("lvgl", "LVGL 9: the functions of LV_STDLIB_CUSTOM.") }),
    needs: {
      api: ["realloc", "usableSize", "walk", "check"],
      provides: "LVGL's memory",
      place: "known",
    },
  },
  gdb: {
    schema: z.strictObject({ kind: kind("gdb", "gdb: commands that show the heap's blocks.") }),
    needs: { api: [] },
  },
  recorder: {
    schema: z.strictObject({
      kind: kind("recorder", "A recorder of every call, for `alloc-gen trace import`."),
      of: about(
        z.union([z.enum(["heap", "malloc", "newlib", "freertos"]), allocatorNames]).optional(),
        "Whose calls: this heap's (the default), the C library's malloc, newlib's (\"_malloc_r\"), the FreeRTOS kernel's heap, or those of functions that are named.",
      ),
      ring: about(
        z.literal([512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144]).optional(),
        "Bytes of RAM for what is not drained yet; 4096 by default.",
      ),
      whenFull: about(
        z.enum(["count", "overwrite"]).optional(),
        "What becomes of events where the ring is full: they are counted as lost (the default), or the oldest make room.",
      ),
      clockHz: about(
        z.int().min(0).max(0xffffffff).optional(),
        "Events have times, in ticks of a counter that the program provides: so many a second, 0 where it is not known.",
      ),
    }),
    needs: { api: [] },
  },
  cmake: {
    schema: z.strictObject({
      kind: kind("cmake", "CMake: the heap and its other outputs as a library of objects."),
      ...configPath,
    }),
    needs: { api: [], instances: "any" },
  },
  make: {
    schema: z.strictObject({
      kind: kind("make", "GNU make: rules for the objects of the heap and of its other outputs."),
      ...configPath,
    }),
    needs: { api: [], instances: "any" },
  },
  meson: {
    schema: z.strictObject({
      kind: kind("meson", "Meson: a dependency with the sources of the heap and of its other outputs."),
      ...configPath,
    }),
    needs: { api: [], provides: "the folder's meson.build", instances: "any" },
  },
  zephyr: {
    schema: z.strictObject({
      kind: kind("zephyr", "Zephyr: the generated folder is a module."),
      name: packageName,
    }),
    needs: { api: [], instances: "any" },
  },
  "esp-idf": {
    schema: z.strictObject({
      kind: kind("esp-idf", "ESP-IDF: the generated folder is a component."),
      version: packageVersion,
    }),
    needs: {
      api: [],
      instances: "any",
      refuses: { kinds: ["newlib", "picolibc"], reason: "ESP-IDF has the C library's malloc itself" },
    },
  },
  platformio: {
    schema: z.strictObject({
      kind: kind("platformio", "PlatformIO: the generated folder is a library."),
      ...{ name: packageName, version: packageVersion },
    }),
    needs: { api: [], instances: "any" },
  },
  arduino: {
    schema: z.strictObject({
      kind: kind("arduino", "Arduino: the generated folder is a library."),
      ...{ name: packageName, version: packageVersion },
      author: about(
        z.string().regex(textPatterns.line.pattern).optional(),
        "Who is named as the library's author and maintainer; alloc-gen by default.",
      ),
    }),
    needs: { api: [], instances: "any" },
  },
  "cmsis-pack": {
    schema: z.strictObject({
      kind: kind("cmsis-pack", "CMSIS: the generated folder is a pack."),
      ...{ name: packageName, version: packageVersion },
      vendor: about(
        z.string().regex(textPatterns.packageName.pattern).optional(),
        "Vendor of the pack; alloc-gen by default.",
      ),
    }),
    needs: { api: [], instances: "any" },
  },
} as const satisfies Record<string, { readonly schema: z.ZodObject; readonly needs: GlueNeeds }>;

export type GlueKind = keyof typeof glue;
/** One kind of glue with its options, as a config states it. */
export type GlueChoice = { [K in GlueKind]: z.infer<(typeof glue)[K]["schema"]> }[GlueKind];

export const glueKinds = Object.keys(glue) as [GlueKind, ...GlueKind[]];

/** Of the key `outputs`. */
export const outputsSchema = about(
  z.array(z.union([z.enum(glueKinds), ...Object.values(glue).map(({ schema }) => schema)])).optional(),
  "Files to be generated beside the C, which make the heap that of a library, a kernel or a language.",
);

export const needsOf = (choice: GlueChoice): GlueNeeds => glue[choice.kind].needs;

/** Whether it serves requests that come before main. */
export const readyBeforeMain = (choice: GlueChoice): boolean => needsOf(choice).ready !== undefined;
