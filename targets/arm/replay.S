/*
 * Replays a table of heap operations inside the guest. ARMv6-M instructions only: one driver for every core.
 *
 * Assemble with -DHEAP_INIT=..., -DHEAP_MALLOC=..., -DHEAP_FREE=... (the allocator's public functions), with
 * -DHEAP_CALLOC=..., -DHEAP_REALLOC=..., -DHEAP_ALIGNED_ALLOC=... for those it has, and with -DHEAP_TAGGED=1 where
 * malloc takes a tag as its second argument: the tag of operation i is i. The others but free are then given it behind
 * their arguments, for adapters that ask which operation calls.
 *
 * The host enters at replay_start with the address of the control block in r0, and stops the core when it reaches
 * replay_stop. It may then enter again: operations follow each other without a gap.
 *
 * A host that can neither set registers nor stop the core at an address gives it a vector table: the initial stack
 * pointer is the address of the control block, the reset handler is replay_boot, every other handler replay_fault.
 * The core then comes to execute replay_stop, which makes the host's list of semihosting calls (Arm's Semihosting for
 * AArch32 and AArch64, release 2.0): to save memory, and to exit. A host that counts instructions sees an operation
 * begin at replay_next.
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
    .syntax unified
    .thumb

    /* The control block, in bytes from its start. */
    .equ    FLAGS, 0                /* Bits below. */
    .equ    OPERATIONS, 4           /* Address of the operation table. */
    .equ    RESULTS, 8              /* Address of the results table. */
    .equ    NEXT, 12                /* Operation that is running or comes next; INITIALISING during init. */
    .equ    END, 16                 /* Operation to stop before. */
    .equ    INIT_STACK, 20          /* First stack pointer of each function, a multiple of 8. */
    .equ    MALLOC_STACK, 24
    .equ    FREE_STACK, 28
    .equ    HEAP, 32                /* Address of the heap's first byte. */
    .equ    HEAP_BYTES, 36
    .equ    STATUS, 40              /* How the replay ended: below. */
    .equ    DETAIL, 44              /* Address the status is about. */
    .equ    HOST_CALLS, 48          /* Address of the list of semihosting calls: at replay_stop. */
    .equ    EXCEPTION, 52           /* Number of the exception taken; left alone where there was none. */
    .equ    FAULT_STATUS, 56        /* CFSR, then. */
    .equ    FAULT_ADDRESS, 60       /* BFAR, then. */
    .equ    CALLOC_STACK, 64
    .equ    REALLOC_STACK, 68
    .equ    ALIGNED_STACK, 72

    .equ    FLAG_INITIALISE_BIT, 0  /* Call init first, and go on with operation NEXT. */
    .equ    FLAG_CHECK_BIT, 1       /* Fill and check payloads. */
    .equ    INITIALISING, 0xffffffff

    .equ    ENDED, 0
    .equ    PAYLOAD_OVERWRITTEN, 1
    .equ    OUTSIDE_HEAP, 2         /* What was allocated is not inside the heap. */
    .equ    NOT_ZERO, 3             /* calloc's block is not all zeros. */

    .equ    SEED_FACTOR, 0x9e3779b1
    .equ    STEP, 0x61c88647

    .equ    VTOR, 0xe000ed08        /* Reads as zero on a core without it. */
    .equ    CFSR, 0xe000ed28        /* Reads as zero on ARMv6-M, as does BFAR. */
    .equ    BFAR_FROM_CFSR, 0x10

    /*
     * Across a call: r4 control block, r5 operation, r6 the allocating operation (free, realloc) or the alignment, r7
     * size of the payload. A function of the allocator keeps r4 to r11; here r8 and above are used between calls only.
     */

    .section .replay, "ax", %progbits
    .balign 4
    .global replay_start
    .type   replay_start, %function
    .thumb_func
