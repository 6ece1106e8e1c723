/*
 * Replays a table of heap operations inside the guest. RV32EC instructions only, but for the registers of status that
 * replay_boot and replay_fault use: one driver for every core.
 *
 * Assemble with -DHEAP_INIT=..., -DHEAP_MALLOC=..., -DHEAP_FREE=... (the allocator's public functions), with
 * -DHEAP_CALLOC=..., -DHEAP_REALLOC=..., -DHEAP_ALIGNED_ALLOC=... for those it has, and with -DHEAP_TAGGED=1 where
 * malloc takes a tag as its second argument: the tag of operation i is i. The others but free are then given it behind
 * their arguments, for adapters that ask which operation calls.
 *
 * The host enters at replay_start with the address of the control block in a0, and stops the core when it reaches
 * replay_stop. It may then enter again: operations follow each other without a gap.
 *
 * A host that can neither set registers nor stop the core at an address lets it begin at replay_boot, with the address of
 * the control block in a0. The core then comes to execute replay_stop, which makes the host's list of semihosting calls
 * (RISC-V Semihosting, 0.2): to save memory, and to exit. A host that counts instructions sees an operation begin at
 * replay_next.
 *
 * The operation table holds two words an operation. The first is what it is (1 malloc, 2 free, 3 calloc, 4 realloc,
 * 5 aligned_alloc) in its lowest three bits, and above them for realloc the index of the operation that allocated the
 * block, for aligned_alloc the alignment. The second is the size in bytes, for free the index of the operation that
 * allocated. calloc is given one element of that size. The results table holds one word an operation, the address that
 * was returned.
 *
 * Functions of the allocator run on stacks of their own, so that the host can measure and guard each. The driver has
 * no stack, calls nothing but the allocator, and writes nothing but results, control block and payloads.
 *
 * Payloads are filled when they were allocated and checked before free. What calloc gave must be zero. After realloc the
 * bytes that old and new payload have in common must be as they were filled; then the whole is filled anew. Where
 * realloc gave NULL for a size that is not 0 the old payload must be intact. Word k of the payload of operation i is
 *
 *     (i + 1) * 0x9e3779b1 + k * 0x61c88647          (modulo 2^32, little-endian, cut off at the requested size)
 *
 * so neither a payload shifted in place nor one copied from another block looks right.
 */
    .option norelax

    /* The control block, in bytes from its start. */
    .equ    FLAGS, 0                /* Bits below. */
    .equ    OPERATIONS, 4           /* Address of the operation table. */
    .equ    RESULTS, 8              /* Address of the results table. */
    .equ    NEXT, 12                /* Operation that is running or comes next; INITIALISING during init. */
    .equ    END, 16                 /* Operation to stop before. */
    .equ    INIT_STACK, 20          /* First stack pointer of each function, a multiple of 16. */
    .equ    MALLOC_STACK, 24
    .equ    FREE_STACK, 28
    .equ    HEAP, 32                /* Address of the heap's first byte. */
    .equ    HEAP_BYTES, 36
    .equ    STATUS, 40              /* How the replay ended: below. */
    .equ    DETAIL, 44              /* Address the status is about. */
    .equ    HOST_CALLS, 48          /* Address of the list of semihosting calls: at replay_stop. */
    .equ    EXCEPTION, 52           /* mcause of the exception taken; left alone where there was none. */
    .equ    FAULT_STATUS, 56        /* Not 0 then. */
    .equ    FAULT_ADDRESS, 60       /* mtval then. */
    .equ    CALLOC_STACK, 64
    .equ    REALLOC_STACK, 68
    .equ    ALIGNED_STACK, 72

    .equ    FLAG_INITIALISE, 1      /* Call init first, and go on with operation NEXT. */
    .equ    FLAG_CHECK, 2           /* Fill and check payloads. */
    .equ    INITIALISING, -1

    .equ    ENDED, 0
    .equ    PAYLOAD_OVERWRITTEN, 1
    .equ    OUTSIDE_HEAP, 2         /* What was allocated is not inside the heap. */
    .equ    NOT_ZERO, 3             /* calloc's block is not all zeros. */

    .equ    SEED_FACTOR, 0x9e3779b1
    .equ    STEP, 0x61c88647

    /* Across a call: s0 control block, s1 operation. What else is needed behind it is read from the table again. */

    /* Operation s1: its first word to t0, its second to a1. Uses t1. */
    .macro  load_operation
    slli    t0, s1, 3
    lw      t1, OPERATIONS(s0)
    add     t1, t1, t0
    lw      t0, 0(t1)
    lw      a1, 4(t1)
    .endm

    /* Goes to \to unless payloads are filled and checked. Uses t0. */
    .macro  unless_checking to
    lw      t0, FLAGS(s0)
    andi    t0, t0, FLAG_CHECK
    beqz    t0, \to
    .endm

    /* Word 0 of what operation \operation fills in: to \word. Uses t0, t1 and t2; RV32E has no product. */
    .macro  first_word word, operation
    addi    t0, \operation, 1
    li      t1, SEED_FACTOR
    li      \word, 0
