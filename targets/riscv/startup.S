/*
 * Reset of every RV32 core in machine mode: RV32EC instructions only.
 *
 * Traps go to trap_handler, which is weak: a program that defines it replaces it.
 */
    .section .reset, "ax", %progbits
    .balign 4
    .global Reset_Handler
    .type   Reset_Handler, %function
Reset_Handler:
    la      sp, stack_top
    la      tp, tls_start
    la      t0, trap_handler
    csrw    mtvec, t0

    la      a0, data_start
    la      a1, data_end
    la      a2, data_load
    j       2f
1:  lw      t0, 0(a2)
    sw      t0, 0(a0)
    addi    a0, a0, 4
    addi    a2, a2, 4
2:  bltu    a0, a1, 1b

    la      a0, bss_start
    la      a1, bss_end
    j       4f
3:  sw      zero, 0(a0)
    addi    a0, a0, 4
4:  bltu    a0, a1, 3b

    li      a0, 0               /* argc */
    li      a1, 0               /* argv */
    call    main

    .global main_returned       /* Result of main in a0: an emulator stops here. */
    .type   main_returned, %function
main_returned:
    j       main_returned
    .size   Reset_Handler, . - Reset_Handler

    .section .text.trap_handler, "ax", %progbits
    .balign 4
    .weak   trap_handler
    .type   trap_handler, %function
trap_handler:
    j       trap_handler
    .size   trap_handler, . - trap_handler
