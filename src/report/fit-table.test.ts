import { describe, expect, it } from "vitest";
import { fitTable, type TableShape } from "./fit-table.js";

const shape: TableShape = {
  aligns: ["left", "right", "right", "right", "right", "left"],
  groups: [1, 3, 5],
};
const rows = [
  ["Name", "malloc", "max", "free", "max", "what it is"],
  "a trace, of which the name is longer than the table is wide",
  ["  one", "1", "22", "3", "44", "a text of several words"],
  ["  another", "100", "2,000", "300", "4,000", "short"],
];
const words = (lines: readonly string[]): readonly string[] => lines.join(" ").split(/\s+/).toSorted();

describe("a table", () => {
  it("is as wide as its cells where that fits", () => {
    expect(fitTable(shape, rows.slice(2), 80)).toEqual([
      "  one        1     22    3     44  a text of several words",
      "  another  100  2,000  300  4,000  short",
    ]);
  });

  it("has its text go on below itself where that is enough", () => {
    expect(fitTable(shape, rows, 57)).toEqual([
      "Name       malloc    max  free    max  what it is",
      "a trace, of which the name is longer than the table is",
      "wide",
      "  one           1     22     3     44  a text of several",
      "                                       words",
      "  another     100  2,000   300  4,000  short",
    ]);
  });

  it("goes on in further blocks where it is not, columns of a group together", () => {
    expect(fitTable(shape, rows, 27)).toEqual([
      "Name       malloc    max",
      "a trace, of which the name",
      "is longer than the table is",
      "wide",
      "  one           1     22",
      "  another     100  2,000",
      "",
      "Name       free    max",
      "a trace, of which the name",
      "is longer than the table is",
      "wide",
      "  one         3     44",
      "  another   300  4,000",
      "",
      "Name       what it is",
      "a trace, of which the name",
      "is longer than the table is",
      "wide",
      "  one      a text of",
      "           several words",
      "  another  short",
    ]);
  });

  it("leaves out of a block what stands over columns of another", () => {
    const heads = [
      ["", "", "over", "", "", ""],
      ["Name", "a", "b", "c", "d", "e"],
      ["one", "1", "2", "3", "4", "5"],
    ];
    expect(fitTable({ ...shape, groups: [1, 3] }, heads, 14)).toEqual([
      "         over",
      "Name  a     b",
      "one   1     2",
      "",
      "Name  c  d  e",
      "one   3  4  5",
    ]);
  });

  it("loses no word at any width", () => {
    const own = rows.filter((row) => typeof row !== "string");
    for (let width = 27; width <= 120; width++) {
      const lines = fitTable(shape, own, width);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      const expected = new Set(words(own.map((row) => row.join(" "))));
      expect(new Set(words(lines).filter((word) => word !== ""))).toEqual(
        new Set([...expected].filter((word) => word !== "")),
      );
    }
  });

  it("breaks words of the columns that may be broken", () => {
    const table: TableShape = { aligns: ["left", "right"], breaks: [0], least: [17] };
    expect(fitTable(table, [["a-name-of-a-trace-that-is-long", "1,000"]], 26)).toEqual([
      "a-name-of-a-trace-t  1,000",
      "hat-is-long",
    ]);
  });

  it("paints every line of a row", () => {
    const paint = (line: string, row: number) => `${row}${line}`;
    expect(fitTable({ aligns: ["left"] }, [["one two three four five"], ["six"]], 17, paint)).toEqual([
      "0one two three",
      "0four five",
      "1six",
    ]);
  });
});
