@ Runs cases one after the other on an emulated board. A case is executed in thread mode and may touch its slots and the page
@ of data alone: all else is the memory protection's. Whatever ends it, it is a HardFault, whose handler runs without
@ protection, writes down what became of the case, and begins the next one. Between handler and case a core's registers are in
@ those of the floating-point unit, which no case touches: S0 to S12 R0 to R12, S13 SP, S14 LR, S15 the flags.
        .syntax unified
        .thumb
        .fpu    fpv4-sp-d16

        .section .vectors, "ax", %progbits
        .word   RAM + 0x3000
        .word   reset + 1
        .rept   14
        .word   handler + 1
        .endr

        .text
        .thumb_func
reset:
        ldr     r0, =0xe000ed88         @ CPACR: the floating-point unit is on
        mov     r1, #0x00f00000
        str     r1, [r0]
        dsb
        isb
        ldr     r0, =0xe000ef34         @ FPCCR: no exception saves its registers
        movs    r1, #0
        str     r1, [r0]
        ldr     r0, =SETTINGS           @ addresses and what is written there, the last of which turns protection on
next_setting:
        ldm     r0!, {r1, r2}
        str     r2, [r1]
        b       next_setting            @ until this cannot be fetched

        .thumb_func
handler:
        ldr     r0, =STATE              @ number of the case, of cases, address of its results
        ldm     r0, {r1, r2, r3}
        cmp     r1, #0
        blt     begin
        ldr     r4, [sp, #24]           @ where it ended
        ldr     r5, =ended
        movs    r6, #0
        cmp     r4, r5
        beq     record
        ldr     r5, =0xe000ed28
        ldr     r6, [r5]                @ CFSR
        ldr     r7, [r5, #12]           @ MMFAR
record:
        vstmia  r3!, {s0-s15}
        ldr     r8, =RAM
        ldr     r4, =0x811c9dc5
        ldr     r5, =0x01000193
        mov     r9, #1024
hash:
        ldr     r10, [r8], #4
        eor     r4, r4, r10
        mul     r4, r4, r5
        subs    r9, r9, #1
        bne     hash
        stm     r3!, {r4, r6, r7}
        add     r3, #4
begin:
        ldr     r5, =0xe000ed28
        mvn     r6, #0
        str     r6, [r5]                @ what was noted is noted no longer
        str     r6, [r5, #4]
        adds    r1, #1
        stm     r0, {r1, r2, r3}
        cmp     r1, r2
        beq     finish
        ldr     r4, =RAM
        ldr     r5, =RAM + 0x4000
        mov     r6, #256
restore:
        ldm     r5!, {r7, r8, r9, r10}
        stm     r4!, {r7, r8, r9, r10}
        subs    r6, r6, #1
        bne     restore
        ldr     r4, =RAM + 0x10000
        add     r4, r4, r1, lsl #6
        vldmia  r4, {s0-s15}
        ldr     r4, =RAM + 0xc000
        ldrb    r5, [r4, r1]
        ldr     r4, =CODE + 1
        add     r4, r4, r1, lsl #6
        add     r4, r4, r5
        ldr     r5, =CODE + BEHIND + 0x1000
        str     r4, [r5]
        ldr     r4, =RAM + 0x3000 - 32
        mov     sp, r4
        ldr     r5, =load
        str     r5, [sp, #24]
        mov     r5, #0x01000000
        str     r5, [sp, #28]
        ldr     lr, =0xfffffff9
        bx      lr

finish:
        movs    r0, #1                  @ open "results" for writing, write, exit
        ldr     r1, =open
        bkpt    0xab
        ldr     r1, =write
        str     r0, [r1]
        movs    r0, #5
        bkpt    0xab
        movs    r0, #0x18
        ldr     r1, =0x20026
        bkpt    0xab
        b       .

        .ltorg
        .balign 4
name:   .asciz  "results"
        .balign 4
open:   .word   name, 5, 7

        .section .data, "aw", %progbits
write:  .word   0, RAM + 0x100000, RESULTS

        @ Stands behind the slots, and may be executed there.
        .section .behind, "ax", %progbits
        .balign 4
save:
        vmov    s0, r0
        vmov    s1, r1
        vmov    s2, r2
        vmov    s3, r3
        vmov    s4, r4
        vmov    s5, r5
        vmov    s6, r6
        vmov    s7, r7
        vmov    s8, r8
        vmov    s9, r9
        vmov    s10, r10
        vmov    s11, r11
        vmov    s12, r12
        mov     r0, sp
        vmov    s13, r0
        vmov    s14, lr
        mrs     r0, apsr
        vmov    s15, r0
        ldr     r0, =RAM + 0x3000
        mov     sp, r0
ended:
        udf     #0
        .balign 4
load:
        vmov    r0, s15
        msr     apsr_nzcvq, r0
        vmov    r0, s13
        mov     sp, r0
        vmov    lr, s14
        vmov    r12, s12
        vmov    r11, s11
        vmov    r10, s10
        vmov    r9, s9
        vmov    r8, s8
        vmov    r7, s7
        vmov    r6, s6
        vmov    r5, s5
        vmov    r4, s4
        vmov    r3, s3
        vmov    r2, s2
        vmov    r1, s1
        vmov    r0, s0
        ldr.w   pc, slot
        .ltorg
        .org    0x1000                  @ a page without code, which is written
slot:   .word   0
