/** What clang-tidy checks in the generated C. Not a file at the root, which would speak for any C of the repository. */

/** Groups of checks that C can fail: none that asks for C++, and none of another project's house style. */
const groups = [
  "bugprone-*",
  "cert-*",
  "concurrency-*",
  "misc-*",
  "performance-*",
  "portability-*",
  "readability-*",
] as const;

/** Follows paths through functions, which takes longer than all other checkers together. */
const pathChecks = "clang-analyzer-*";

/** Checks that are left out, with why. One that the C does not need fails a test. */
export const tidyExceptions: Readonly<Record<string, string>> = {
  "bugprone-easily-swappable-parameters":
    "offsets, sizes and links are plain words, and so are many parameters",
  "bugprone-branch-clone":
    "branches that hold a comment alone count as the same, such as the else of MISRA C:2012 rule 15.7; " +
    "GCC's -Wduplicated-branches stands in for an if and its else",
  "readability-magic-numbers": "masks and shifts of single instructions; what the plan decides has a name",
  "readability-suspicious-call-argument":
    "takes remove_free(node, next) for a mistake, which removes the node after another",
  "readability-non-const-parameter": "does not see that an assembly instruction writes through a pointer",
};

/** The same, of what only later releases than 14 find in C. */
const laterExceptions: Readonly<Record<string, string>> = {
  "misc-include-cleaner": "wants <stdint.h> and <stddef.h> again, which the heap's own header includes",
  "readability-implicit-bool-conversion":
    "takes a comparison for an int, which it is in C, where a bool is meant",
  "bugprone-casting-through-void":
    "blocks are found in an array of bytes, and a cast through void * says it is aligned",
  "clang-analyzer-security.ArrayBound": "knows nothing of the offsets that metadata holds, and assumes any",
};

/** Longer names than these say no more. */
const shortest = { "readability-identifier-length": ["Variable", "Parameter"] } as const;

const options = Object.entries(shortest).flatMap(([check, kinds]) =>
  kinds.map((kind) => ({ key: `${check}.Minimum${kind}NameLength`, value: "2" })),
);

/** Words of clang-tidy's command line before the file. `deep`: paths are followed too. */
export function tidyFlags(deep: boolean): readonly string[] {
  const left = Object.keys({ ...tidyExceptions, ...laterExceptions }).map((check) => `-${check}`);
  return tidyFlagsOf(["-*", ...groups, ...(deep ? [pathChecks] : []), ...left]);
}

/** The same for checks of one's own choice. */
export function tidyFlagsOf(checks: readonly string[]): readonly string[] {
  const config = {
    Checks: checks.join(","),
    CheckOptions: options,
    HeaderFilterRegex: ".*",
    WarningsAsErrors: "*",
  };
  // JSON is YAML.
  return ["--quiet", `--config=${JSON.stringify(config)}`];
}
