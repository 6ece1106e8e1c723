/**
 * What the recorder of `"outputs": ["recorder"]` costs and holds: `npm run recorder -- --calls 700000`. On the emulated board
 * main and an interrupt's handler call the heap at random, and each tells what it called: all of it must be recorded.
 */
import { parseArgs } from "node:util";
import { recorderCost } from "../emulator-tests/support/board/recorder-cost.js";
import { callsIn, faultsOf, record } from "../emulator-tests/support/board/recorded.js";

const { values } = parseArgs({ options: { calls: { type: "string", default: "700000" } } });

for (const core of ["cortex-m4", "cortex-m0plus"]) {
  for (const level of ["-O2", "-Os"]) {
    const { cycles, codeBytes, cycleModel } = await recorderCost(core, level);
    console.log(
      `${core}, ${level}: ${cycles.toFixed(0)} cycles an operation, ${codeBytes} bytes of code (${cycleModel})`,
    );
  }
}
const recorded = await record({ macros: { OPERATIONS: `${Number(values.calls)}U` } });
const faults = faultsOf(recorded);
const events = recorded.events.filter(({ kind }) => kind !== "lost").length;
console.log(`${callsIn(recorded)} calls under interrupts, ${events} events in a ring of 4096 bytes`);
console.log(`${(recorded.bytes.length / events).toFixed(2)} bytes an operation`);
console.log(faults.length === 0 ? "all is recorded" : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
