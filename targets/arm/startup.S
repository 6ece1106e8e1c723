/*
 * Vector table and reset for every M-profile core: ARMv6-M instructions only.
 *
 * Each handler is weak: a program that defines SysTick_Handler replaces it. The table ends where the core's own
 * exceptions end; a chip's interrupts follow in the section .vectors.
 */
    .syntax unified
    .thumb

    .section .vectors, "a", %progbits
    .balign 4
    .global vector_table
    .type   vector_table, %object
vector_table:
    .word   stack_top
    .word   Reset_Handler
    .word   NMI_Handler
    .word   HardFault_Handler
    .word   MemManage_Handler
    .word   BusFault_Handler
    .word   UsageFault_Handler
    .word   SecureFault_Handler
    .word   0
    .word   0
    .word   0
    .word   SVC_Handler
    .word   DebugMon_Handler
    .word   0
    .word   PendSV_Handler
    .word   SysTick_Handler
    .size   vector_table, . - vector_table

    .section .text.Reset_Handler, "ax", %progbits
    .balign 4
    .global Reset_Handler
    .type   Reset_Handler, %function
    .thumb_func
Reset_Handler:
    ldr     r0, =stack_top      /* Debuggers and emulators may enter here without loading the stack pointer. */
    mov     sp, r0

    ldr     r0, =data_start
    ldr     r1, =data_end
    ldr     r2, =data_load
    b       2f
1:  ldr     r3, [r2]
    str     r3, [r0]
    adds    r0, #4
    adds    r2, #4
2:  cmp     r0, r1
    blo     1b

    ldr     r0, =bss_start
    ldr     r1, =bss_end
    movs    r2, #0
    b       4f
3:  str     r2, [r0]
    adds    r0, #4
4:  cmp     r0, r1
    blo     3b

    movs    r0, #0              /* argc */
    movs    r1, #0              /* argv */
    bl      main

    .global main_returned       /* Result of main in r0: an emulator stops here. */
    .type   main_returned, %function
    .thumb_func
main_returned:
    b       main_returned
    .size   Reset_Handler, . - Reset_Handler
    .pool

    .section .text.Default_Handler, "ax", %progbits
    .balign 4
    .global Default_Handler
    .type   Default_Handler, %function
    .thumb_func
Default_Handler:
    b       Default_Handler
    .size   Default_Handler, . - Default_Handler

    .macro  default_handler name
    .weak   \name
    .thumb_set \name, Default_Handler
    .endm

    default_handler NMI_Handler
    default_handler HardFault_Handler
    default_handler MemManage_Handler
    default_handler BusFault_Handler
    default_handler UsageFault_Handler
    default_handler SecureFault_Handler
    default_handler SVC_Handler
    default_handler DebugMon_Handler
    default_handler PendSV_Handler
    default_handler SysTick_Handler
