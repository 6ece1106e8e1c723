/**
 * Accesses to memory as text. Each has a window: the run of memory that it went to last, where it need ask nobody. Outside
 * of it, and unaligned, it goes the slow way, which says what its window is from then on.
 */
import type { Expression, Semantics } from "../../machine/semantics.js";
import type { BlockText } from "./block-text.js";

type Kind<Name extends Semantics["kind"]> = Extract<Semantics, { readonly kind: Name }>;
type Width = 1 | 2 | 4;

/** An index that is too large for an address outside of the window and for an unaligned one; t is the address, i the index. */
function index(address: string, bytes: Width, window: number): string {
  const offset = `((t = ${address}) - b${window})`;
  if (bytes === 1) return `(i = ${offset} >>> 0)`;
  const shift = bytes === 2 ? 1 : 2;
  return `(i = ${offset} | 0, i = (i >>> ${shift} | i << ${32 - shift}) >>> 0)`;
}

const moveWindow = (window: number): string =>
  `w = M.window(), a${window} = w.elements, b${window} = w.base, l${window} = w.length`;

/** What is loaded, without its sign. */
export function loaded(text: BlockText, address: string, bytes: Width, at: number): string {
  const window = text.window();
  const slow = `(x = M.load(t, ${bytes}, ${at}), ${moveWindow(window)}, x)`;
  return `(${index(address, bytes, window)} < l${window} ? a${window}[i] : ${slow})`;
}

function store(text: BlockText, address: string, value: string, bytes: Width, at: number): void {
  const window = text.window();
  const slow = `M.store(t, ${bytes}, ${value}, ${at}); ${moveWindow(window)};`;
  text.line(`if (${index(address, bytes, window)} < l${window}) a${window}[i] = ${value}; else { ${slow} }`);
}

const storedText = (text: BlockText, register: number, stored: Expression | undefined): string =>
  stored === undefined ? text.register(register) : text.value(stored);

/** @param constantAt a word that never changes; undefined for all others */
export function transfer(
  text: BlockText,
  { kind, register, address, bytes, isSigned, writeBack, stored }: Kind<"load" | "store">,
  at: number,
  constantAt: (address: number, bytes: Width) => number | undefined,
): void {
  if (kind === "store") {
    store(text, text.value(address), storedText(text, register, stored), bytes, at);
  } else {
    const constant = address.kind === "constant" ? constantAt(address.value, bytes) : undefined;
    const value = constant === undefined ? loaded(text, text.value(address), bytes, at) : `${constant | 0}`;
    const shift = 32 - 8 * bytes;
    text.line(isSigned === true ? `x = ${value} << ${shift} >> ${shift};` : `x = ${value};`);
  }
  if (writeBack !== undefined) text.set(writeBack.register, text.value(writeBack.value));
  if (kind === "load") text.set(register, "x");
}

export function transferMultiple(
  text: BlockText,
  { kind, base, fixed, registers, offset, advance }: Kind<"loadMultiple" | "storeMultiple">,
  at: number,
): void {
  const window = text.window();
  const isLoad = kind === "loadMultiple";
  const from = fixed === undefined ? text.register(base) : `${fixed}`;
  const each = (way: (position: number, register: number) => string): void =>
    text.line(registers.map((register, position) => way(position, register)).join(" "));
  text.line("{");
  if (isLoad) text.line(`let ${registers.map((_, position) => `v${position} = 0`).join(", ")};`);
  text.line(`if (${index(`${from} + ${offset}`, 4, window)} < l${window} - ${registers.length - 1}) {`);
  each((position, register) =>
    isLoad
      ? `v${position} = a${window}[i + ${position}];`
      : `a${window}[i + ${position}] = ${text.register(register)};`,
  );
  text.line("} else { x = t;");
  each((position, register) =>
    isLoad
      ? `v${position} = M.load(x + ${4 * position}, 4, ${at});`
      : `M.store(x + ${4 * position}, 4, ${text.register(register)}, ${at});`,
  );
  text.line(`${moveWindow(window)}; }`);
  if (advance !== 0) text.set(base, `${from} + ${advance} | 0`);
  if (isLoad) for (const [position, register] of registers.entries()) text.set(register, `v${position}`);
  text.line("}");
}

export function exclusive(
  text: BlockText,
  { register, address, bytes, status, stored }: Kind<"exclusive">,
  at: number,
): void {
  const reservation = `R[${text.layout.reservation}]`;
  if (status === undefined) {
    text.line(`x = ${loaded(text, text.value(address), bytes, at)}; ${reservation} = 1;`);
    text.set(register, "x");
    return;
  }
  text.line(`if (${reservation} !== 0) {`);
  store(text, text.value(address), storedText(text, register, stored), bytes, at);
  text.line("}");
  text.set(status, `${reservation} ^ 1`);
  text.line(`${reservation} = 0;`);
}
