/**
 * Every path through a function that can be, as a graph: values are known in part, and where a branch's condition
 * follows from what the path has seen before, only one way is followed.
 *
 * Paths that meet knowing the same go on as one, so that the graph grows with what can be known and not with the number
 * of paths.
 */
import type { PlacedInstruction } from "../machine/code.js";
import { LR, PC, SP, mayLeave, type Condition } from "../machine/arm/instruction.js";
import { maskEffect } from "../machine/arm/mask-effect.js";
import { Unprovable, execute, hex, link, type Surroundings } from "./execute.js";
import type { Exploration } from "./exploration.js";
import { KnownState } from "./known-state.js";
import type { Edge, Node } from "./graph.js";
import { splitByMagnitude } from "./magnitude.js";
import { Liveness, flagsMatter } from "./liveness.js";
import type { Outcome, Pricing } from "./pricing.js";
import { forgetAllButConstants, simplify, describe } from "./signature.js";
import { Terms, type Term } from "./terms.js";
import { Widening } from "./widening.js";

interface Place {
  readonly state: KnownState;
  readonly pipeline: number;
  readonly at: number;
  /** Registers known to be live, where control comes by a call. */
  readonly live: number | undefined;
}

const defaultMost = 100_000;

/** Nodes by number; the first is the entry. @throws Unprovable where control leaves what is known. */
export function explore(entry: number, exploration: Exploration): readonly Node[] {
  return new Explorer(entry, exploration).run();
}

class Explorer {
  readonly #numbers = new Map<string, number>();
  readonly #waiting: Place[] = [];
  readonly #liveness: Liveness;
  readonly #terms = new Terms();
  readonly #surroundings: Surroundings;
  readonly #returns: Term;
  readonly #dead: Term;
  readonly #widening: Widening;