replay_start:
    mov     r4, r0
    ldr     r5, [r4, #NEXT]
    movs    r0, #ENDED
    str     r0, [r4, #STATUS]
    ldr     r0, [r4, #FLAGS]
    lsrs    r0, r0, #FLAG_INITIALISE_BIT + 1
    bcc     next_operation

    ldr     r0, =INITIALISING
    str     r0, [r4, #NEXT]
    ldr     r0, [r4, #INIT_STACK]
    mov     sp, r0
    bl      HEAP_INIT

    .global replay_next
replay_next:
next_operation:
    str     r5, [r4, #NEXT]
    ldr     r0, [r4, #END]
    cmp     r5, r0
    blo     1f
    b       replay_stop
1:
    ldr     r1, [r4, #OPERATIONS]
    lsls    r0, r5, #3
    adds    r1, r1, r0
    ldr     r0, [r1]
    ldr     r7, [r1, #4]
    lsrs    r6, r0, #3
    movs    r1, #7
    ands    r0, r0, r1
    cmp     r0, #2
    beq     operation_free
#ifdef HEAP_CALLOC
    cmp     r0, #3
    beq     operation_calloc
#endif
#ifdef HEAP_REALLOC
    cmp     r0, #4
    beq     operation_realloc
#endif
#ifdef HEAP_ALIGNED_ALLOC
    cmp     r0, #5
    beq     operation_aligned
#endif

    /* malloc(r7) */
    ldr     r0, [r4, #MALLOC_STACK]
    mov     sp, r0
    movs    r0, r7
#if HEAP_TAGGED
    movs    r1, r5
#endif
    bl      HEAP_MALLOC
allocated:                          /* r0 result */
    bl      store_result
    cmp     r0, #0
    beq     operation_ended
    ldr     r1, [r4, #FLAGS]
    lsrs    r1, r1, #FLAG_CHECK_BIT + 1
    bcc     operation_ended
    b       fill_payload

#ifdef HEAP_ALIGNED_ALLOC
operation_aligned:                  /* aligned_alloc(r6, r7) */
    ldr     r0, [r4, #ALIGNED_STACK]
    mov     sp, r0
    movs    r0, r6
    movs    r1, r7
#if HEAP_TAGGED
    movs    r2, r5
#endif
    bl      HEAP_ALIGNED_ALLOC
    b       allocated
#endif

operation_free:
    mov     r6, r7
    bl      load_block
    cmp     r0, #0
    beq     call_free
    ldr     r1, [r4, #FLAGS]
    lsrs    r1, r1, #FLAG_CHECK_BIT + 1
    bcc     call_free
    bl      check_payload
call_free:
    ldr     r0, [r4, #FREE_STACK]
    mov     sp, r0
    bl      load_block
    bl      HEAP_FREE
operation_ended:
    adds    r5, r5, #1
    b       next_operation

#ifdef HEAP_CALLOC
operation_calloc:                   /* calloc(1, r7) */
    ldr     r0, [r4, #CALLOC_STACK]
    mov     sp, r0
    movs    r0, #1
    movs    r1, r7
#if HEAP_TAGGED
    movs    r2, r5
#endif
    bl      HEAP_CALLOC
    bl      store_result
    cmp     r0, #0
    beq     operation_ended
    ldr     r1, [r4, #FLAGS]
    lsrs    r1, r1, #FLAG_CHECK_BIT + 1
    bcc     operation_ended
    movs    r1, #0
1:  cmp     r1, r7
    bhs     fill_payload
    ldrb    r2, [r0, r1]
    cmp     r2, #0
    bne     not_zero
    adds    r1, r1, #1
    b       1b
not_zero:
    adds    r0, r0, r1
    movs    r1, #NOT_ZERO
    b       stop_with_status
#endif

#ifdef HEAP_REALLOC
operation_realloc:                  /* realloc(what r6 allocated, r7) */
    ldr     r0, [r4, #REALLOC_STACK]
    mov     sp, r0
    mov     r8, r7
    bl      load_block
    mov     r7, r8
    movs    r1, r7
#if HEAP_TAGGED
    movs    r2, r5
#endif
    bl      HEAP_REALLOC
    bl      store_result
    ldr     r1, [r4, #FLAGS]
    lsrs    r1, r1, #FLAG_CHECK_BIT + 1
    bcc     operation_ended
    cmp     r0, #0
    bne     1f
    cmp     r7, #0
    beq     operation_ended
    bl      load_block
    cmp     r0, #0
    beq     operation_ended
    bl      check_payload
    b       operation_ended
1:  mov     r8, r0
    mov     r9, r7
    bl      load_block
    cmp     r0, #0
    mov     r0, r8
    beq     3f
    cmp     r7, r9
    bls     2f
    mov     r7, r9
2:  bl      check_payload
    ldr     r1, [r4, #OPERATIONS]
    lsls    r2, r5, #3
    adds    r1, r1, r2
    ldr     r2, [r1, #4]
    mov     r9, r2
    ldr     r1, [r4, #RESULTS]
    lsls    r2, r5, #2
    ldr     r0, [r1, r2]
3:  mov     r7, r9
    b       fill_payload
#endif

    /* The block that operation r6 allocated: its address to r0, its size to r7. */
load_block:
    ldr     r1, [r4, #OPERATIONS]
    lsls    r0, r6, #3
    adds    r1, r1, r0
    ldr     r7, [r1, #4]
    ldr     r1, [r4, #RESULTS]
    lsls    r2, r6, #2
    ldr     r0, [r1, r2]
    bx      lr

    /* r0 what operation r5 returned: into the table; stops where it is not r7 bytes of the heap. */
store_result:
    ldr     r1, [r4, #RESULTS]
    lsls    r2, r5, #2
    str     r0, [r1, r2]
    cmp     r0, #0
    beq     1f
    /* 0 <= r0 - HEAP <= HEAP_BYTES - r7 */
    ldr     r1, [r4, #HEAP]
    subs    r1, r0, r1
    ldr     r2, [r4, #HEAP_BYTES]
    cmp     r1, r2
    bhi     outside_heap
    subs    r2, r2, r1
    cmp     r7, r2
    bhi     outside_heap
1:  bx      lr
outside_heap:
    movs    r1, #OUTSIDE_HEAP
    b       stop_with_status

    /* r0 payload, r5 the allocating operation, r7 bytes: fill them. */
fill_payload:
    adds    r1, r5, #1
    ldr     r2, =SEED_FACTOR
    muls    r2, r1, r2              /* Word 0. */
    ldr     r3, =STEP
    movs    r1, #0                  /* Byte to go on with, once no two words are left. */
    lsls    r6, r0, #30
    bne     fill_bytes
    mov     r8, r2
    mov     r9, r0
    mov     r10, r7
    subs    r7, r7, #8
    blo     2f
1:  adds    r6, r2, r3
    stmia   r0!, {r2, r6}
    adds    r2, r6, r3
    subs    r7, r7, #8
    bhs     1b
2:  mov     r7, r10
    mov     r0, r9
    mov     r2, r8
    lsrs    r1, r7, #3
    lsls    r1, r1, #3
fill_bytes:                         /* r0 payload, r1 byte, r2 word 0, r3 step, r7 bytes */
    cmp     r1, r7
    blo     1f
    b       operation_ended
1:
    lsrs    r6, r1, #2
    muls    r6, r3, r6
    adds    r6, r6, r2
    mov     r8, r3
    lsls    r3, r1, #30
    lsrs    r3, r3, #27
    lsrs    r6, r6, r3              /* Word of the byte, shifted down by its place in the word. */
    mov     r3, r8
    strb    r6, [r0, r1]
    adds    r1, r1, #1
    b       fill_bytes

    /* r0 payload, r6 the allocating operation, r7 bytes: compare them with what was filled in. Returns where equal. */
check_payload:
    mov     r11, r6
    adds    r1, r6, #1
    ldr     r2, =SEED_FACTOR
    muls    r2, r1, r2
    ldr     r3, =STEP
    movs    r1, #0
    lsls    r6, r0, #30
    bne     check_bytes
    mov     r8, r2
    mov     r9, r0
    mov     r10, r7
    mov     r12, r5
    movs    r5, #0                  /* Bits that differ, of all words. */
    subs    r7, r7, #8
    blo     2f
1:  ldmia   r0!, {r1, r6}
    eors    r1, r1, r2
    orrs    r5, r5, r1
    adds    r2, r2, r3
    eors    r6, r6, r2
    orrs    r5, r5, r6
    adds    r2, r2, r3
    subs    r7, r7, #8
    bhs     1b
2:  mov     r7, r10
    mov     r0, r9
    mov     r2, r8
    movs    r1, #0
    cmp     r5, #0
    mov     r5, r12
    bne     check_bytes             /* From the first byte on, to find the one that differs. */
    lsrs    r1, r7, #3
    lsls    r1, r1, #3
check_bytes:                        /* r0 payload, r1 byte, r2 word 0, r3 step, r7 bytes */
    cmp     r1, r7
    bhs     payload_intact
    lsrs    r6, r1, #2
    muls    r6, r3, r6
    adds    r6, r6, r2
    mov     r8, r3
    lsls    r3, r1, #30
    lsrs    r3, r3, #27
    lsrs    r6, r6, r3
    uxtb    r6, r6
    ldrb    r3, [r0, r1]
    cmp     r3, r6
    bne     payload_overwritten
    mov     r3, r8
    adds    r1, r1, #1
    b       check_bytes
payload_intact:
    mov     r6, r11
    bx      lr

payload_overwritten:
    adds    r0, r0, r1
    movs    r1, #PAYLOAD_OVERWRITTEN
stop_with_status:                   /* r0 detail, r1 status */
    str     r0, [r4, #DETAIL]
    str     r1, [r4, #STATUS]
    b       replay_stop

    /* Each entry of the list is a call's number, its argument, and where to store its result. The last one exits. */
    .global replay_stop
    .type   replay_stop, %function
    .thumb_func
replay_stop:
    ldr     r5, [r4, #HOST_CALLS]
1:  ldmia   r5!, {r0, r1, r6}
    bkpt    #0xab
    str     r0, [r6]
    b       1b

    .global replay_boot
    .type   replay_boot, %function
    .thumb_func
replay_boot:
    mov     r0, sp
    b       replay_start

    /* Any register may hold anything; the control block's address is the first word of the vector table. */
    .global replay_fault
    .type   replay_fault, %function
    .thumb_func
replay_fault:
    ldr     r0, =VTOR
    ldr     r0, [r0]
    ldr     r4, [r0]
    mrs     r1, ipsr
    str     r1, [r4, #EXCEPTION]
    ldr     r0, =CFSR
    ldr     r1, [r0]
    str     r1, [r4, #FAULT_STATUS]
    ldr     r1, [r0, #BFAR_FROM_CFSR]
    str     r1, [r4, #FAULT_ADDRESS]
    b       replay_stop

    .size   replay_start, . - replay_start
    .ltorg
    .global replay_end
replay_end:
