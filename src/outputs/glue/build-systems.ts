/** Files for CMake, make and Meson: the heap and its glue as objects of a program, generated anew when the config changes. */
import type { Plan } from "../../plan/plan.js";
import type { GlueChoice } from "./config.js";
import { glueFile, type GlueFiles, type GlueView } from "./glue-file.js";
import { wrapWord } from "./recorded-functions.js";

/** What the files of one kind are in a build. */
export interface Part {
  /** Compiled and linked into the program. */
  readonly objects?: readonly string[];
  readonly headers?: readonly string[];
  /** Words for the linker. */
  readonly link?: readonly string[];
  /** A source that the library or kernel compiles as one of its own, which a variable names. */
  readonly other?: { readonly word: string; readonly source: string; readonly whose: string };
}

export function partOf(choice: GlueChoice, plan: Plan): Part {
  const { kind } = choice;
  const { name } = plan;
  switch (kind) {
    case "newlib":
    case "picolibc":
      return { objects: [`${name}_${kind}.c`], link: [`--require-defined=${name}_is_malloc`] };
    case "cpp":
      return { objects: [`${name}_new.cpp`], headers: [`${name}.hpp`] };
    case "freertos":
      return { other: { word: kind, source: `${name}_freertos.c`, whose: "the FreeRTOS kernel's sources" } };
    case "lvgl":
      return { other: { word: kind, source: `${name}_lvgl.c`, whose: "LVGL's sources" } };
    case "lua":
    case "cjson":
    case "mbedtls":
    case "sqlite":
      return { headers: [`${name}_${kind}.h`] };
    case "recorder":
      return {
        objects: [`${name}_recorder.c`],
        headers: [`${name}_recorder.h`],
        link: [wrapWord(choice, plan)],
      };
    case "rust":
    case "gdb":
    case "cmake":
    case "make":
    case "meson":
    case "zephyr":
    case "esp-idf":
    case "platformio":
    case "arduino":
    case "cmsis-pack":
      return {};
  }
}

/** The view of a build's file: what all of them name. */
function buildView(all: readonly GlueChoice[], plan: Plan, config: string, view: GlueView) {
  const { name } = plan;
  const parts = [
    { objects: [`${name}.c`], headers: [`${name}.h`] },
    ...all.map((each) => partOf(each, plan)),
  ];
  const sources = parts.flatMap(({ objects = [] }: Part) => objects);
  const others = parts.flatMap(({ other }: Part) => (other === undefined ? [] : [other]));
  return {
    ...view,
    mark: "#",
    brief: `The build of ${name}.`,
    config,
    sources,
    headers: parts.flatMap(({ headers = [] }: Part) => headers),
    link: parts.flatMap(({ link = [] }: Part) => link),
    objects: sources.map((source) => ({
      source,
      object: source.replace(/\.c(?:pp)?$/, ".o"),
      isCpp: source.endsWith(".cpp"),
    })),
    others: others.map(({ word, source, whose }) => ({
      source,
      variable: `${name}_${word}`,
      comment: `One of ${whose}.`,
    })),
  };
}

type BuildView = ReturnType<typeof buildView>;

const inCapitals = (view: BuildView): BuildView => ({
  ...view,
  others: view.others.map((each) => ({ ...each, variable: each.variable.toUpperCase() })),
});

/** By the name under which the kernel's own CMake takes its heap. */
const asKernelNames = (view: BuildView, name: string): BuildView => ({
  ...view,
  others: view.others.map((each) => ({
    ...each,
    variable: each.variable === `${name.toUpperCase()}_FREERTOS` ? "FREERTOS_HEAP" : each.variable,
  })),
});

export const cmakeFiles: GlueFiles<"cmake"> = ({ config }, plan, view, all) => [
  glueFile(
    `${plan.name}.cmake`,
    "heap.cmake",
    asKernelNames(inCapitals(buildView(all, plan, config ?? besides(view), view)), plan.name),
  ),
];

export const makeFiles: GlueFiles<"make"> = ({ config }, plan, view, all) => [
  glueFile(`${plan.name}.mk`, "heap.mk", inCapitals(buildView(all, plan, config ?? besides(view), view))),
];

export const mesonFiles: GlueFiles<"meson"> = ({ config }, plan, view, all) => [
  glueFile("meson.build", "meson.build", buildView(all, plan, config ?? besides(view), view)),
];

/** Where the config is, seen from the generated files, unless it says otherwise: their folder is one beside it. */
const besides = ({ configName }: GlueView): string => `../${configName}`;
