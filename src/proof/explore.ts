/**
 * Every path through a function that can be, as a graph: values are known in part, and where a branch's condition
 * follows from what the path has seen before, only one way is followed.
 *
 * Paths that meet knowing the same go on as one, so that the graph grows with what can be known and not with the number
 * of paths.
 */
import { mayLeave, type PlacedInstruction } from "../machine/instruction.js";
import type { Registers } from "../machine/machine.js";
import type { BranchTest } from "../machine/semantics.js";
import { Unprovable, execute, hex, type MachineContext } from "./execute.js";
import type { Exploration } from "./exploration.js";
import { KnownState } from "./known-state.js";
import type { Edge, Node } from "./graph.js";
import { splitByMagnitude } from "./magnitude.js";
import { Liveness, flagsMatter } from "./liveness.js";
import type { Outcome, Pricing } from "./pricing.js";
import { forgetAllButConstants, simplify, describe } from "./signature.js";
import { Terms, type Term } from "./terms.js";
import { Widening } from "./widening.js";

/** Where a path has come to. */
interface ProgramPoint {
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
  readonly #waiting: ProgramPoint[] = [];
  readonly #liveness: Liveness;
  readonly #terms = new Terms();
  readonly #context: MachineContext;
  readonly #returns: Term;
  readonly #dead: Term;
  readonly #widening: Widening;
  readonly #registers: Registers;