901:
    andi    t2, t0, 1
    beqz    t2, 902f
    add     \word, \word, t1
902:
    slli    t1, t1, 1
    srli    t0, t0, 1
    bnez    t0, 901b
    .endm

    .section .replay, "ax", %progbits
    .balign 4
    .global replay_start
    .type   replay_start, %function
replay_start:
    mv      s0, a0
    lw      s1, NEXT(s0)
    sw      zero, STATUS(s0)
    lw      t0, FLAGS(s0)
    andi    t0, t0, FLAG_INITIALISE
    beqz    t0, next_operation

    li      t0, INITIALISING
    sw      t0, NEXT(s0)
    lw      sp, INIT_STACK(s0)
    jal     HEAP_INIT

    .global replay_next
replay_next:
next_operation:
    sw      s1, NEXT(s0)
    lw      a0, END(s0)
    bltu    s1, a0, 1f
    j       replay_stop
1:
    load_operation
    srli    a2, t0, 3
    andi    t0, t0, 7
    addi    t0, t0, -2
    beqz    t0, operation_free
#ifdef HEAP_CALLOC
    addi    t1, t0, -1
    beqz    t1, operation_calloc
#endif
#ifdef HEAP_REALLOC
    addi    t1, t0, -2
    beqz    t1, operation_realloc
#endif
#ifdef HEAP_ALIGNED_ALLOC
    addi    t1, t0, -3
    beqz    t1, operation_aligned
#endif

    /* malloc(a1) */
    lw      sp, MALLOC_STACK(s0)
    mv      a0, a1
#if HEAP_TAGGED
    mv      a1, s1
#endif
    jal     HEAP_MALLOC
allocated:                          /* a0 result */
    jal     store_result
    beqz    a0, operation_ended
    unless_checking operation_ended
    j       fill_payload

#ifdef HEAP_ALIGNED_ALLOC
operation_aligned:                  /* aligned_alloc(a2, a1) */
    lw      sp, ALIGNED_STACK(s0)
    mv      a0, a2
#if HEAP_TAGGED
    mv      a2, s1
#endif
    jal     HEAP_ALIGNED_ALLOC
    j       allocated
#endif

operation_free:
    mv      a2, a1
    jal     load_block
    beqz    a0, call_free
    unless_checking call_free
    jal     check_payload
call_free:
    lw      sp, FREE_STACK(s0)
    load_operation
    mv      a2, a1
    jal     load_block
    jal     HEAP_FREE
operation_ended:
    addi    s1, s1, 1
    j       next_operation

#ifdef HEAP_CALLOC
operation_calloc:                   /* calloc(1, a1) */
    lw      sp, CALLOC_STACK(s0)
    li      a0, 1
#if HEAP_TAGGED
    mv      a2, s1
#endif
    jal     HEAP_CALLOC
    jal     store_result
    beqz    a0, operation_ended
    unless_checking operation_ended
    load_operation
    mv      t0, a0
    add     t1, a0, a1
1:  bgeu    t0, t1, 2f
    lbu     t2, 0(t0)
    bnez    t2, not_zero
    addi    t0, t0, 1
    j       1b
2:  j       fill_payload
not_zero:
    mv      a0, t0
    li      a1, NOT_ZERO
    j       stop_with_status
#endif

#ifdef HEAP_REALLOC
operation_realloc:                  /* realloc(what a2 allocated, a1) */
    lw      sp, REALLOC_STACK(s0)
    jal     load_block
    load_operation
#if HEAP_TAGGED
    mv      a2, s1
#endif
    jal     HEAP_REALLOC
    jal     store_result
    unless_checking operation_ended
    load_operation
    srli    a2, t0, 3
    bnez    a0, 1f
    beqz    a1, operation_ended
    jal     load_block
    beqz    a0, operation_ended
    jal     check_payload
    j       operation_ended
1:  mv      a4, a0
    mv      a5, a1
    jal     load_block
    beqz    a0, 3f
    bgeu    a5, a1, 2f
    mv      a1, a5
2:  mv      a0, a4
    jal     check_payload
3:  slli    t0, s1, 2
    lw      t1, RESULTS(s0)
    add     t1, t1, t0
    lw      a0, 0(t1)
    j       fill_payload
