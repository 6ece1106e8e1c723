/** Transactions of a trace: stretches between two moments at which little is live, and other orders they could have had. */
import type { TraceOperation } from "../operation.js";
import type { Random } from "../random.js";

/** Fewest operations on either side of a cut for which less must not be live. */
const leastReach = 8;
/** A cut reaches over at least so large a part of the trace: one of many operations has longer transactions. */
const reachShare = 1 / 2000;
/**
 * How many places a transaction moves at most: a part of all of them, but a few at least. What a program does first and last
 * stays so; moved further, what only one phase keeps is live in another.
 */
const spread = 1 / 32;
const leastRange = 4;

/** Starts of transactions, the first of which is 0: the live bytes there are the least of their neighbourhood. */
export function transactionStarts(operations: readonly TraceOperation[]): readonly number[] {
  const live = liveBefore(operations);
  const reach = Math.max(leastReach, Math.floor(operations.length * reachShare));
  const starts = [0];
  for (let at = reach; at + reach < operations.length; at++) {
    const here = live[at] ?? 0;
    let isLow = true;
    for (let by = 1; by <= reach && isLow; by++) {
      isLow = here <= (live[at - by] ?? 0) && here < (live[at + by] ?? 0);
    }
    if (isLow) starts.push(at);
  }
  return starts;
}

/** Bytes live before each operation. */
function liveBefore(operations: readonly TraceOperation[]): readonly number[] {
  const sizes = new Map<number, number>();
  let live = 0;
  return operations.map((operation) => {
    const before = live;
    live -= sizes.get(operation.id) ?? 0;
    const size = operation.kind === "free" ? 0 : operation.size;
    sizes.set(operation.id, size);
    live += size;
    return before;
  });
}

/**
 * The transactions in another order, each behind those whose blocks it uses: of all that may be next, the one that was
 * drawn to be earliest. Ids must be those of blocks, not used again.
 */
export function shuffleTransactions(
  operations: readonly TraceOperation[],
  random: Random,
): readonly TraceOperation[] {
  const starts = transactionStarts(operations);
  const transactions = starts.map((start, index) => operations.slice(start, starts[index + 1]));
  const range = Math.max(leastRange, transactions.length * spread);
  const keys = transactions.map((_, index) => index + random.unit() * range);
  const before = lastUses(transactions);
  // One that others wait for is no later than they: its key is at most theirs.
  for (let index = transactions.length - 1; index >= 0; index--) {
    for (const needed of before[index] ?? []) {
      keys[needed] = Math.min(keys[needed] ?? 0, keys[index] ?? 0);
    }
  }
  // Equal keys keep their order, and that of what one waits for is first.
  return transactions
    .map((transaction, index) => ({ transaction, key: keys[index] ?? 0, index }))
    .toSorted((left, right) => left.key - right.key || left.index - right.index)
    .flatMap(({ transaction }) => transaction);
}

/** Of each transaction, those before it that used a block of it last. */
function lastUses(transactions: readonly (readonly TraceOperation[])[]): readonly ReadonlySet<number>[] {
  const last = new Map<number, number>();
  return transactions.map((transaction, index) => {
    const needs = new Set<number>();
    for (const { id } of transaction) {
      const used = last.get(id);
      if (used !== undefined && used !== index) needs.add(used);
      last.set(id, index);
    }
    return needs;
  });
}
