/* Arm Cortex-M7 (ARMv7E-M): the core needs nothing beyond the start-up all M-profile cores share. */
#include "../shared/startup.S"
