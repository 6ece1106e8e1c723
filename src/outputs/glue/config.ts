/**
 * What a config may ask for beside the C: files that make the heap the one of a library, a kernel or a language. Here is
 * what a config says of each and what each needs of the heap; `emit.ts` has their texts.
 */
import { z } from "zod";
import { diagnose, type ConfigPath, type Diagnostic } from "../../diagnostics.js";
import { about, kind } from "../../config/describe.js";
import type { Placement } from "../../config/config.js";
import type { Report } from "../../config/report.js";
import { apiNames, type ApiName } from "../../config/vocabulary.js";
import { quotedList, showValue } from "../../suggest.js";

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
}

/** Of a build: where it finds the config, by which it knows that the files are out of date. */
const configPath = {
  config: about(
    z.string().min(1).optional(),
    "Path of this config from the folder of the generated files; by default it is in the folder above.",
  ),
};

const everyFunctionOfMalloc: readonly ApiName[] = ["calloc", "realloc", "alignedAlloc", "usableSize", "walk"];

const glue = {
  newlib: {
    schema: z.strictObject({
      kind: kind("newlib", "newlib's malloc and all that belongs to it, reentrant forms included."),
    }),
    needs: { api: everyFunctionOfMalloc, provides: "the C library's malloc" },
  },
  picolibc: {
    schema: z.strictObject({
      kind: kind("picolibc", "picolibc's malloc and all that belongs to it."),
    }),
    needs: { api: everyFunctionOfMalloc, provides: "the C library's malloc" },
  },
  freertos: {
    schema: z.strictObject({
      kind: kind("freertos", "The heap of the FreeRTOS kernel, in place of its heap_1.c to heap_5.c."),
    }),
    needs: { api: ["usableSize", "walk"], provides: "the kernel's heap", place: "known" },
  },
  cpp: {
    schema: z.strictObject({
      kind: kind("cpp", "C++: operators new and delete, a std::pmr::memory_resource, an allocator."),
    }),
    needs: { api: ["alignedAlloc"], provides: "operator new" },
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
  cmake: {
    schema: z.strictObject({
      kind: kind("cmake", "CMake: the heap and its other outputs as a library of objects."),
      ...configPath,
    }),
    needs: { api: [] },
  },
  make: {
    schema: z.strictObject({
      kind: kind("make", "GNU make: rules for the objects of the heap and of its other outputs."),
      ...configPath,
    }),
    needs: { api: [] },
  },
  meson: {
    schema: z.strictObject({
      kind: kind("meson", "Meson: a dependency with the sources of the heap and of its other outputs."),
      ...configPath,
    }),
    needs: { api: [], provides: "the folder's meson.build" },
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

/** The functions that what is asked for needs, each with who needs it. */
export function neededFunctions(choices: readonly GlueChoice[]): ReadonlyMap<ApiName, GlueKind> {
  const needed = choices.flatMap((choice) =>
    needsOf(choice).api.map((name): readonly [ApiName, GlueKind] => [name, choice.kind]),
  );
  return new Map(needed.toReversed());
}

/** What the key `outputs` says, a word standing for a kind without options. */
export function resolveOutputs(
  written: z.infer<typeof outputsSchema>,
  placement: Placement,
  report: Report,
): readonly GlueChoice[] {
  const choices = (written ?? []).map((each) => (typeof each === "string" ? { kind: each } : each));
  const at = (index: number): { readonly path: ConfigPath } => ({ path: ["outputs", index] });
  choices.forEach((choice, index) => {
    const { provides } = needsOf(choice);
    const before = choices.findIndex(
      (other) =>
        other.kind === choice.kind || (provides !== undefined && needsOf(other).provides === provides),
    );
    if (before < index) {
      const same = choices[before]?.kind === choice.kind;
      const reason = same
        ? `item ${before + 1} of the list is the same`
        : `item ${before + 1} of the list is ${provides ?? ""} too`;
      report(diagnose("conflict", { found: showValue(choice.kind), reason }, at(index)));
    }
    const refused = placeRefused(choice, placement);
    if (refused === undefined) return;
    report(diagnose("conflict", { found: showValue(choice.kind), reason: refused }, at(index)));
  });
  return choices;
}

function placeRefused(choice: GlueChoice, placement: Placement): string | undefined {
  if (placement.kind !== "runtime") return undefined;
  if (placement.instances === "many") {
    return 'it serves one heap, and of this one there are many (instances is "many")';
  }
  return needsOf(choice).place === "known"
    ? 'it initialises the heap itself: its memory must be an array, or lie between linker symbols (placement is "runtime")'
    : undefined;
}

/** What is asked for and the planned heap cannot have. */
export const refusedGlue = (choices: readonly GlueChoice[], hasHeaders: boolean): readonly Diagnostic[] =>
  choices.flatMap((choice, index) =>
    choice.kind === "gdb" && !hasHeaders
      ? [
          diagnose(
            "conflict",
            {
              found: showValue(choice.kind),
              reason: "gdb's commands read headers, and the policy's blocks have none",
            },
            { path: ["outputs", index] },
          ),
        ]
      : [],
  );

/** Functions that a config refuses and an output of it needs. */
export function refuseRefusedFunctions(
  written: { readonly [Name in ApiName]?: boolean | undefined },
  choices: readonly GlueChoice[],
  report: Report,
): void {
  const needed = neededFunctions(choices);
  for (const name of apiNames) {
    const by = needed.get(name);
    if (by === undefined || written[name] !== false) continue;
    const reason = `the output ${showValue(by)} calls the function`;
    report(diagnose("conflict", { found: "false", reason }, { path: ["api", name] }));
  }
}

/** What several heaps of one program would each be, though a program has it once. */
export function refuseTwice(
  heaps: readonly { readonly name: string; readonly outputs: readonly GlueChoice[] }[],
  report: Report,
): void {
  const provided = heaps.flatMap(({ outputs }, heap) =>
    outputs.flatMap((choice, index) => {
      const { provides } = needsOf(choice);
      return provides === undefined ? [] : [{ provides, heap, index, kind: choice.kind }];
    }),
  );
  for (const { provides, heap, index, kind: found } of provided) {
    const before = provided.find((other) => other.provides === provides);
    if (before === undefined || before.heap === heap) continue;
    const reason = `only one heap can be ${provides}, and ${quotedList([heaps[before.heap]?.name ?? ""])} is`;
    report(
      diagnose("conflict", { found: showValue(found), reason }, { path: ["heaps", heap, "outputs", index] }),
    );
  }
}
