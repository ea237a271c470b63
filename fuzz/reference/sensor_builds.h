/* What the builds of the reference sensor differ in. `-DSENSOR_BUILD=711` makes build 7.11; the default is the newest.
 *
 * The story is that of 2024-07-19. The template type `ipc` came with 7.11: its definition has 21 inputs, the
 * integration code supplies 20, and the interpreter has a null check and no bounds check. 7.11.1 has the bounds
 * check, 7.12 supplies all 21. Each build on its own is consistent to whoever reads one of the three places.
 */
#ifndef SENSOR_BUILDS_H
#define SENSOR_BUILDS_H

#ifndef SENSOR_BUILD
#define SENSOR_BUILD 712
#endif

#if SENSOR_BUILD == 710
#define SENSOR_BUILD_NAME "7.10"
#elif SENSOR_BUILD == 711
#define SENSOR_BUILD_NAME "7.11"
#elif SENSOR_BUILD == 7111
#define SENSOR_BUILD_NAME "7.11.1"
#elif SENSOR_BUILD == 712
#define SENSOR_BUILD_NAME "7.12"
#else
#error "SENSOR_BUILD is 710, 711, 7111 or 712"
#endif

/* Inputs that the definitions have. */
#define SENSOR_PROCESS_DEFINED 12
#define SENSOR_FILE_DEFINED 8
#define SENSOR_IPC_DEFINED 21
#define SENSOR_MOST_INPUTS SENSOR_IPC_DEFINED

/* Inputs that the integration code supplies. */
#define SENSOR_PROCESS_SUPPLIED 12
#define SENSOR_FILE_SUPPLIED 8
#if SENSOR_BUILD == 712
#define SENSOR_IPC_SUPPLIED 21
#else
#define SENSOR_IPC_SUPPLIED 20
#endif

#define SENSOR_HAS_IPC (SENSOR_BUILD != 710)
#define SENSOR_CHECKS_INDEX (SENSOR_BUILD == 7111 || SENSOR_BUILD == 712)

/* How much content a build takes. */
#if SENSOR_BUILD == 712
#define SENSOR_MAX_INSTANCES 512u
#else
#define SENSOR_MAX_INSTANCES 256u
#endif
#define SENSOR_MAX_CRITERIA 4096u
#define SENSOR_MAX_DEPTH 8u   /* of groups: parents above one */
#define SENSOR_MAX_REGEX 256u /* characters */

/* What one evaluation may look at: characters of values, states of regular expressions, members of sets. */
#define SENSOR_FUEL (1u << 24)

#endif
