import { expect, test } from "vitest";
import { dependencyText } from "./dependency-file.js";

test("names the target once, and each file as a target without a recipe", () => {
  expect(dependencyText("build/heap.d", ["/a/alloc-gen.json", "/b/package.json"])).toBe(
    "build/heap.d: /a/alloc-gen.json /b/package.json\n/a/alloc-gen.json:\n/b/package.json:\n",
  );
});

test("escapes what make would read otherwise", () => {
  expect(dependencyText("C:\\my build\\$x#.d", [])).toBe("C:/my\\ build/$$x\\#.d: \n");
});
