/** Faults that hands make where freed blocks wait, or merge later. */
import { quick, segregated, type TestConfig } from "./configs.js";
import { drop, swap, within } from "./edits.js";
import type { HandMadeFault } from "./faults.js";

const waiting: TestConfig = { policy: segregated(quick()), size: 4096 };
const marked: TestConfig = { ...waiting, api: { check: true } };
const deferred: TestConfig = { policy: segregated({ coalesce: "deferred" }), size: 4096 };
const twoLevels: TestConfig = {
  policy: segregated({ coalesce: "deferred", subdivisions: 8, ...quick() }),
  size: 4096,
};

export const keepingFaults: readonly HandMadeFault[] = [
  {
    name: "a waiting block is handed out twice",
    config: waiting,
    edit: within("take_quick", drop("*quick_list(need) = links_of(block)->next;")),
  },
  {
    name: "of what waits the first is forgotten",
    config: waiting,
    edit: within(
      "give_back",
      swap("links_of(block)->next   = *quick_list(size);", "links_of(block)->next = 0U;"),
    ),
  },
  {
    name: "more blocks wait than may",
    config: waiting,
    edit: within("give_back", drop("heap.control.quick_room = (uint8_t)(room - 1U);")),
  },
  {
    name: "who is served makes no room",
    config: waiting,
    edit: within("take_quick", drop("heap.control.quick_room++;")),
  },
  {
    name: "a block waits that is too large for any list",
    config: waiting,
    edit: within("give_back", swap("size <= QUICK_LARGEST", "size <= (QUICK_LARGEST + 8U)")),
  },
  {
    name: "the largest size that has a list is merged",
    config: waiting,
    edit: within("give_back", swap("size <= QUICK_LARGEST", "size < QUICK_LARGEST")),
  },
  {
    name: "a request fails while what it needs waits",
    config: waiting,
    edit: within("reclaim", swap("flush();", "if (need == 0U) { flush(); }")),
  },
  {
    name: "the last quick list is never emptied",
    config: waiting,
    edit: within("flush", swap("index < QUICK_LISTS", "index < (QUICK_LISTS - 1U)")),
  },
  {
    name: "what has waited is not merged",
    config: waiting,
    edit: within("flush", drop("release(block);")),
  },
  {
    name: "emptied lists have no room",
    config: waiting,
    edit: within("flush", drop("heap.control.quick_room = QUICK_MOST;")),
  },
  {
    name: "a waiting block does not say so",
    config: marked,
    edit: within("give_back", drop("set_quick(header_of(block));")),
  },
  {
    name: "a block that is handed out says that it waits",
    config: marked,
    edit: within("take_quick", drop("clear_quick(header_of(block));")),
  },
  {
    name: "init leaves a quick list as it was",
    config: waiting,
    edit: within("app_heap_init", swap("index < QUICK_LISTS", "index < (QUICK_LISTS - 1U)")),
  },
  {
    name: "the sweep of the classes forgets to merge",
    config: deferred,
    edit: within("sweep", swap("right += free_size(right);", "break;")),
  },
  {
    name: "the sweep leaves a class as it was",
    config: deferred,
    edit: within("clear_lists", swap("class = FIRST_CLASS;", "class = FIRST_CLASS + 1U;")),
  },
  {
    name: "the sweep leaves stale bits",
    config: deferred,
    edit: within("clear_lists", drop("heap.control.filled = 0U;")),
  },
  {
    name: "the sweep leaves a stale summary",
    config: { policy: segregated({ coalesce: "deferred", subdivisions: 32 }), size: 8192 },
    edit: within("clear_lists", drop("heap.control.summary = 0U;")),
  },
  {
    name: "a block is freed and no sweep is due",
    config: deferred,
    edit: within("release", drop("heap.control.sweep_due = 1U;")),
  },
  {
    name: "what waited is freed, and not swept",
    config: twoLevels,
    edit: within("reclaim", swap("sweep();", "if (need == 0U) { sweep(); }")),
  },
];
