/** Colours of the page, which are other ones in the dark and on paper. */

export type Colour = readonly [red: number, green: number, blue: number];

/** The value of a custom property, "#rrggbb". */
export const colourText = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function colour(name: string): Colour {
  const value = Number.parseInt(colourText(name).slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** From one colour to the next of a row, `share` of the way from the first to the last. */
export function between(row: readonly Colour[], share: number): Colour {
  const place = Math.max(0, Math.min(1, share)) * (row.length - 1);
  const left = row[Math.floor(place)] ?? [0, 0, 0];
  const right = row[Math.ceil(place)] ?? left;
  const part = place - Math.floor(place);
  const mixed = (index: 0 | 1 | 2): number => Math.round(left[index] * (1 - part) + right[index] * part);
  return [mixed(0), mixed(1), mixed(2)];
}

/** `draw` is called when colours change; what is printed is drawn in light ones. */
export function onColours(draw: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("beforeprint", () => {
    document.documentElement.dataset["scheme"] = "light";
    draw();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset["scheme"];
    draw();
  });
}
