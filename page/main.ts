/** Draws the views of a page. */
import type { View } from "../src/report/page/data.js";
import { mountDump } from "./dump.js";
import { element } from "./elements.js";
import { mountHistogram } from "./histogram.js";
import { mountScatter } from "./scatter.js";
import { mountTime } from "./time-view.js";

async function mount(figure: HTMLElement, view: View): Promise<void> {
  switch (view.kind) {
    case "time":
      await mountTime(figure, view);
      return;
    case "histogram":
      mountHistogram(figure, view);
      return;
    case "scatter":
      mountScatter(figure, view);
      return;
    case "dump":
      mountDump(figure, view);
      return;
  }
}

const views = JSON.parse(document.getElementById("views")?.textContent ?? "[]") as readonly View[];
for (const figure of document.querySelectorAll<HTMLElement>("figure[data-view]")) {
  const view = views[Number(figure.dataset["view"])];
  if (view === undefined) continue;
  mount(figure, view).then(
    () => (figure.dataset["drawn"] = "yes"),
    (error: unknown) => {
      figure.dataset["drawn"] = "no";
      figure.append(element("p", { class: "bad" }, `This view could not be drawn: ${String(error)}`));
    },
  );
}
