import { expect, test } from "vitest";
import { openBarriers } from "./barriers.js";

const lock = (statement: string): string => `static inline uint32_t lock_heap(void)
{
    uint32_t state;

    ${statement}
    return state;
}
`;

test.each([
  ['__asm__ volatile("mrs %0, primask" : "=r"(state) : : "memory");', []],
  ['__asm volatile ("mrs %0, primask" : "=r"(state) : : "cc", "memory");', []],
  ['__asm__("clz %0, %1" : "=r"(state) : "r"(0));', []],
  ['__asm__ volatile("mrs %0, primask" : "=r"(state));', [{ function: "lock_heap", line: 5 }]],
  ['asm __volatile__("mrs %0, primask" : "=r"(state) : : "cc");', [{ function: "lock_heap", line: 5 }]],
])("%s", (statement, expected) => {
  expect(openBarriers(lock(statement))).toEqual(expected);
});

test("a text that is no C has none", () => {
  expect(openBarriers("/* without an end")).toEqual([]);
});
