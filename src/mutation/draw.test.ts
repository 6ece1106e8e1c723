import { expect, it } from "vitest";
import { drawn, mutantsOf } from "./draw.js";

const text = `uint32_t f(uint32_t a, uint32_t b)
{
    return (a < b) ? (a + b) : (a - 7U);
}
`;

it("a draw has every mutant once, in an order of its seed", () => {
  const all = mutantsOf(text);
  const [one, same, other] = [drawn(all, 1), drawn(all, 1), drawn(all, 2)];
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  expect(new Set(one)).toEqual(new Set(all));
  expect(one).toHaveLength(all.length);
});

it("a draw begins with as many operators, whatever number of mutants each has", () => {
  const many = `uint32_t f(uint32_t a, uint32_t b)\n{\n${"    a = a + 7U;\n".repeat(50)}    return a << b;\n}\n`;
  const first = drawn(mutantsOf(many), 3).slice(0, 12);
  expect(first.map(({ operator }) => operator)).toContain("shift");
});

it("a mutant tells its line", () => {
  const [mutant] = mutantsOf(text, { operators: ["relational"] });
  expect(mutant).toEqual({
    operator: "relational",
    function: "f",
    line: 3,
    edits: [{ start: text.indexOf("<"), end: text.indexOf("<") + 1, text: "<=" }],
  });
});
