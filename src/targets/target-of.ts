/** A target from its file's values. */
import type { TargetFile } from "./schema.js";
import type { Target } from "./target.js";

/** @param folder where its files are */
export function targetOf(name: string, folder: string, file: TargetFile): Target {
  const { countLeadingZeros, unalignedAccess, unicornModel, qemu, memory, cycleModel } = file;
  return {
    name,
    folder,
    description: file.description,
    architecture: file.architecture,
    compilerFlags: file.compilerFlags,
    countLeadingZeros: countLeadingZeros.value,
    multiplies: file.multiplies?.value ?? true,
    unalignedAccess: unalignedAccess.value,
    unicornModel: unicornModel.value,
    qemu: { machine: qemu.machine, options: qemu.options, scratch: qemu.scratch },
    memory: { flash: memory.flash, ram: memory.ram },
    cycleModel,
  };
}
