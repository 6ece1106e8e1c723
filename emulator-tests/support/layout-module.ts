/** A generated layout module as a host tool has it: checked as strictly as the compiler can, then imported. */
import { Project, ScriptTarget, ModuleKind, ts } from "ts-morph";
import { decoderFiles, emitLayout } from "../../src/outputs/layout-module/emit.js";
import { readDecoder } from "../../src/outputs/layout-module/read-decoder.js";
import type { Plan } from "../../src/plan/plan.js";

/** What the modules export, as far as the tests call it. */
export interface LayoutModule {
  readonly blocks: (heap: DataView) => Generator<{
    readonly offset: number;
    readonly payload: number;
    readonly size: number;
    readonly free: boolean;
    readonly header?: Readonly<Record<string, unknown>>;
  }>;
  readonly blocksEnd?: (heap: DataView) => number;
  readonly waitingBlocks?: (heap: DataView) => Generator<number>;
  readonly freeBlocks?: (heap: DataView) => Generator<number>;
}

export async function layoutText(plan: Plan): Promise<string> {
  const provenance = {
    version: "test",
    configName: "alloc-gen.json",
    configHash: "00000000",
    targetName: "",
  };
  return emitLayout(plan, provenance, await readDecoder(decoderFiles(plan))).text;
}

/** What the compiler says of some modules under its strictest options; empty when it says nothing. */
export function strictFaults(texts: readonly string[]): readonly string[] {
  const project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: {
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      strict: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noImplicitReturns: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      exactOptionalPropertyTypes: true,
      isolatedModules: true,
      types: [],
    },
  });
  texts.forEach((text, index) => project.createSourceFile(`layout${index}.ts`, text));
  return project
    .getPreEmitDiagnostics()
    .map(
      (fault) => `${fault.getSourceFile()?.getBaseName() ?? ""}: ${JSON.stringify(fault.getMessageText())}`,
    );
}

export async function importLayout(text: string): Promise<LayoutModule> {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(text, { compilerOptions: options });
  const address = `data:text/javascript;base64,${Buffer.from(outputText).toString("base64")}`;
  return (await import(address)) as LayoutModule;
}
