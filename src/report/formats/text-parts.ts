/** What the sections of the text are made of. */
import type picocolors from "picocolors";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Lines; one without any is left out. */
export type Section = readonly string[];

/** Sections with an empty line between them, and a final line break. */
export function joinSections(sections: readonly Section[]): string {
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}
