/** A recorder of every call of the heap, or of an allocator that is not ours, in the format of `src/traces/recording`. */
import { unsigned } from "../../csource/c-text.js";
import { render } from "../../csource/render.js";
import type { View } from "../../csource/view.js";
import type { Plan } from "../../plan/plan.js";
import { Extension, RecordKind, version } from "../../traces/recording/layout.js";
import { lockView } from "../c/lock-view.js";
import { glueFile, type GlueFiles } from "./glue-file.js";
import { recordedEvents, recordedFunctions, wrapWord } from "./recorded-functions.js";

/** What a frame's head, a count of lost events, an event, the end and a 0 behind it take at most, in bytes. */
const mostBytes = 80;
const defaultRing = 4096;
/** A frame whose first byte is lost or damaged is lost as a whole. */
const longestFrame = 1024;
/** log2 of what all blocks of another allocator are aligned to. */
const foreignGranuleShift = 2;

export const recorderFiles: GlueFiles<"recorder"> = (choice, plan, view) => {
  const { ring = defaultRing, whenFull = "count", clockHz, of = "heap" } = choice;
  const functions = recordedFunctions(choice, plan);
  const brief = `Records every call of ${of === "heap" ? plan.name : "an allocator"}.`;
  const piece = (name: string): string =>
    render(`glue/recorder/${name}`, {
      ...view,
      malloc: functions.find(({ event }) => event !== "init")?.name ?? "",
    });
  const isTimed = clockHz !== undefined;
  const counts = whenFull === "count";
  const lock = lockPieces(plan);
  const clears = functions.some(({ wrapper }) => wrapper.includes("memset("));
  const files = [
    glueFile(`${plan.name}_recorder.h`, "recorder.h", {
      ...view,
      brief,
      link: wrapWord(choice, plan),
      read: piece(counts ? "read-drained" : "read-ring"),
      declarations: (counts ? piece("drain.h") : "") + (isTimed ? piece("ticks.h") : ""),
    }),
    glueFile(`${plan.name}_recorder.c`, "recorder.c", {
      ...view,
      ...lock,
      brief,
      includes: includes(clears, lock.header),
      ringBytes: unsigned(ring),
      frameBytes: unsigned(Math.min(longestFrame, ring / 4)),
      mostBytes: unsigned(mostBytes),
      granuleShift: unsigned(of === "heap" ? Math.log2(plan.alignment) : foreignGranuleShift),
      clockHz: unsigned(clockHz ?? 0),
      kinds: numbers(RecordKind),
      extensions: numbers(Extension),
      formatVersion: unsigned(version),
      flags: unsigned(4 + (isTimed ? 1 : 0)),
      state: stateOf(counts, isTimed),
      putLong: isTimed ? piece("long") : "",
      putTime: isTimed ? "put_long(recorder.time);" : "put_number(0U);",
      begin: piece(counts ? "begin-counting" : "begin-overwriting"),
      end: piece(isTimed ? "end-timed" : "end"),
      events: recordedEvents
        .filter((event) => functions.some((each) => each.event === event))
        .map((event) => piece(`event-${event}`))
        .join(""),
      stop: (counts ? piece("drain") : "") + piece(counts ? "stop-counting" : "stop-overwriting").trimEnd(),
      wrappers: functions
        .map(({ wrapper }) => wrapper)
        .join("")
        .trimEnd(),
    }),
  ];
  return files.map(({ name, text }) => ({ name, text: tidied(text) }));
};

/** Without constants that this config's pieces do not name, and the blank lines that pieces leave which it has not. */
const tidied = (text: string): string =>
  text
    .replaceAll(/^#define (\w+) .*\n/gm, (line, name: string) => (text.split(name).length > 2 ? line : ""))
    .replaceAll(/\n{3,}/g, "\n\n");

const numbers = (all: Readonly<Record<string, number>>): View =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [name, unsigned(value)]));

const includes = (clears: boolean, lockHeader: string): string =>
  ["<stdbool.h>", "<stddef.h>", ...(clears ? ["<string.h>"] : []), ...(lockHeader === "" ? [] : [lockHeader])]
    .map((name) => `#include ${name}\n`)
    .join("");

const stateOf = (counts: boolean, isTimed: boolean): string =>
  [
    ...(counts
      ? [
          "    uint32_t drained;  /* Of these, taken out of the ring. */",
          "    uint32_t lost;     /* Events that the recording does not tell of yet. */",
        ]
      : []),
    ...(isTimed
      ? [
          "    uint32_t ticks;    /* At the last event. */",
          "    uint64_t time;     /* The same, beyond 2^32. */",
        ]
      : []),
  ].join("\n");

/** The heap's lock; where it has none, all interrupts are masked: the recorder is drained while others may allocate. */
function lockPieces({ lock, name, maskOfAll }: Pick<Plan, "lock" | "name" | "maskOfAll">) {
  const kind = lock.kind === "none" ? maskOfAll : lock.kind;
  const view = { ...lockView(lock), NAME: name.toUpperCase() };
  return {
    header: lock.kind === "custom" ? `"${lock.header}"` : "",
    priority: "priority" in lock ? render("lock/priority.c", view) : "",
    lock: render(`lock/lock-${kind}.c`, view) + "\n" + render(`lock/unlock-${kind}.c`, view),
  };
}
