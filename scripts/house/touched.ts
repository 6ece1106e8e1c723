/**
 * How many files know of a thing that is added often, beside the files that are its own.
 *
 * A file knows of a thing when an identifier or a string of its code names it: the thing's words stand in it one after
 * the other ("PoolConfig", "poolClasses" and "pool-schema" name "pool"), the last of them perhaps in the plural. What
 * comments say does not count. Where the word is the field's own too, the whole string or identifier is what names it:
 * "bitmap" in quotation marks, =json. Counted are the files of src/ without tests and fixtures, and the templates where the row
 * says so. The same words and the same folders of its own are applied to every commit: what has no folder of its own
 * there has none to leave out.
 */
import type { Checkout } from "./checkout.js";
import type { Source } from "./sources.js";

export interface Touched {
  readonly thing: string;
  readonly example: string;
  readonly files: readonly string[];
}

interface Thing {
  readonly thing: string;
  /** One for each example; several words are several names of it. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
  /** Beginnings of paths that are its own; * stands for the example. */
  readonly own: readonly string[];
  readonly templates: boolean;
}

const things: readonly Thing[] = [
  {
    thing: "policy",
    examples: {
      "sequential-fit": ["sequential"],
      "segregated-fit": ["segregated"],
      bump: ["bump"],
      pool: ["pool"],
      bitmap: [
        '"bitmap"',
        "bitmap config",
        "bitmap plan",
        "inspect bitmap",
        "bitmap layout",
        "decode bitmap",
      ],
      buddy: ["buddy"],
    },
    own: ["src/policies/*/", "templates/policies/*/", "src/policies/registry.ts"],
    templates: true,
  },
  {
    thing: "header field",
    examples: { checksum: ["checksum"], requested: ["requested"], magic: ["magic"] },
    own: ["src/header/"],
    templates: false,
  },
  {
    thing: "architecture",
    examples: {
      arm: [
        ...["arm", "armv6", "armv7", "armv8", "thumb", "thumb2", "cortex", "primask", "basepri", "faultmask"],
        ...["apsr", "xpsr", "ipsr", "msp", "psp", "sp", "lr", "ldr", "ldrd", "ldm", "stm", "strd", "ldrex"],
        ...[
          "strex",
          "bl",
          "blx",
          "bx",
          "cbz",
          "cbnz",
          "tbb",
          "tbh",
          "mrs",
          "msr",
          "cps",
          "svc",
          "udf",
          "clz",
        ],
        ...Array.from({ length: 16 }, (_, register) => `r${register}`),
      ],
    },
    own: ["src/machine/arm/", "src/machine/registry.ts"],
    templates: false,
  },
  {
    thing: "output",
    examples: {
      "layout-module": ["layout module", "emit layout"],
      "multi-heap": ["front plan", "plan front", "emit front", "prove front", "front proof", "multi heap"],
    },
    own: ["src/outputs/*/", "src/outputs/registry.ts"],
    templates: false,
  },
  {
    thing: "report format",
    examples: { json: ["=json|", "print json"] },
    own: ["src/report/formats/*", "src/report/formats.ts"],
    templates: false,
  },
  {
    thing: "option of a command",
    examples: {
      "with-call": ["with call"],
      "no-least-heap": ["no least heap"],
      "fail-on-regression": ["fail on regression"],
    },
    own: [],
    templates: false,
  },
];

/** One row for each example. */
export function countTouched(checkout: Checkout, sources: readonly Source[]): readonly Touched[] {
  const code = sources
    .filter(({ path }) => path.startsWith("src/") && !/\.(?:test|fixture)\.ts$/.test(path))
    .map(({ path, names }) => ({ path, words: wordsOf(names) }));
  const templates = checkout.files
    .filter((path) => path.startsWith("templates/"))
    .map((path) => ({ path, words: wordsOf(templateNames(checkout.read(path))) }));
  return things.flatMap(({ thing, examples, own, templates: inTemplates }) =>
    Object.entries(examples).map(([example, names]) => {
      const isOwn = (path: string): boolean =>
        own.some((start) => path.startsWith(start.replace("*", example)));
      return {
        thing,
        example,
        files: [...code, ...(inTemplates ? templates : [])]
          .filter(({ path, words }) => !isOwn(path) && names.some((name) => words.includes(sought(name))))
          .map(({ path }) => path),
      };
    }),
  );
}

/** What a template names in its view and in its C: comments left out. */
function templateNames(text: string): readonly string[] {
  return [text.replaceAll(/\/\*[^]*?\*\/|\{\{!--[^]*?--\}\}/g, " ")];
}

const sought = (name: string): string => (/^[="]/.test(name) ? name : ` ${name} `);

/** Each name as it is, `=PoolConfig|` or `"bitmap"`, and its words in lower case, also in the singular: `| pool config |`. */
export function wordsOf(names: readonly string[]): string {
  return [...new Set(names)]
    .flatMap((name) => {
      const words = name
        .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
        .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .filter((word) => word !== "");
      const whole = name.startsWith('"') ? name : `=${name}|`;
      return [
        whole,
        `| ${words.join(" ")} |`,
        `| ${words.map((word) => word.replace(/s$/, "")).join(" ")} |`,
      ];
    })
    .join("");
}
