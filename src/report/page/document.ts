/** A report as one HTML file that loads nothing from elsewhere. */
import type { View } from "./data.js";
import { escaped, type Markup, type PageSection } from "./markup.js";
import { pageAssets } from "./assets.js";

export interface PageDocument {
  /** "app_heap for cortex-m4" */
  readonly title: string;
  readonly verdict: { readonly ok: boolean; readonly text: string };
  readonly introduction: Markup;
  readonly sections: readonly PageSection[];
  /** In the order in which sections name them. */
  readonly views: readonly View[];
}

/** What a page may do: nothing comes from a network, and nothing goes there. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

export function printPage({ title, verdict, introduction, sections, views }: PageDocument): string {
  const { script, style } = pageAssets();
  const links = sections.map(({ id, title: name }) => `<a href="#${id}">${escaped(name)}</a>`);
  const parts = sections.map(
    ({ id, title: name, content }) =>
      `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${escaped(name)}</h2>\n${content.html}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="alloc-gen">
<title>${escaped(title)}</title>
<style>
${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p class="verdict ${verdict.ok ? "good" : "bad"}">${escaped(verdict.text)}</p>
${introduction.html}
</header>
<nav aria-label="Sections">${links.join("\n")}</nav>
<main>
${parts.join("\n")}
</main>
<script type="application/json" id="views">${jsonForScript(views)}</script>
<script>
${script}</script>
</body>
</html>
`;
}

/** No text in it ends the element. */
const jsonForScript = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");
