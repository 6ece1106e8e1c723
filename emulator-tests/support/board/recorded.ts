/** Runs `recorded.c` on the board: what its contexts called, and what the recorder says that they did. */
import type { HeapEvent } from "../../../src/traces/import/event.js";
import { decodeRecording } from "../../../src/traces/recording/decode.js";
import { filesFor, supportFile } from "./generated.js";
import { runOnBoard, type BoardProgram } from "./run-on-board.js";

export const contexts = ["main", "handler"] as const;
export type Context = (typeof contexts)[number];

/** A call in short: "malloc 0x20000100 24", "realloc 0x20000100 0x20000140 30", "failed malloc 24". */
type Call = string;

export interface Recorded {
  readonly bytes: Buffer;
  /** By context, in the order in which each called. */
  readonly called: ReadonlyMap<Context, readonly Call[]>;
  readonly events: readonly HeapEvent[];
  readonly code: number;
}

/** What stands for the allocator's functions in the program. */
export interface Subject {
  /** Keys of the config beside the usual. */
  readonly config?: object;
  /** Options of the recorder. */
  readonly recorder?: object;
  readonly macros?: Readonly<Record<string, string | number>>;
  readonly objects?: readonly string[];
  readonly headers?: readonly string[];
  /** C behind the headers. */
  readonly define?: string;
  readonly program?: Partial<BoardProgram>;
  /** Of the recorder's C. */
  readonly damage?: (text: string) => string;
  /** For the linker, in place of what the recorder's header says. */
  readonly word?: string;
}

const heapMacros = {
  MALLOC: "app_heap_malloc",
  FREE: "app_heap_free",
  CALLOC: "app_heap_calloc",
  REALLOC: "app_heap_realloc",
  ALIGNED: "app_heap_aligned_alloc",
  "BEGIN()": "app_heap_init()",
  "END()": "(void)0",
  OPERATIONS: "6000U",
  DRAINS: "8U",
  INTERRUPTS: 1,
  HAS_ALIGNED: 1,
};

/** @throws Error: the program does not link */
export async function record(subject: Subject): Promise<Recorded> {
  const {
    config = {},
    recorder,
    macros,
    objects = ["app_heap.c"],
    headers = ["app_heap.h"],
    define = "",
    program,
    damage = (text: string) => text,
  } = subject;
  const files = await filesFor({
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "16KiB" },
    lock: "primask",
    policy: { kind: "segregated-fit" },
    api: { calloc: true, realloc: true, alignedAlloc: true },
    outputs: [{ kind: "recorder", ...recorder }],
    ...config,
  });
  const text = Object.entries({ ...heapMacros, ...macros }).map(
    ([name, value]) => `#define ${name} ${value}`,
  );
  const { word = wrapWord(textOf(files, "app_heap_recorder.h")) } = subject;
  const result = await runOnBoard({
    files: [
      ...files.map((file) =>
        file.name === "app_heap_recorder.c" ? { ...file, text: damage(file.text) } : file,
      ),
      {
        name: "subject.h",
        text: [...headers.map((header) => `#include <${header}>`), ...text, define, ""].join("\n"),
      },
      ...["recorded.c", "host-files.h", "malloc-lock.c", "syscalls.c"].map(supportFile),
    ],
    objects: ["recorded.c", "app_heap_recorder.c", ...objects],
    qemu: ["-icount", "shift=5"],
    collects: ["recording.bin", "main.log", "handler.log"],
    ...program,
    link: [word, ...(program?.link ?? [])],
  });
  if (result.kind !== "ran") throw new Error(result.message);
  const collected = (name: string): Buffer => result.collected.get(name) ?? Buffer.alloc(0);
  const bytes = collected("recording.bin");
  return {
    bytes,
    called: new Map(contexts.map((context) => [context, callsOf(collected(`${context}.log`))])),
    events: [...decodeRecording(bytes)],
    code: result.code,
  };
}

/** What the recorder's header says that the linker must be given. */
function wrapWord(header: string): string {
  const word = /-Wl,--wrap\S*/.exec(header)?.[0];
  if (word === undefined) throw new Error("the recorder's header has no word for the linker");
  return word;
}

const textOf = (files: readonly { readonly name: string; readonly text: string }[], wanted: string): string =>
  files.find(({ name }) => name === wanted)?.text ?? "";

