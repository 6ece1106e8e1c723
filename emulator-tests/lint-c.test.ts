/** The checkers themselves: clean C passes, and each kind of fault is found by the checker that is there for it. */
import { expect, test } from "vitest";
import { lintC } from "./support/lint-c.js";
import { sampleHeap } from "./support/sample-heap.js";

test("the hand-written sample is clean", async () => {
  expect(await lintC(sampleHeap())).toEqual([]);
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
    "a variable of wider scope than it needs",
    "cppcheck",
    [
      ["void *result = NULL;", "void *result = NULL;\n    uint32_t step;"],
      ["used += ((uint32_t)size", "step = 7U; used += step * 0U + ((uint32_t)size"],
    ],
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
