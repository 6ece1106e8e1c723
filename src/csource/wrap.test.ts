import { expect, test } from "vitest";
import { macrosOf, prefixed } from "./macros.js";
import { wrapped } from "./wrap.js";

const long = (count: number): string => "x".repeat(count);

test("a line within the page stays as it is", () => {
  const line = `    return ${long(100)};`;
  expect(wrapped(line)).toBe(line);
});

test("a condition is broken behind its operator, under what it belongs to", () => {
  expect(wrapped(`    if ((${long(60)} != 0U) && (${long(60)} == f(a, b))) {`)).toBe(
    `    if ((${long(60)} != 0U) &&\n        (${long(60)} == f(a, b))) {`,
  );
});

test("a call is broken behind a comma, an assignment behind its sign", () => {
  expect(wrapped(`    call_of(${long(60)}, ${long(60)});`)).toBe(
    `    call_of(${long(60)},\n            ${long(60)});`,
  );
  expect(wrapped(`    const uint32_t ${long(50)} = ${long(60)};`)).toBe(
    `    const uint32_t ${long(50)} =\n        ${long(60)};`,
  );
});

test("a comment behind code stands in front of it, or in the block it opens", () => {
  expect(wrapped(`    a = ${long(100)}; /* Why it is. */`)).toBe(
    `    /* Why it is. */\n    a = ${long(100)};`,
  );
  expect(wrapped(`    if (${long(100)}) { /* Why it is. */`)).toBe(
    `    if (${long(100)}) {\n        /* Why it is. */`,
  );
});

test("what is left of a comment's line begins the next one", () => {
  const words = "word ".repeat(23).trim();
  expect(wrapped(` * ${words} left over\n * of it.\n */`)).toBe(` * ${words}\n * left over of it.\n */`);
  expect(wrapped(` * ${words} left over\n * @return It.\n */`)).toBe(
    ` * ${words}\n * left over\n * @return It.\n */`,
  );
});

test("what is said of a parameter goes on under its first word", () => {
  expect(wrapped(` * @param size  ${long(80)} ${long(40)}\n`)).toBe(
    ` * @param size  ${long(80)}\n *              ${long(40)}\n`,
  );
});

test("a comparison is broken behind its sign rather than within an operand", () => {
  expect(wrapped(`    a(${long(50)} > ((${long(30)} << 1U) + (${long(30)} >> 2U)));`)).toBe(
    `    a(${long(50)} >\n      ((${long(30)} << 1U) + (${long(30)} >> 2U)));`,
  );
});

test("comments are filled by words", () => {
  const words = `${"word ".repeat(24)}end.`;
  expect(
    wrapped(` * ${words}`)
      .split("\n")
      .map((line) => line.length <= 120 && line.startsWith(" * ")),
  ).toEqual([true, true]);
  expect(wrapped(`/* ${words} */`).split("\n")[0]).toBe("/*");
});

test("macros get the prefix wherever they are told of", () => {
  const text =
    '#define USED (1U)\n#define H_SIZE (2U)\n/* USED, USED_UP and it. */\n_Static_assert(USED == x->USED, "USED");';
  expect(macrosOf(text)).toEqual(["USED", "H_SIZE"]);
  expect(prefixed("FIRST_BLOCK", new Set(["FIRST_BLOCK"]), "FIRST_")).toBe("FIRST_FIRST_BLOCK");
  expect(prefixed(text, new Set(["USED"]), "H_")).toBe(
    '#define H_USED (1U)\n#define H_SIZE (2U)\n/* H_USED, USED_UP and it. */\n_Static_assert(H_USED == x->USED, "H_USED");',
  );
});
