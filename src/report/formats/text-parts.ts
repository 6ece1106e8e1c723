/** What the sections of the text are made of. */
import picocolors from "picocolors";
import { reportWidth } from "../table.js";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** What text is printed on. */
export interface Terminal extends Colors {
  /** Characters that a line of text has at most, and one of a table. */
  readonly width: number;
  readonly columns: number;
}

/** Text is no wider than in a file: longer lines are no easier to read. */
export const terminalOf = (colored: boolean, width = reportWidth): Terminal => ({
  ...picocolors.createColors(colored),
  width: Math.min(width, reportWidth),
  columns: width,
});

/** Lines; one without any is left out. */
export type Section = readonly string[];

/** Sections with an empty line between them, and a final line break. */
export function joinSections(sections: readonly Section[]): string {
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}