#endif

    /* The block that operation a2 allocated: its address to a0, its size to a1. */
load_block:
    slli    t0, a2, 3
    lw      t1, OPERATIONS(s0)
    add     t1, t1, t0
    lw      a1, 4(t1)
    slli    t0, a2, 2
    lw      t1, RESULTS(s0)
    add     t1, t1, t0
    lw      a0, 0(t1)
    ret

    /* a0 what operation s1 returned: into the table; stops where it is not so many bytes of the heap. */
store_result:
    slli    t0, s1, 2
    lw      t1, RESULTS(s0)
    add     t1, t1, t0
    sw      a0, 0(t1)
    beqz    a0, 1f
    load_operation
    /* 0 <= a0 - HEAP <= HEAP_BYTES - a1 */
    lw      t0, HEAP(s0)
    sub     t0, a0, t0
    lw      t1, HEAP_BYTES(s0)
    bltu    t1, t0, outside_heap
    sub     t1, t1, t0
    bltu    t1, a1, outside_heap
1:  ret
outside_heap:
    li      a1, OUTSIDE_HEAP
    j       stop_with_status

    /* a0 payload of operation s1: fill it. */
fill_payload:
    first_word a2, s1
    load_operation
    li      a3, STEP
    mv      t0, a0
    andi    t1, a0, 3
    bnez    t1, 2f
    andi    t1, a1, -4
    add     t1, t1, a0
1:  beq     t0, t1, 2f
    sw      a2, 0(t0)
    add     a2, a2, a3
    addi    t0, t0, 4
    j       1b
2:  add     t1, a0, a1
    mv      a4, a2                  /* The word, shifted down by the place of the byte in it. */
3:  beq     t0, t1, 4f
    sb      a4, 0(t0)
    srli    a4, a4, 8
    addi    t0, t0, 1
    sub     t2, t0, a0
    andi    t2, t2, 3
    bnez    t2, 3b
    add     a2, a2, a3
    mv      a4, a2
    j       3b
4:  j       operation_ended

    /* a0 payload, a1 bytes, a2 the allocating operation: compare them with what was filled in. Returns where equal. */
check_payload:
    first_word a3, a2
    mv      t0, a0
    andi    t1, a0, 3
    bnez    t1, 2f
    andi    t1, a1, -4
    add     t1, t1, a0
1:  beq     t0, t1, 2f
    lw      t2, 0(t0)
    bne     t2, a3, 2f              /* From the first byte on, to find the one that differs. */
    li      t2, STEP
    add     a3, a3, t2
    addi    t0, t0, 4
    j       1b
2:  add     t1, a0, a1
    mv      a2, a3
3:  beq     t0, t1, 4f
    andi    t2, a2, 255
    lbu     a5, 0(t0)
    bne     a5, t2, payload_overwritten
    srli    a2, a2, 8
    addi    t0, t0, 1
    sub     t2, t0, a0
    andi    t2, t2, 3
    bnez    t2, 3b
    li      t2, STEP
    add     a3, a3, t2
    mv      a2, a3
    j       3b
4:  ret

payload_overwritten:
    mv      a0, t0
    li      a1, PAYLOAD_OVERWRITTEN
stop_with_status:                   /* a0 detail, a1 status */
    sw      a0, DETAIL(s0)
    sw      a1, STATUS(s0)
    j       replay_stop

    /* Each entry of the list is a call's number, its argument, and where to store its result. The last one exits. */
    .global replay_stop
    .type   replay_stop, %function
replay_stop:
    lw      s1, HOST_CALLS(s0)
1:  lw      a0, 0(s1)
    lw      a1, 4(s1)
    jal     host_call
    lw      a2, 8(s1)
    sw      a0, 0(a2)
    addi    s1, s1, 12
    j       1b

    /* These three instructions, none of 16 bits and in one page. */
    .balign 16
    .option push
    .option norvc
host_call:
    slli    x0, x0, 0x1f
    ebreak
    srai    x0, x0, 7
    ret
    .option pop

    .global replay_boot
    .type   replay_boot, %function
replay_boot:
    csrw    mscratch, a0
    lla     t0, replay_fault
    csrw    mtvec, t0
    j       replay_start

    /* Any register may hold anything. */
    .balign 4
    .global replay_fault
    .type   replay_fault, %function
replay_fault:
    csrr    s0, mscratch
    csrr    t0, mcause
    sw      t0, EXCEPTION(s0)
    sw      t0, FAULT_STATUS(s0)
    csrr    t0, mtval
    sw      t0, FAULT_ADDRESS(s0)
    j       replay_stop

    .size   replay_start, . - replay_start
    .global replay_end
replay_end:
