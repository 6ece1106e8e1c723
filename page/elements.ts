/** Elements, made in one line each. */

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const svg = (
  tag: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElement => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
};

export function button(text: string, name: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", "aria-label": name, title: name }, text);
  made.addEventListener("click", act);
  return made;
}

/** A choice with a label. */
export function choice(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  choose: (value: string) => void,
): { readonly label: HTMLLabelElement; readonly select: HTMLSelectElement } {
  const select = element(
    "select",
    {},
    ...options.map(({ value, text }) => element("option", { value }, text)),
  );
  select.addEventListener("change", () => choose(select.value));
  return { label: element("label", {}, `${label} `, select), select };
}

export const count = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 1 });
export const hex = (value: number): string => `0x${Math.floor(value).toString(16)}`;

/** `draw` with the width of `host`, now and whenever it changes. */
export function onWidth(host: HTMLElement, draw: (width: number) => void): void {
  let known = 0;
  new ResizeObserver(() => {
    const width = Math.floor(host.clientWidth);
    if (width === known || width === 0) return;
    known = width;
    draw(width);
  }).observe(host);
}
