/** The questions `alloc-gen init` asks on a terminal. */
import { cancel, group, intro, outro, select, text } from "@clack/prompts";
import { findChip } from "../chips/find.js";
import { targetOfCore } from "../chips/cores.js";
import { allChips } from "../chips/read.js";
import { nameFault } from "../config/identifiers.js";
import { defaultAnswers, starters, type InitialAnswers } from "../config/initial.js";
import { initialHeapSize, severalMemories, type InitialChip } from "../config/initial-chip.js";
import { chipFault, noTarget } from "../config/resolve-chip.js";
import { largestHeap, smallestHeap } from "../config/resolve-heap.js";
import { parseSize, showBytes } from "../config/sizes.js";
import type { heapChoices } from "../config/vocabulary.js";
import { heapMemories } from "../chips/memory.js";
import { listTargets } from "../targets/load.js";

type HeapChoice = (typeof heapChoices)[number];

/** What a question may give: a symbol where the user broke off. */
interface Asked {
  name: string | symbol;
  /** As written; empty: none. */
  chip: string | symbol;
  target: string | symbol;
  heaps: HeapChoice | symbol;
  heapSize: string | number | symbol;
  policy: string | symbol;
}

/**
 * The answers, or undefined when the user broke off. What is not asked keeps its default.
 * @param given the chip that the command line names
 */
export async function askForConfig(given?: InitialChip): Promise<InitialAnswers | undefined> {
  intro("A new alloc-gen.json");
  const user = { brokeOff: false };
  const answers = await group<Asked>(
    {
      name: askName,
      chip: () => askChip(given),
      target: ({ results }) => askTarget(results.chip),
      heaps: ({ results }) => askHeaps(results.chip, given),
      heapSize: ({ results }) => askSize(results.chip, results.heaps),
      policy: askPolicy,
    },
    { onCancel: () => void (user.brokeOff = true) },
  );
  if (user.brokeOff) {
    cancel("Cancelled");
    return undefined;
  }
  outro("Every other value has its default, explained in the file");
  const { chip: written, heaps, ...others } = answers;
  const chip = chipOf(written);
  return { ...defaultAnswers, ...others, ...(chip === undefined ? {} : { chip: { chip, heaps } }) };
}

function chipOf(written: string | undefined) {
  if (written === undefined || written === "") return undefined;
  const found = findChip(written, allChips());
  return found.kind === "chip" ? found.chip : undefined;
}

const askName = () =>
  text({
    message: "Name of the heap: the prefix of its C functions",
    initialValue: defaultAnswers.name,
    validate: (value) => nameFault(value ?? ""),
  });

function askChip(given: InitialChip | undefined): Promise<string | symbol> {
  if (given !== undefined) return Promise.resolve(given.chip.name);
  return text({
    message: "Chip, such as STM32F407VG (empty: choose a core)",
    defaultValue: "",
    validate: chipAnswerFault,
  });
}

/** Why `value` is no chip to generate for, or undefined when it is one or empty. Exported for the tests. */
export function chipAnswerFault(value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  const found = findChip(value, allChips());
  if (found.kind !== "chip") return chipFault(value, found).message;
  const target = targetOfCore(found.chip.core, listTargets());
  return target.kind === "none" ? noTarget(found.chip, target).message : undefined;
}

function askTarget(chip: string | undefined): Promise<string | symbol> {
  if (chipOf(chip) !== undefined) return Promise.resolve(defaultAnswers.target);
  return select({
    message: "Core",
    options: listTargets().map((value) => ({ value })),
    initialValue: defaultAnswers.target,
  });
}

function askHeaps(written: string | undefined, given: InitialChip | undefined): Promise<HeapChoice | symbol> {
  const chip = chipOf(written);
  const memories = chip === undefined ? [] : severalMemories(chip);
  if (given?.heaps === "regions") return Promise.resolve("regions");
  if (memories.length < 2) return Promise.resolve("one");
  return select<HeapChoice>({
    message: "Heaps",
    options: [
      { value: "one", label: `one, in ${memories[0]?.name ?? "RAM"}` },
      { value: "regions", label: `one in each memory: ${memories.map(({ name }) => name).join(", ")}` },
    ],
    initialValue: "one",
  });
}

function askSize(
  written: string | undefined,
  heaps: HeapChoice | undefined,
): Promise<string | number | symbol> {
  const chip = chipOf(written);
  const initial = chip === undefined ? defaultAnswers.heapSize : initialHeapSize(chip);
  // Each of several has half of its memory.
  if (heaps === "regions") return Promise.resolve(initial);
  const most = chip === undefined ? largestHeap : (heapMemories(chip)[0]?.bytes ?? largestHeap);
  return text({
    message: "Size of the heap, control data included",
    initialValue: String(initial),
    validate: (value) => sizeFault(value, most),
  });
}

const askPolicy = () =>
  select({
    message: "Policy",
    options: starters.map(({ name, hint }) => ({ value: name, hint })),
    initialValue: defaultAnswers.policy,
  });

/**
 * Why `value` is no size of a heap, or undefined when it is one. Exported for the tests.
 * @param most bytes of the memory
 */
export function sizeFault(value: string | undefined, most: number = largestHeap): string | undefined {
  const size = parseSize(value ?? "");
  if (size === undefined) return 'a number of bytes, or one with a unit: "4096", "32KiB", "1MiB"';
  const largest = Math.min(most, largestHeap);
  if (size >= smallestHeap && size <= largest && size % defaultAnswers.alignment === 0) return undefined;
  return `${showBytes(smallestHeap)} to ${showBytes(largest)}, a multiple of ${defaultAnswers.alignment}`;
}
