import { cType, unsigned, type Constant, type StaticAssert } from "../../emit/c-text.js";
import type { View } from "../../emit/view.js";
import { granuleShift, type Plan } from "../../plan/plan.js";
import { poolOf } from "./blocks.js";

export function view(plan: Plan): View {
  const { classes, fallback, lazy, atomic } = poolOf(plan);
  const several = classes.length > 1;
  const what = several
    ? `${classes.length} sizes of blocks`
    : `blocks of ${classes[0]?.blockBytes ?? 0} bytes`;
  return {
    summary: `pool, ${what}, constant time${atomic ? ", lock-free" : ""}`,
    mallocBound: "O(1)",
    freeBound: "O(1)",
    mergesAtFree: false,
    usesBool: false,
    castsBlocks: true,
    several,
    fallback,
    lazy,
    atomic,
    ...(atomic
      ? { threadSafety: "lock-free. Tasks and interrupts may call malloc and free; init is for one." }
      : {}),
    linkType: cType(plan.header.links.bytes),
    linkIsGranules: plan.header.links.bytes === 2,
    classes: classes.map((_, index) => ({ bytes: bytesName(index), end: endName(index) })),
  };
}

const bytesName = (index: number): string => `CLASS_${index}_BYTES`;
const endName = (index: number): string => `CLASS_${index}_END`;

export function constants(plan: Plan): readonly Constant[] {
  const { classes } = poolOf(plan);
  const constant = (name: string, value: number, comment = ""): Constant => ({
    name,
    value: unsigned(value),
    comment,
  });
  const granules = [
    ...(plan.header.links.bytes === 2 ? [constant("GRANULE_SHIFT", granuleShift(plan))] : []),
    constant("FIRST_BLOCK", plan.firstBlock, "Offset of the first block."),
  ];
  const [only] = classes;
  if (only !== undefined && classes.length === 1) {
    return [
      ...granules,
      constant("END_OF_BLOCKS", only.end, "Offset where the last block ends."),
      constant("BLOCK_BYTES", only.blockBytes),
    ];
  }
  return [
    ...granules,
    constant("CLASSES", classes.length),
    ...classes.flatMap(({ blockBytes, end }, index) => [
      constant(bytesName(index), blockBytes, "A block."),
      constant(endName(index), end, "Offset where the class's last block ends."),
    ]),
  ];
}

export function asserts(plan: Plan): readonly StaticAssert[] {
  const { classes } = poolOf(plan);
  const name = plan.name.toUpperCase();
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const several = classes.length > 1;
  const last = classes.length - 1;
  const lastBytes = several ? bytesName(last) : "BLOCK_BYTES";
  const lastEnd = several ? endName(last) : "END_OF_BLOCKS";
  const links16 = plan.header.links.bytes === 2;
  return [
    check("FIRST_BLOCK >= sizeof(control_t)", "the first block begins in the control data"),
    check(`(FIRST_BLOCK % ${name}_ALIGNMENT) == 0U`, "the first block is misaligned"),
    check(`${lastEnd} <= ${name}_SIZE_BYTES`, "the blocks end behind the heap"),
    check(`${name}_MAX_REQUEST <= ${lastBytes}`, "no block is as large as the largest request"),
    ...(links16
      ? [
          check(`(1U << GRANULE_SHIFT) == ${name}_ALIGNMENT`, "a granule is the alignment"),
          check(`(${lastEnd} >> GRANULE_SHIFT) <= (UINT16_MAX + 1U)`, "a link does not reach the last block"),
        ]
      : []),
    check(
      `sizeof(free_block_t) <= ${several ? bytesName(0) : "BLOCK_BYTES"}`,
      "a free block does not hold its link",
    ),
    check("NO_BLOCK < FIRST_BLOCK", "the link that leads nowhere leads to a block"),
    ...(several
      ? classes.flatMap((_, index) => classAsserts(name, index))
      : [
          check(`(BLOCK_BYTES % ${name}_ALIGNMENT) == 0U`, "blocks are no whole number of granules"),
          check("((END_OF_BLOCKS - FIRST_BLOCK) % BLOCK_BYTES) == 0U", "the last block is cut off"),
          check("END_OF_BLOCKS > FIRST_BLOCK", "there is no block"),
        ]),
    ...(several ? [check(`CLASSES == ${unsigned(classes.length)}`, "there are other classes")] : []),
  ];
}

function classAsserts(name: string, index: number): readonly StaticAssert[] {
  const check = (condition: string, sentence: string): StaticAssert => ({ condition, sentence });
  const start = index === 0 ? "FIRST_BLOCK" : endName(index - 1);
  const of = `of class ${index}`;
  return [
    check(`(${bytesName(index)} % ${name}_ALIGNMENT) == 0U`, `blocks ${of} are no whole number of granules`),
    check(`((${endName(index)} - ${start}) % ${bytesName(index)}) == 0U`, `the last block ${of} is cut off`),
    check(`${endName(index)} > ${start}`, `there is no block ${of}`),
    ...(index === 0
      ? []
      : [
          check(
            `${bytesName(index)} > ${bytesName(index - 1)}`,
            `blocks ${of} are not larger than those before`,
          ),
        ]),
  ];
}
