/** The text of a block's function while it is written: its lines, and which of the core's state it keeps in variables. */
import type { Machine } from "../../machine/machine.js";
import type { Expression } from "../../machine/semantics.js";
import { expressionText } from "./expression-text.js";
import type { StateLayout } from "./state.js";

/** Lines that are replaced once it is known what the block changes and reads. */
const storeMark = "/* store */";
const loadMark = "/* load */";

/**
 * Registers are variables, r and their number, the flags fz (N and Z are its), fc and fv. x, t and i are for whoever writes a
 * line; each access to memory has a window: its elements a0, where it begins b0 and its length l0.
 */
export class BlockText {
  readonly #lines: string[] = [];
  readonly #used = new Set<number>();
  readonly #written = new Set<number>();
  #windows = 0;
  #usesFlags = false;

  constructor(
    readonly machine: Machine,
    readonly layout: StateLayout,
  ) {}

  get lines(): readonly string[] {
    return this.#lines;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  register(number: number): string {
    this.#used.add(number);
    return `r${number}`;
  }

  set(number: number, value: string): void {
    this.#used.add(number);
    this.#written.add(number);
    const { aligned, programCounter } = this.machine.registers;
    const isAligned = number !== programCounter && (aligned & (1 << number)) !== 0;
    this.line(isAligned ? `r${number} = (${value}) & -4;` : `r${number} = ${value};`);
  }

  /** The flags are read or written. */
  useFlags(): void {
    this.#usesFlags = true;
  }

  value(expression: Expression): string {
    return expressionText(expression, {
      register: (number) => this.register(number),
      carry: () => {
        this.useFlags();
        return "fc";
      },
      lanes: () => `R[${this.layout.lanes}]`,
    });
  }

  /** Number of a new window. */
  window(): number {
    return this.#windows++;
  }

  /** All that the block changes goes into the state. */
  store(): void {
    this.line(storeMark);
  }

  /** Somebody else may have changed the state. */
  load(): void {
    this.line(loadMark);
  }

  /** Back to who runs blocks, with the number of the next one. */
  leave(next: string): void {
    this.line(`x = ${next};`);
    this.store();
    this.line("return x;");
  }

  /** A call of a hook, which may end the run. */
  hook(number: number, at: number, bytes: number): void {
    this.line(`K[${number}](${at}, ${bytes}); if (R[${this.layout.stop}] !== 0) E.halt(${at});`);
  }

  /** The whole: an expression that gives a `MadeBlock`. @param entry lines in front of all others */
  text(entry: readonly string[]): string {
    const { result, carry, overflow } = this.layout;
    const { programCounter } = this.machine.registers;
    const flags = [
      ["fz", result],
      ["fc", carry],
      ["fv", overflow],
    ] as const;
    const named = [
      ...[...this.#used].map((number) => [`r${number}`, number] as const),
      ...(this.#usesFlags ? flags : []),
    ];
    const loads = named.map(([name, index]) => `${name} = R[${index}]`);
    const stores = named
      .filter(([, index]) => index >= result || (index !== programCounter && this.#written.has(index)))
      .map(([name, index]) => `R[${index}] = ${name};`);
    const lines = this.#lines.map((line) => {
      if (line === storeMark) return stores.join(" ");
      return line === loadMark && loads.length > 0 ? `${loads.join("; ")};` : line;
    });
    const windows = Array.from(
      { length: this.#windows },
      (_, index) => `let a${index} = undefined, b${index} = 0, l${index} = 0;`,
    );
    const closed = Array.from(
      { length: this.#windows },
      (_, index) => `a${index} = undefined; l${index} = 0;`,
    ).join(" ");
    const variables = `let ${[...loads, "x = 0", "t = 0", "i = 0", "w = undefined"].join(", ")};`;
    return [
      "(() => {",
      ...windows,
      "return { execute: () => {",
      ...entry,
      variables,
      ...lines,
      `}, closeWindows: () => { ${closed} } };`,
      "})()",
    ].join("\n");
  }
}
