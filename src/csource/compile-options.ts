/** How templates are compiled, when the package is built or when they are read. */
import { sep } from "node:path";

export const compileOptions = { strict: true, noEscape: true, knownHelpersOnly: true } as const;

/** What others call a template. @param file below the templates' folder */
export const templateName = (file: string): string =>
  file
    .split(sep)
    .join("/")
    .replace(/\.hbs$/, "");
