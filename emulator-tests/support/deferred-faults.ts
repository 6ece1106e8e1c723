/** Faults that hands make where freed blocks wait, or merge later. */
import { quick, segregated, type TestConfig } from "./configs.js";
import { f, k, v } from "./c-words.js";
import {
  dropAssignment,
  dropCall,
  guard,
  replace,
  restate,
  setValue,
  type HandMadeFault,
} from "./hand-made-fault.js";

const waiting: TestConfig = { policy: segregated(quick()), size: 4096 };
const marked: TestConfig = { ...waiting, api: { check: true } };
const deferred: TestConfig = { policy: segregated({ coalesce: "deferred" }), size: 4096 };
const twoLevels: TestConfig = {
  policy: segregated({ coalesce: "deferred", subdivisions: 8, ...quick() }),
  size: 4096,
};

export const deferredFaults: readonly HandMadeFault[] = [
  {
    name: "a waiting block is handed out twice",
    config: waiting,
    function: f.takeQuick,
    change: dropAssignment(`*${f.quickList}(${v.need})`),
  },
  {
    name: "of what waits the first is forgotten",
    config: waiting,
    function: f.releaseQuick,
    change: setValue(`->${v.next}`, "0U"),
  },
  {
    name: "more blocks wait than may",
    config: waiting,
    function: f.releaseQuick,
    change: dropAssignment(v.quickRoom),
  },
  {
    name: "who is served makes no room",
    config: waiting,
    function: f.takeQuick,
    change: dropAssignment(v.quickRoom),
  },
  {
    name: "a block waits that is too large for any list",
    config: waiting,
    function: f.releaseQuick,
    change: replace(k.quickLargest, `(${k.quickLargest} + 8U)`),
  },
  {
    name: "the largest size that has a list is merged",
    config: waiting,
    function: f.releaseQuick,
    change: replace("<=", "<", k.quickLargest),
  },
  {
    name: "a request fails while what it needs waits",
    config: waiting,
    function: f.reclaim,
    change: guard({ call: f.flush }, `${v.need} == 0U`),
  },
  {
    name: "the last quick list is never emptied",
    config: waiting,
    function: f.flush,
    change: replace(k.quickLists, `(${k.quickLists} - 1U)`),
  },
  {
    name: "what has waited is not merged",
    config: waiting,
    function: f.flush,
    change: dropCall(f.release),
  },
  {
    name: "emptied lists have no room",
    config: waiting,
    function: f.flush,
    change: dropAssignment(v.quickRoom),
  },
  {
    name: "a waiting block does not say so",
    config: marked,
    function: f.releaseQuick,
    change: dropCall(f.setQuick),
  },
  {
    name: "a block that is handed out says that it waits",
    config: marked,
    function: f.takeQuick,
    change: dropCall(f.clearQuick),
  },
  {
    name: "init leaves a quick list as it was",
    config: waiting,
    function: f.appInit,
    change: replace(k.quickLists, `(${k.quickLists} - 1U)`),
  },
  {
    name: "the sweep of the classes forgets to merge",
    config: deferred,
    function: f.coalesce,
    change: restate({ assigns: v.right }, "break;", f.freeSize),
  },
  {
    name: "the sweep leaves a class as it was",
    config: deferred,
    function: f.clearLists,
    change: setValue(v.class, "$ + 1U"),
  },
  {
    name: "the sweep leaves stale bits",
    config: deferred,
    function: f.clearLists,
    change: dropAssignment(v.filled),
  },
  {
    name: "the sweep leaves a stale summary",
    config: { policy: segregated({ coalesce: "deferred", subdivisions: 32 }), size: 8192 },
    function: f.clearLists,
    change: dropAssignment(v.summary),
  },
  {
    name: "a block is freed and no sweep is due",
    config: deferred,
    function: f.release,
    change: dropAssignment(v.coalesceDue),
  },
  {
    name: "what waited is freed, and not swept",
    config: twoLevels,
    function: f.reclaim,
    change: guard({ call: f.coalesce }, `${v.need} == 0U`),
  },
];
