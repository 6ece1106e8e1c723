import { expect, test } from "vitest";
import { placedFunctions } from "../../csource/source-lines.js";
import { uncalledNames } from "./names.js";

const files = [
  {
    functions: placedFunctions(`static void h_secret(void)
{
}
void h_init(void)
{
}
void *h_malloc(size_t size)
{
}
void h_free(void *pointer)
{
}
void h_walk(h_visit_t visit, void *context)
{
    h_secret();
}
size_t h_tagged_bytes(uint32_t tag)
{
}
`),
  },
];

test("functions that are public and the replay does not call are told", () => {
  const names = { heapSymbol: "heap", init: "h_init", malloc: "h_malloc", free: "h_free", tagged: false };
  expect(uncalledNames(files, names)).toEqual(["h_walk", "h_tagged_bytes"]);
  expect(uncalledNames(files, { ...names, calloc: "h_walk" })).toEqual(["h_tagged_bytes"]);
});
