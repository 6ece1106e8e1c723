/** Whose calls a recorder records: the functions in place of which the linker calls the recorder's. */
import { render } from "../../csource/render.js";
import { tagBits } from "../../header/facts.js";
import type { Plan } from "../../plan/plan.js";
import type { GlueChoice } from "./config.js";

type RecorderChoice = Extract<GlueChoice, { readonly kind: "recorder" }>;

/** Templates of what is recorded beside allocations and releases: `templates/glue/recorder/event-<name>.hbs`. */
export const recordedEvents = ["realloc", "aligned", "tagged", "init"] as const;
export type RecordedEvent = (typeof recordedEvents)[number];

export interface RecordedFunction {
  /** In C. */
  readonly name: string;
  /** The text of the function that is called in its place. */
  readonly wrapper: string;
  readonly event?: RecordedEvent;
}

interface WrapperView {
  /** Of a first parameter and its argument, with the comma behind. */
  readonly parameter?: string;
  readonly argument?: string;
  /** What calloc is made of. */
  readonly malloc?: string;
  readonly initParameters?: string;
  readonly initArguments?: string;
}

function recorded(
  name: string,
  template: string,
  view: WrapperView = {},
  event?: RecordedEvent,
): RecordedFunction {
  const { parameter = "", argument = "" } = view;
  const wrapper = render(`glue/recorder/wrap-${template}`, { ...view, function: name, parameter, argument });
  return { name, wrapper, ...(event === undefined ? {} : { event }) };
}

/** In the order in which they are declared. */
export function recordedFunctions({ of = "heap" }: RecorderChoice, plan: Plan): readonly RecordedFunction[] {
  switch (of) {
    case "heap":
      return ofHeap(plan);
    case "malloc":
      return ofAllocator({ malloc: "malloc", free: "free", calloc: "calloc", realloc: "realloc" });
    case "newlib":
      return ofAllocator(
        {
          malloc: "_malloc_r",
          free: "_free_r",
          calloc: "_calloc_r",
          realloc: "_realloc_r",
          alignedAlloc: "_memalign_r",
        },
        { parameter: "struct _reent *reent, ", argument: "reent, " },
      );
    case "freertos":
      return ofAllocator({ malloc: "pvPortMalloc", free: "vPortFree", calloc: "pvPortCalloc" });
    default:
      return ofAllocator(of);
  }
}

function ofHeap(plan: Plan): readonly RecordedFunction[] {
  const { name, api } = plan;
  const hasTag = tagBits(plan.header) > 0;
  return [
    initOf(plan),
    recorded(`${name}_malloc`, "malloc"),
    ...(hasTag ? [recorded(`${name}_malloc_tagged`, "tagged", {}, "tagged")] : []),
    recorded(`${name}_free`, "free"),
    ...(api.calloc ? [recorded(`${name}_calloc`, "calloc")] : []),
    ...(api.realloc ? [recorded(`${name}_realloc`, "realloc", {}, "realloc")] : []),
    ...(api.alignedAlloc ? [recorded(`${name}_aligned_alloc`, "aligned", {}, "aligned")] : []),
  ];
}

function initOf({ name, placement }: Plan): RecordedFunction {
  const init = `${name}_init`;
  switch (placement.kind) {
    case "static":
      return recorded(init, "init-void", {}, "init");
    case "linker":
      return recorded(init, "init-bool", { initParameters: "void", initArguments: "" }, "init");
    case "runtime":
      return recorded(
        init,
        "init-bool",
        { initParameters: "void *memory, size_t bytes", initArguments: "memory, bytes" },
        "init",
      );
  }
}

interface AllocatorNames {
  readonly malloc: string;
  readonly free: string;
  readonly calloc?: string | undefined;
  readonly realloc?: string | undefined;
  readonly alignedAlloc?: string | undefined;
}

function ofAllocator(
  { malloc, free, calloc, realloc, alignedAlloc }: AllocatorNames,
  context: WrapperView = {},
): readonly RecordedFunction[] {
  return [
    recorded(malloc, "malloc", context),
    recorded(free, "free", context),
    ...(calloc === undefined ? [] : [recorded(calloc, "calloc-of-malloc", { ...context, malloc })]),
    ...(realloc === undefined ? [] : [recorded(realloc, "realloc", context, "realloc")]),
    ...(alignedAlloc === undefined ? [] : [recorded(alignedAlloc, "aligned", context, "aligned")]),
  ];
}

/** For the linker: calls of these go to the recorder. */
export const wrapWord = (choice: RecorderChoice, plan: Plan): string =>
  ["-Wl", ...recordedFunctions(choice, plan).map(({ name }) => `--wrap=${name}`)].join(",");
