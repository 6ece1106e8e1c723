/* Arm Cortex-M0+ (ARMv6-M): the core needs nothing beyond the start-up all M-profile cores share. */
#include "../shared/startup.S"
