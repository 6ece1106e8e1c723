import { expect, it } from "vitest";
import { equivalents, knownEquivalent } from "./equivalents.js";

const text = `void app_heap_init(void)
{
    for (uint32_t i = 0U; i < APP_HEAP_BITMAP_WORDS; i++) {
        word(i);
    }
}
`;
const known = [{ function: "init", was: "i < BITMAP_WORDS", becomes: "i <= BITMAP_WORDS", why: "it is" }];
const at = text.indexOf("<");
const mutant = (by: string, name = "app_heap_init") => ({
  operator: "relational",
  function: name,
  line: 3,
  edits: [{ start: at, end: at + 1, text: by }],
});

it("a mutant is known by its function and its change, without the heap's name", () => {
  expect(knownEquivalent(text, mutant("<="), "app_heap", known)).toBe("it is");
});

it("another change, function or heap is not known", () => {
  expect(knownEquivalent(text, mutant(">="), "app_heap", known)).toBeUndefined();
  expect(knownEquivalent(text, mutant("<="), "other", known)).toBeUndefined();
  expect(knownEquivalent(text, mutant("<=", "app_heap_malloc"), "app_heap", known)).toBeUndefined();
});

it("one that holds without a function of the file does not hold with it", () => {
  const [first] = known;
  const unless = (unlessWith: string) => (first === undefined ? [] : [{ ...first, unlessWith }]);
  expect(knownEquivalent(text, mutant("<="), "app_heap", unless("word"))).toBeUndefined();
  expect(knownEquivalent(text, mutant("<="), "app_heap", unless("wor"))).toBe("it is");
});

it("each known equivalent changes something, once", () => {
  const changes = equivalents.map(({ function: name, was, becomes }) => `${name}: ${was} => ${becomes}`);
  expect(new Set(changes).size).toBe(changes.length);
  expect(equivalents.filter(({ was, becomes }) => was === becomes)).toEqual([]);
});