  constructor(
    private readonly entry: number,
    private readonly exploration: Exploration,
  ) {
    this.#liveness = new Liveness(exploration.code, entry);
    this.#returns = this.#terms.leaf();
    this.#dead = this.#terms.leaf();
    this.#widening = new Widening({
      isLimited: (at) => exploration.isLimited?.(at) ?? false,
      isCode: (value) => exploration.code.at(value) !== undefined,
    });
    this.#surroundings = {
      stackPointer: this.#terms.leaf(),
      constantAt: (address, bytes) => exploration.constantAt(address, bytes),
      limitAt: (address, bytes) => exploration.limitAt?.(address, bytes),
    };
  }

  run(): readonly Node[] {
    const registers = Array.from({ length: 16 }, () => this.#terms.leaf());
    registers[SP] = this.#surroundings.stackPointer;
    registers[LR] = this.#returns;
    registers[PC] = this.#terms.constant(0);
    const state = new KnownState(this.#terms, registers);
    this.#number({ state, pipeline: this.exploration.pricing.start, at: this.entry, live: undefined });
    const nodes: Node[] = [];
    for (let place = this.#waiting.shift(); place !== undefined; place = this.#waiting.shift()) {
      const ways: Way[] = [];
      const seen = new Set<number>();
      this.#follow(place, 0, [], ways, seen);
      const edges = ways.map(({ onward, ...way }) => ({
        ...way,
        to: onward === undefined ? undefined : this.#number(onward),
      }));
      nodes.push({ at: place.at, edges, instructions: [...seen] });
    }
    return nodes;
  }

  /** The number of the node that stands for a block's start; a new one waits to be followed. */
  #number(place: Place): number {
    const { state, pipeline, at } = place;
    if (!flagsMatter(this.exploration.code, at)) state.setFlags(undefined);
    const keeps = [this.#surroundings.stackPointer, this.#returns];
    simplify(state, place.live ?? this.#liveness.before(at), this.#dead, keeps);
    if (this.exploration.keep === "constants") {
      forgetAllButConstants(state, keeps);
      this.#widening.apply(state, at);
    }
    const key = `${at} ${pipeline} ${describe(state)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number >= (this.exploration.most ?? defaultMost)) {
      throw new Unprovable("there are too many paths to look at");
    }
    this.#numbers.set(key, number);
    this.#waiting.push(place);
    return number;
  }

  /** Every way through the block, each to its end. `covering` are the conditions IT still lays on instructions. */
  #follow(place: Place, spent: number, covering: readonly Condition[], ways: Way[], seen: Set<number>): void {
    const { state } = place;
    let { pipeline, at } = place;
    let cycles = spent;
    let conditions = covering;
    for (;;) {
      const placed = this.#instruction(at);
      seen.add(at);
      const { instruction } = placed;
      const [condition, ...others] = conditions;
      conditions = instruction.kind === "it" ? instruction.conditions : others;
      const here: Step = { placed, state, pipeline, cycles, conditions, seen };
      if (condition !== undefined && condition < 14) {
        const holds = state.testCondition(condition);
        if (holds === undefined) {
          const other = state.copy();
          if (other.assumeCondition(condition, false)) this.#pass({ ...here, state: other }, "skipped", ways);
          if (!state.assumeCondition(condition, true)) return;
        } else if (!holds) {
          this.#pass(here, "skipped", ways);
          return;
        }
      }
      if (mayLeave(instruction)) {
        this.#leave(here, ways);
        return;
      }
      const parts =
        this.exploration.keep === "all" && condition === undefined
          ? splitByMagnitude(state, instruction)
          : [state];
      if (parts.length !== 1) {
        for (const part of parts)
          this.#follow({ ...here, state: part, at, live: undefined }, cycles, [], ways, seen);
        return;
      }
      execute(state, instruction, condition !== undefined, this.#surroundings);
      const step = this.exploration.pricing.step(pipeline, instruction, "executed");
      cycles += step.cycles;
      pipeline = step.next;
      at += instruction.size;
      const mask = maskEffect(instruction);
      if (mask !== undefined) {
        ways.push({ cycles, mask, onward: { state, pipeline, at, live: undefined } });
        return;
      }
    }
  }

  /** Control goes on behind the instruction. */
  #pass(here: Step, outcome: Outcome, ways: Way[]): void {
    const { placed, state, cycles, conditions, seen } = here;
    const { instruction } = placed;
    const step = this.#price(here, outcome);
    const place = { state, pipeline: step.next, at: instruction.at + instruction.size, live: undefined };
    // Inside an IT block the way goes on at once: a block's start does not know what IT still covers.
    if (conditions.length > 0) this.#follow(place, cycles + step.cycles, conditions, ways, seen);
    else ways.push({ cycles: cycles + step.cycles, onward: place });
  }

  /** An instruction that may leave, and that IT does not skip. */
  #leave(here: Step, ways: Way[]): void {
    const { instruction } = here.placed;
    const { state } = here;
    switch (instruction.kind) {
      case "branch":
        this.#take(here, instruction.target, ways);
        return;
      case "branchConditional":
        this.#fork(here, instruction.target, ways, {
          test: (at) => at.testCondition(instruction.condition),
          assume: (at, holds) => at.assumeCondition(instruction.condition, holds),
        });
        return;
      case "compareBranch": {
        const zero = {
          kind: "equal",
          left: state.register(instruction.encoding & 7),
          right: this.#terms.constant(0),
        } as const;
        const onZero = (instruction.encoding & 0x800) === 0;
        this.#fork(here, instruction.target, ways, {
          test: (at) => {
            const isZero = at.test(zero);
            return isZero === undefined ? undefined : isZero === onZero;
          },
          assume: (at, holds) => at.assume(zero, holds === onZero),
        });
        return;
      }
      case "call": {
        const after = instruction.at + instruction.size;
        link(state, after);
        this.#take(here, instruction.target, ways, this.#liveness.atCall(instruction.target, after));
        return;
      }
      case "branchExchange":
        if (instruction.link) throw new Unprovable("a call through a pointer goes to nobody knows where");
        this.#goTo(here, state.register(instruction.register), ways);
        return;
      case "load":
      case "loadMultiple":
        execute(state, instruction, false, this.#surroundings);
        this.#goTo(here, state.register(PC), ways);
        return;
      case "trap":
        return; // The core stops: no call comes back this way.
      case "alu":
      case "multiply":
      case "multiplyLong":
      case "divide":
      case "store":
      case "loadPair":
      case "storePair":
      case "storeMultiple":
      case "exclusive":
      case "tableBranch":
      case "it":
      case "system":
      case "nop":
      case "floatArithmetic":
      case "floatLoad":
      case "floatMove":
      case "floatStore":
        throw new Unprovable(`where the instruction at ${hex(instruction.at)} leads is not known`);
    }
  }

  #goTo(here: Step, target: Term, ways: Way[]): void {
    if (target === this.#returns) {
      const { cycles } = this.#price(here, "taken");
      ways.push({ cycles: here.cycles + cycles, onward: undefined });
    } else if (target.kind === "constant") {
      this.#take(here, (target.value & ~1) >>> 0, ways);
    } else {
      throw new Unprovable(`where the instruction at ${hex(here.placed.instruction.at)} leads is not known`);
    }
  }

  #take(here: Step, target: number, ways: Way[], live?: number): void {
    const step = this.#price(here, "taken");
    here.state.registers[PC] = this.#terms.constant(0);
    const place = { state: here.state, pipeline: step.next, at: target, live };
    ways.push({ cycles: here.cycles + step.cycles, onward: place });
  }

  #fork(here: Step, target: number, ways: Way[], question: Question): void {
    const answer = question.test(here.state);
    const goesOn = { ...here, state: here.state.copy() };
    if (answer !== false && question.assume(here.state, true)) this.#take(here, target, ways);
    if (answer !== true && question.assume(goesOn.state, false)) this.#pass(goesOn, "executed", ways);
  }

  #price({ placed, pipeline }: Step, outcome: Outcome): ReturnType<Pricing["step"]> {
    return this.exploration.pricing.step(pipeline, placed.instruction, outcome);
  }

  #instruction(at: number): PlacedInstruction {
    const placed = this.exploration.code.at(at);
    if (placed === undefined) throw new Unprovable(`control goes to ${hex(at)}, where no code is`);
    if (!("instruction" in placed)) throw new Unprovable(`the encoding at ${hex(at)} is not known`);
    return placed;
  }
}

interface Question {
  test(state: KnownState): boolean | undefined;
  assume(state: KnownState, holds: boolean): boolean;
}

interface Step {
  readonly placed: PlacedInstruction;
  readonly state: KnownState;
  readonly pipeline: number;
  readonly cycles: number;
  readonly conditions: readonly Condition[];
  readonly seen: Set<number>;
}

/** A way to a block's end; without `onward` it returned. */
interface Way extends Omit<Edge, "to"> {
  readonly onward: Place | undefined;
}
