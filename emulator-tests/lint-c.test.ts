/** The checkers themselves: clean C passes, and each kind of fault is found by the checker that is there for it. */
import { expect, test } from "vitest";
import { lintC } from "./support/lint-c.js";
import { sampleHeap } from "./support/sample-heap.js";

test("the hand-written sample is clean", async () => {
  expect(await lintC(sampleHeap(), [], { deep: true })).toEqual([]);
});

test.each([
  [
    "a cast that loses alignment",
    "clang thumbv6m",
    [["result = &sample_heap_memory[used];", "result = (uint32_t *)&sample_heap_memory[used];"]],
  ],
  [
    "a macro nobody uses",
    "clang thumbv7em",
    [["#define HEAP_BYTES", "#define UNUSED (1U)\n#define HEAP_BYTES"]],
  ],
  [
    "a null pointer that is followed",
    "gcc -fanalyzer",
    [["return result;", "if (result == NULL) { *(uint8_t *)result = 1U; }\n    return result;"]],
  ],
  [
    "a branch that is the same as the other",
    "gcc -fanalyzer",
    [
      [
        "used += ((uint32_t)size",
        "if (size > 8U) { used += 1U; } else { used += 1U; }\n        used += ((uint32_t)size",
      ],
    ],
  ],
  [
    "a variable of wider scope than it needs",
    "cppcheck",
    [
      ["void *result = NULL;", "void *result = NULL;\n    uint32_t step;"],
      ["used += ((uint32_t)size", "step = 7U; used += step * 0U + ((uint32_t)size"],
    ],
  ],
  [
    "a condition that compares a value with itself",
    "clang-tidy",
    [["return result;", "return ((used & HEAP_BYTES) == (used & HEAP_BYTES)) ? result : NULL;"]],
  ],
] as const)("%s is found by %s", async (_, checker, replacements) => {
  const findings = await lintC(sampleHeap(...replacements));
  expect(findings.map((finding) => finding.checker)).toContain(checker);
});

test("a header that C++ cannot read", async () => {
  const [header, source] = sampleHeap();
  const text = header?.text.replace(
    "void sample_heap_init(void);",
    "void sample_heap_init(void);\nextern int class;",
  );
  const findings = await lintC([
    { name: "sample_heap.h", text: text ?? "" },
    { name: "sample_heap.c", text: source?.text ?? "" },
  ]);
  expect(findings.map((finding) => finding.checker)).toContain("clang, header as C++");
});

test("a null pointer that clang-tidy finds on a path of a function, and only if it follows paths", async () => {
  const sample = sampleHeap([
    "return result;",
    "if (result == NULL) { *(uint8_t *)result = 1U; }\n    return result;",
  ]);
  const named = async (deep: boolean): Promise<readonly string[]> =>
    (await lintC(sample, [], { deep }))
      .filter(({ checker }) => checker === "clang-tidy")
      .flatMap(({ output }) =>
        [...output.matchAll(/\[([\w.-]+),-warnings-as-errors\]/g)].map(([, name]) => name ?? ""),
      );
  expect(await named(true)).toContain("clang-analyzer-core.NullDereference");
  expect(await named(false)).not.toContain("clang-analyzer-core.NullDereference");
});
