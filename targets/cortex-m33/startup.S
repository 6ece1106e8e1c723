/* Arm Cortex-M33 (ARMv8-M Mainline): the core needs nothing beyond the start-up all M-profile cores share. */
#include "../shared/startup.S"
