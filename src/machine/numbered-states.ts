/** Every different state of a pipeline once, by number: what the interface of cycle models hands from step to step. */
export class NumberedStates<State> {
  readonly #states: State[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param keyOf equal states have equal keys, and others different ones */
  constructor(private readonly keyOf: (state: State) => string) {}

  number(state: State): number {
    const key = this.keyOf(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.push(state) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  state(number: number): State {
    const found = this.#states[number];
    if (found === undefined) throw new Error(`no pipeline state ${number}`);
    return found;
  }
}
