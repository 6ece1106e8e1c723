/** The outputs of one config: which they are, their files, what they prove. */
import type { GeneratedFile } from "./c/emit.js";
import { banner, hasBanner } from "./output.js";
import type { ChosenOutput, Output, OutputHeap, OutputProof, ProofBench } from "./output.js";

/** Options of outputs by their names. */
export type OutputRequests = Readonly<Record<string, unknown>>;

/**
 * Those that every config has, and those that `requests` names.
 * @throws Error when `requests` names none of `outputs`, which a config was to be refused for.
 */
export function chooseOutputs(outputs: readonly Output[], requests: OutputRequests): readonly ChosenOutput[] {
  const unknown = Object.keys(requests).filter((asked) => !outputs.some(({ name }) => name === asked));
  if (unknown.length > 0) throw new Error(`no output ${unknown.join(", ")}`);
  return outputs
    .filter(({ name, when }) => when === "always" || Object.hasOwn(requests, name))
    .map((output) => output.choose(requests[output.name] ?? {}));
}

/** Heap after heap, then what is of all heaps together. @throws Error: a file without the banner, a bug of its output. */
export async function outputFiles(
  outputs: readonly ChosenOutput[],
  heaps: readonly OutputHeap[],
): Promise<readonly GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const heap of heaps) {
    for (const output of outputs) if (output.scope === "heap") files.push(...(await output.files(heap)));
  }
  for (const output of outputs) if (output.scope === "heaps") files.push(...(await output.files(heaps)));
  const unmarked = files.find(({ text }) => !hasBanner(text));
  if (unmarked !== undefined) throw new Error(`${unmarked.name} does not say "${banner}"`);
  return files;
}

/** One after the other: each starts compilers and an emulator. @throws AllocGenError, exit code 3. */
export async function proveOutputs(
  outputs: readonly ChosenOutput[],
  heaps: readonly OutputHeap[],
  bench: ProofBench,
): Promise<readonly OutputProof[]> {
  const proofs: OutputProof[] = [];
  for (const output of outputs) {
    if (output.scope === "heaps" && output.prove !== undefined) {
      proofs.push(await output.prove(heaps, bench));
    }
  }
  return proofs;
}

/** Whether there is anything to prove beside each heap's C. */
export const hasProofs = (outputs: readonly ChosenOutput[]): boolean =>
  outputs.some((output) => output.scope === "heaps" && output.prove !== undefined);