const kinds = ["malloc", "free", "calloc", "aligned", "realloc"] as const;

function callsOf(log: Buffer): readonly Call[] {
  return Array.from({ length: Math.floor(log.length / 16) }, (_, index): Call => {
    const word = (at: number): number => log.readUInt32LE(16 * index + 4 * at);
    const [kind, taken, given, size] = [word(0), word(1), word(2), word(3)];
    const name = kinds[kind] ?? "nothing";
    if (name === "free") return `free ${taken.toString(16)}`;
    if (given === 0) return `failed ${name} ${size}`;
    if (name === "aligned") return `aligned ${taken} ${given.toString(16)} ${size}`;
    return name === "realloc"
      ? `realloc ${taken.toString(16)} ${given.toString(16)} ${size}`
      : `${name} ${given.toString(16)} ${size}`;
  });
}

/** Sizes from here on are those of the handler. */
const leastOfHandler = 300;

/** What was recorded of each context's calls; everything else that a recording says, as "other". */
export function recordedCalls(events: readonly HeapEvent[]): ReadonlyMap<Context | "other", readonly Call[]> {
  const owners = new Map<number, Context>();
  const found = new Map<Context | "other", Call[]>([
    ["main", []],
    ["handler", []],
    ["other", []],
  ]);
  const add = (context: Context | "other", call: Call): void => void found.get(context)?.push(call);
  const bySize = (size: number): Context => (size < leastOfHandler ? "main" : "handler");
  const own = (address: number, size: number): Context => {
    if (owners.has(address)) add("other", `${address.toString(16)} is given twice`);
    owners.set(address, bySize(size));
    return bySize(size);
  };
  for (const event of events) {
    switch (event.kind) {
      case "malloc":
      case "calloc":
        add(own(event.address, event.size), `${event.kind} ${event.address.toString(16)} ${event.size}`);
        break;
      case "aligned": {
        const { alignment, address, size } = event;
        add(own(address, size), `aligned ${alignment} ${address.toString(16)} ${size}`);
        break;
      }
      case "realloc": {
        const { old, address, size } = event;
        owners.delete(old);
        add(own(address, size), `realloc ${old.toString(16)} ${address.toString(16)} ${size}`);
        break;
      }
      case "free":
        add(owners.get(event.address) ?? "other", `free ${event.address.toString(16)}`);
        owners.delete(event.address);
        break;
      case "failed":
        add(bySize(event.size), `failed ${event.request} ${event.size}`);
        break;
      case "lost":
        add("other", `lost ${event.count ?? "some"}`);
        break;
      case "restart":
      case "unreadable":
      case "notice":
        add("other", event.kind);
    }
  }
  return found;
}

/** The first call that was recorded otherwise: a list of thousands is no message. */
export function difference(recorded: readonly string[], called: readonly string[]): string | undefined {
  const at = called.findIndex((call, index) => recorded[index] !== call);
  if (at >= 0) return `call ${at}: ${recorded[at] ?? "nothing"} in place of ${called[at] ?? "nothing"}`;
  return recorded.length > called.length
    ? `${recorded.length} calls in place of ${called.length}`
    : undefined;
}

/** What is wrong with a recording: each context's calls must be there in the order in which it made them, and nothing else. */
export function faultsOf(
  { called, events, code }: Recorded,
  wanted: readonly Context[] = contexts,
): readonly string[] {
  const recorded = recordedCalls(events);
  return [
    ...(code === 0 ? [] : [`the program ended with ${code}`]),
    ...(recorded.get("other") ?? []).slice(0, 5),
    ...contexts.flatMap((context) => {
      const calls = called.get(context) ?? [];
      if (calls.length < 1000 && wanted.includes(context)) return [`${context} called too little`];
      return difference(recorded.get(context) ?? [], calls) ?? [];
    }),
  ];
}

/** Of all contexts. */
export const callsIn = ({ called }: Recorded): number =>
  [...called.values()].reduce((sum, { length }) => sum + length, 0);

/** Events that the recording says are lost. */
export const lostIn = ({ events }: Recorded): number =>
  events.reduce((sum, event) => sum + (event.kind === "lost" ? (event.count ?? NaN) : 0), 0);
