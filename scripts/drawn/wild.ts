/** Draws configs as nobody would write them: on top of a plain one, names that the C has, odd sections, small sizes. */
import { seededRandom, type Random } from "../../src/traces/random.js";
import { configDrawer } from "../drawing.js";
import { withLaterKeys } from "../drawing-later.js";

/** Words of C, of its library, of linkers and of ELF files. What the generated C itself says is added by the caller. */
const foreignWords = (
  "int inline class new operator bool true NULL size_t uint32_t uint8_t ptrdiff_t SIZE_MAX UINT32_MAX offsetof " +
  "malloc free calloc memcpy memset main abort errno stdint string heap heap_t _heap __heap_start__ __end__ _end " +
  "end __bss_end__ _ebss _estack __HeapBase __HeapLimit asm typeof unix linux arm Heap H heap_ 9h x-y"
).split(" ");
const sections = (
  ".comment .text .symtab .strtab .shstrtab .data .bss .rodata .heap .heap.x .ccmram .noinit .noinit.heap .debug_info " +
  ".init_array .ARM.exidx .ARM.attributes .stack .vectors .rel.text .note.x .eh_frame .tbss .tdata COMMON heap A"
).split(" ");

function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

export interface Drawn {
  readonly config: Readonly<Record<string, unknown>>;
  /** Names stand in it that may collide with others. */
  readonly wild: boolean;
}

/**
 * Config number `index` of a seed: one in three is wild.
 * @param words words of the C that a config generates; none where it is refused
 */
export function drawAny(seed: number, index: number, words: (config: object) => readonly string[]): Drawn {
  const random = seededRandom(seed, `drawn config ${index}`);
  const draw = configDrawer(random);
  let plain = withSmallPolicies(random, { ...draw() });
  let own = words(plain);
  // Most that are drawn are refused, and tell nothing of C.
  for (let tries = 0; own.length === 0 && tries < mostTries; tries++) {
    plain = withSmallPolicies(random, { ...draw() });
    own = words(plain);
  }
  const isWild = random.chance(1 / 3);
  const config = isWild ? madeWild(random, plain, own) : plain;
  return { config: withLaterKeys(config, seededRandom(seed, `later keys ${index}`)), wild: isWild };
}

const mostTries = 30;

type Config = Readonly<Record<string, unknown>>;

/** Small heaps and pools filled to the last byte, which the plain drawing seldom has. */
function withSmallPolicies(random: Random, config: Config): Config {
  const { heap, policy } = config as { heap: { size: number; alignment: number }; policy: { kind: string } };
  if (random.chance(0.15)) {
    const size = heap.alignment * Math.ceil(random.between(512, 1024) / heap.alignment);
    return { ...config, heap: { ...heap, size } };
  }
  if (policy.kind === "pool" && random.chance(0.5)) {
    const small = { size: heap.alignment * random.between(1, 8), count: random.between(1, 60) };
    const open = { size: heap.alignment * random.between(9, 600) };
    return { ...config, policy: { ...policy, classes: [small, open] } };
  }
  return config;
}

function madeWild(random: Random, config: Config, own: readonly string[]): Config {
  const word = (): string => pick(random, random.chance(0.7) && own.length > 0 ? own : foreignWords);
  const heap = config["heap"] as Config;
  /** A name that makes a public function what a static one is called: "insert" and "insert_free". */
  const stem = (): string => word().replace(/_[a-z]+$/, "");
  switch (random.below(5)) {
    case 0:
      return { ...config, name: random.chance(0.5) ? word() : stem() };
    case 1:
      return {
        ...config,
        name: random.chance(0.5) ? word().replace(/_t$/, "") : stem(),
        heap: { ...heap, instances: "many", placement: "runtime" },
      };
    case 2:
      return {
        ...config,
        heap: { ...without(heap, "instances"), placement: { kind: "linker", start: word(), end: word() } },
      };
    case 3:
      return {
        ...config,
        heap: {
          ...without(heap, "instances"),
          placement: { kind: "static", section: pick(random, sections) },
        },
      };
    default:
      return {
        ...config,
        lock: { kind: "custom", header: pick(random, ["lock.h", "stdint.h", "a/b.h", `${word()}.h`]) },
      };
  }
}

const without = (value: Config, key: string): Config =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
