import { expect, it } from "vitest";
import { isNeverRead } from "./never-read.js";

const text = `#define H_FIRST_CLASS (6U)
#define H_CLASSES     (22U) /* 6 to 27. */
static inline uint32_t first_in(uint32_t word)
{
    static const uint8_t place[32] = {
        5U, 6U, 7U, 27U, 28U,
    };

    return place[word >> 27U];
}
`;

function mutant(was: string, becomes = "99U", name = "first_in") {
  const start = text.lastIndexOf(was);
  return {
    operator: "constant",
    function: name,
    line: 6,
    edits: [{ start, end: start + was.length, text: becomes }],
  };
}

it("entries of no class and of the first are never read, the others are", () => {
  const known = ["5U", "6U", "7U", "27U,", "28U"].map((was) => [
    was,
    isNeverRead(text, mutant(was.replace(",", "")), "h"),
  ]);
  expect(Object.fromEntries(known)).toMatchObject({ "5U": true, "6U": true, "7U": false, "28U": true });
});

it("numbers beside the table, other functions and other changes are not known", () => {
  expect(isNeverRead(text, mutant("27U"), "h")).toBe(false);
  expect(isNeverRead(text, mutant("28U", "99U", "other"), "h")).toBe(false);
  expect(isNeverRead(text, mutant("28U", "f()"), "h")).toBe(false);
  expect(isNeverRead(text, mutant("28U"), "other")).toBe(false);
});
