/** The table of outputs in docs/embedding.md: a row for each that a config may ask for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageFolder } from "../package-folder.js";
import { glueKinds } from "./glue/config.js";

/** Cells of each row of the table with these first cells. */
function tableOf(text: string, head: string): readonly (readonly string[])[] {
  const lines = text.slice(text.indexOf(head)).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

const rows = tableOf(
  readFileSync(join(packageFolder(), "docs", "embedding.md"), "utf8"),
  "| output | files | lines you write | what was run, and where | result |",
);

it("has each output once, and no other", () => {
  expect(rows.map(([output = ""]) => output.replaceAll("`", "")).toSorted()).toEqual(glueKinds.toSorted());
});

it("says of each how many lines a user writes, what was run and with what result", () => {
  for (const [output = "", files = "", lines = "", run = "", result = "", ...more] of rows) {
    expect(files, output).toMatch(/^`.*`$/);
    expect(lines, output).toMatch(/^[0-5](?:[,:;] .+)?$/);
    expect(run.length, output).toBeGreaterThan(10);
    expect(result, output).not.toBe("");
    expect(more, output).toEqual([]);
  }
});
