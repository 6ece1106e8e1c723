/** Script and style of the pages, as the build has bundled them from `page/`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../package-folder.js";

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** @throws Error where the package was not built */
export function pageAssets(): PageAssets {
  const read = (name: string): string => readFileSync(join(packageFolder(), "dist", "page", name), "utf8");
  // The script stands in an element, which it must not end.
  return { script: read("page.js").replaceAll("</script", "<\\/script"), style: read("page.css") };
}
