/** Parts of a page that need no script. */
import { formatFigure } from "../table.js";

/** HTML whose text is escaped. */
export interface Markup {
  readonly html: string;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);

export const nothing: Markup = { html: "" };

export const joined = (parts: readonly Markup[]): Markup => ({
  html: parts.map(({ html }) => html).join("\n"),
});

export const paragraph = (text: string): Markup => ({ html: `<p>${escaped(text)}</p>` });

export const preformatted = (text: string): Markup =>
  // To be scrolled by keyboard it must take the focus.
  ({ html: `<pre tabindex="0">${escaped(text)}</pre>` });

export const details = (summary: string, content: Markup, isOpen = false): Markup => ({
  html: `<details${isOpen ? " open" : ""}><summary>${escaped(summary)}</summary>\n${content.html}\n</details>`,
});

/** A section with an anchor. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

export type Cell = string | Markup;

/** @param align of each column */
export function tableMarkup(
  align: readonly ("left" | "right")[],
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  caption = "",
  /** What it is, where no caption says it. */
  label = caption === "" ? "table" : caption,
): Markup {
  const side = (index: number): string => (align[index] === "right" ? ' class="number"' : "");
  const heads = head.map((text, index) => `<th scope="col"${side(index)}>${escaped(text)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, index) => {
          const html = typeof cell === "string" ? escaped(cell) : cell.html;
          return index === 0
            ? `<th scope="row"${side(index)}>${html}</th>`
            : `<td${side(index)}>${html}</td>`;
        })
        .join("")}</tr>`,
  );
  const title = caption === "" ? "" : `<caption>${escaped(caption)}</caption>`;
  return {
    html: `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(label)}"><table>${title}<thead><tr>${heads.join("")}</tr></thead>\n<tbody>${body.join("\n")}</tbody></table></div>`,
  };
}

export const facts = (rows: readonly (readonly [string, string])[]): Markup => ({
  html: `<dl class="facts">${rows
    .map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`)
    .join("")}</dl>`,
});

export interface Bar {
  readonly label: string;
  /** Null: not known. */
  readonly value: number | null;
  /** What stands beside the figure. */
  readonly note?: string;
  /** What it must not exceed: a mark. */
  readonly limit?: number;
  readonly tone?: "own" | "bad";
}

/** Figures of one unit side by side; none is as long as the largest, limits included. */
export function bars(title: string, unit: string, rows: readonly Bar[]): Markup {
  const most = Math.max(1, ...rows.flatMap(({ value, limit }) => [value ?? 0, limit ?? 0]));
  const share = (value: number): string => `${((100 * value) / most).toFixed(2)}%`;
  const lines = rows.map(({ label, value, note = "", limit, tone }) => {
    const bar = value === null ? "" : `<span class="bar" style="width:${share(value)}"></span>`;
    const mark = limit === undefined ? "" : `<span class="limit" style="left:${share(limit)}"></span>`;
    const figure = value === null ? "-" : formatFigure(value);
    return `<tr${tone === undefined ? "" : ` class="${tone}"`}><th scope="row">${escaped(label)}</th><td class="number">${figure}</td><td class="track"><span class="line">${bar}${mark}</span></td><td class="note">${escaped(note)}</td></tr>`;
  });
  return {
    html: `<table class="bars"><caption>${escaped(title)} <small>${escaped(unit)}</small></caption><tbody>${lines.join("\n")}</tbody></table>`,
  };
}

/** Where a view is drawn by the page's script. @param index of the view in the page's data */
export const figure = (index: number, title: string): Markup => ({
  html: `<figure class="view" data-view="${index}"><figcaption>${escaped(title)}</figcaption><noscript>It is drawn by a script.</noscript></figure>`,
});
