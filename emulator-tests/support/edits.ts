/** Edits of generated C, as hands make them by mistake. */
import type { Edit } from "./bench.js";

/** Replaces every `from`. @throws Error where the C has none: the fault would test nothing. */
export function swap(from: string, to: string): Edit {
  return (source) => {
    const edited = source.replaceAll(from, to);
    if (edited === source) throw new Error(`the generated C has no "${from}"`);
    return edited;
  };
}

export const drop = (text: string): Edit => swap(text, "");

/** The edit, within one function. */
export function within(name: string, edit: Edit): Edit {
  return (source) => {
    const start = source.search(new RegExp(`^\\w[\\w *]*\\b${name}\\(.*\\)\n{`, "m"));
    if (start < 0) throw new Error(`the generated C has no function ${name}`);
    const end = source.indexOf("\n}\n", start);
    return source.slice(0, start) + edit(source.slice(start, end)) + source.slice(end);
  };
}

/** `statement` as the first of a function's. */
export const begin = (name: string, statement: string): Edit =>
  within(name, (text) => text.replace("\n{\n", `\n{\n    ${statement}\n`));