  constructor(
    private readonly entry: number,
    private readonly exploration: Exploration,
  ) {
    this.#registers = exploration.code.machine.registers;
    this.#liveness = new Liveness(exploration.code, entry);
    this.#returns = this.#terms.leaf();
    this.#dead = this.#terms.leaf();
    this.#widening = new Widening({
      isLimited: (at) => exploration.isLimited?.(at) ?? false,
      isCode: (value) => exploration.code.at(this.#registers.codeAddress(value)) !== undefined,
    });
    this.#context = {
      registers: this.#registers,
      stackPointer: this.#terms.leaf(),
      constantAt: (address, bytes) => exploration.constantAt(address, bytes),
      limitAt: (address, bytes) => exploration.limitAt?.(address, bytes),
    };
  }

  run(): readonly Node[] {
    const { count, stackPointer, link, programCounter } = this.#registers;
    const registers = Array.from({ length: count }, () => this.#terms.leaf());
    registers[stackPointer] = this.#context.stackPointer;
    registers[link] = this.#returns;
    registers[programCounter] = this.#terms.constant(0);
    const state = new KnownState(this.#terms, registers, programCounter);
    this.#number({ state, pipeline: this.exploration.pricing.start, at: this.entry, live: undefined });
    const nodes: Node[] = [];
    for (let point = this.#waiting.shift(); point !== undefined; point = this.#waiting.shift()) {
      const ways: Way[] = [];
      const seen = new Set<number>();
      this.#follow(point, 0, ways, seen);
      const edges = ways.map(({ onward, ...way }) => ({
        ...way,
        to: onward === undefined ? undefined : this.#number(onward),
      }));
      nodes.push({ at: point.at, edges, instructions: [...seen] });
    }
    return nodes;
  }

  /** The number of the node that stands for a block's start; a new one waits to be followed. */
  #number(point: ProgramPoint): number {
    const { state, pipeline, at } = point;
    if (!flagsMatter(this.exploration.code, at)) state.setFlags(undefined);
    const keeps = [this.#context.stackPointer, this.#returns];
    simplify(state, point.live ?? this.#liveness.before(at), this.#dead, keeps);
    if (this.exploration.keep === "constants") {
      forgetAllButConstants(state, keeps);
      this.#widening.apply(state, at);
    }
    const key = `${at} ${pipeline} ${describe(state)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    if (number >= (this.exploration.most ?? defaultMost)) {
      throw new Unprovable("there are too many paths to explore");
    }
    this.#numbers.set(key, number);
    this.#waiting.push(point);
    return number;
  }

  /** Every way through the block, each to its end. */
  #follow(point: ProgramPoint, spent: number, ways: Way[], seen: Set<number>): void {
    const { state } = point;
    let { pipeline, at } = point;
    let cycles = spent;
    for (;;) {
      const placed = this.#instruction(at);
      seen.add(at);
      const { instruction, conditional, condition } = placed;
      const here: Step = { placed, state, pipeline, cycles, seen };
      if (condition !== undefined) {
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
      const semantics = this.exploration.code.semantics(placed);
      const parts =
        this.exploration.keep === "all" && !conditional ? splitByMagnitude(state, semantics) : [state];
      if (parts.length !== 1) {
        for (const part of parts)
          this.#follow({ ...here, state: part, at, live: undefined }, cycles, ways, seen);
        return;
      }
      execute(state, instruction, semantics, this.#context);
      const step = this.exploration.pricing.step(pipeline, instruction, "executed");
      cycles += step.cycles;
      pipeline = step.next;
      at += instruction.size;
      const { mask } = instruction;
      if (mask !== undefined) {
        ways.push({ cycles, mask, onward: { state, pipeline, at, live: undefined } });
        return;
      }
    }
  }

  /** Control goes on behind the instruction. */
  #pass(here: Step, outcome: Outcome, ways: Way[]): void {
    const { placed, state, cycles, seen } = here;
    const { instruction } = placed;
    const step = this.#price(here, outcome);
    const at = instruction.at + instruction.size;
    const point = { state, pipeline: step.next, at, live: undefined };
    // Among instructions that depend on one condition the way goes on at once: they are no block's start.
    if (this.#isConditional(at)) this.#follow(point, cycles + step.cycles, ways, seen);
    else ways.push({ cycles: cycles + step.cycles, onward: point });
  }

  #isConditional(at: number): boolean {
    const placed = this.exploration.code.at(at);
    return placed !== undefined && "instruction" in placed && placed.conditional;
  }

  /** An instruction that may leave, and that is not skipped. */
  #leave(here: Step, ways: Way[]): void {
    const { placed, state } = here;
    const { instruction } = placed;
    const { flow } = instruction;
    switch (flow.kind) {
      case "jump":
        this.#take(here, flow.target, ways);
        return;
      case "branch":
        this.#fork(here, flow.target, ways, questionOf(flow.test, state));
        return;
      case "call": {
        const after = instruction.at + instruction.size;
        const { link, codePointer } = this.#registers;
        state.registers[link] = this.#terms.constant(codePointer(after));
        this.#take(here, flow.target, ways, this.#liveness.atCall(flow.target, after));
        return;
      }
      case "register":
        if (flow.link) throw new Unprovable("the target of a call through a pointer is not known");
        this.#goTo(here, state.register(flow.register), ways);
        return;
      case "loaded":
        execute(state, instruction, this.exploration.code.semantics(placed), this.#context);
        this.#goTo(here, state.register(this.#registers.programCounter), ways);
        return;
      case "trap":
        return; // The core stops: no call comes back this way.
      case "next":
      case "table":
        throw new Unprovable(`the target of the instruction at ${hex(instruction.at)} is not known`);
    }
  }

  #goTo(here: Step, target: Term, ways: Way[]): void {
    if (target === this.#returns) {
      const { cycles } = this.#price(here, "taken");
      ways.push({ cycles: here.cycles + cycles, onward: undefined });
    } else if (target.kind === "constant") {
      this.#take(here, this.#registers.codeAddress(target.value), ways);
    } else {
      throw new Unprovable(
        `the target of the instruction at ${hex(here.placed.instruction.at)} is not known`,
      );
    }
  }

  #take(here: Step, target: number, ways: Way[], live?: number): void {
    const step = this.#price(here, "taken");
    here.state.registers[this.#registers.programCounter] = this.#terms.constant(0);
    if (this.exploration.isCold?.(target) === true) return;
    const point = { state: here.state, pipeline: step.next, at: target, live };
    ways.push({ cycles: here.cycles + step.cycles, onward: point });
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
    if (placed === undefined) throw new Unprovable(`control goes to ${hex(at)}, where there is no code`);
    if (!("instruction" in placed)) throw new Unprovable(`the encoding at ${hex(at)} is not known`);
    return placed;
  }
}

interface Question {
  test(state: KnownState): boolean | undefined;
  assume(state: KnownState, holds: boolean): boolean;
}

/** What a branch asks of a state. */
function questionOf(branch: BranchTest, before: KnownState): Question {
  if (branch.kind === "flags") {
    const { condition } = branch;
    return {
      test: (at) => at.testCondition(condition),
      assume: (at, holds) => at.assumeCondition(condition, holds),
    };
  }
  const { kind, left, right } = branch;
  const predicate = { kind, left: before.evaluate(left), right: before.evaluate(right) };
  return {
    test: (at) => {
      const answer = at.test(predicate);
      return answer === undefined ? undefined : answer === branch.holds;
    },
    assume: (at, holds) => at.assume(predicate, holds === branch.holds),
  };
}

interface Step {
  readonly placed: PlacedInstruction;
  readonly state: KnownState;
  readonly pipeline: number;
  readonly cycles: number;
  readonly seen: Set<number>;
}

/** A way to a block's end; without `onward` it returned. */
interface Way extends Omit<Edge, "to"> {
  readonly onward: ProgramPoint | undefined;
}
