/** The effects that 16-bit and 32-bit encodings share. */
import { countRegisters } from "./encoding.js";
import type { Effects } from "./encoding.js";
import { PC, registers } from "../instruction.js";
import type { RegisterSet } from "../instruction.js";

/** The set of one register; PC is none: as an operand it stands for a constant or for "no register". */
export const set = (register: number): RegisterSet => (1 << register) & ~registers(PC);

export const alu = (reads: RegisterSet, writes: RegisterSet, shifted = false): Effects => ({
  kind: "alu",
  shifted,
  reads,
  writes,
});

/** Bytes of one element. */
export type Width = 1 | 2 | 4;

/** How a single load or store finds its address. `index`: the register of the offset, if it is one. */
export interface Addressing {
  readonly base: number;
  readonly index?: number;
  readonly writeBack?: boolean;
}

const indexOf = ({ index }: Addressing): RegisterSet => (index === undefined ? 0 : set(index));
const writeBackOf = ({ base, writeBack }: Addressing): RegisterSet => (writeBack === true ? set(base) : 0);

export function load(elementBytes: Width, target: number, addressing: Addressing): Effects {
  const { base, index } = addressing;
  const address = set(base) | indexOf(addressing);
  return {
    kind: "load",
    loadsPc: target === PC,
    address,
    registerOffset: index !== undefined,
    reads: address,
    writes: (1 << target) | writeBackOf(addressing),
    memory: { direction: "read", elementBytes, elements: 1, base, alignment: 1 },
  };
}

export function store(elementBytes: Width, source: number, addressing: Addressing): Effects {
  const { base, index } = addressing;
  const address = set(base) | indexOf(addressing);
  return {
    kind: "store",
    address,
    registerOffset: index !== undefined,
    reads: address | set(source),
    writes: writeBackOf(addressing),
    memory: { direction: "write", elementBytes, elements: 1, base, alignment: 1 },
  };
}

export function loadMultiple(base: number, list: RegisterSet, writeBack: boolean): Effects {
  const elements = countRegisters(list);
  return {
    kind: "loadMultiple",
    count: elements,
    loadsPc: (list & registers(PC)) !== 0,
    base,
    reads: set(base),
    writes: list | (writeBack ? set(base) : 0),
    memory: { direction: "read", elementBytes: 4, elements, base, alignment: 4 },
  };
}

export function storeMultiple(base: number, list: RegisterSet, writeBack: boolean): Effects {
  const elements = countRegisters(list);
  return {
    kind: "storeMultiple",
    count: elements,
    base,
    reads: list | set(base),
    writes: writeBack ? set(base) : 0,
    memory: { direction: "write", elementBytes: 4, elements, base, alignment: 4 },
  };
}
