/*
 * What the measurements share: a platform in another process, so that only the caller's work is counted, and a clock of
 * the work that this process does.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#define APP_KEY "ExampleAppKey0001"
#define APP_SECRET "example-secret-0001"
#define OPERATION "create_voice_notification"
#define ARGUMENTS                                                                                                     \
    "{\"displayNbr\":\"+8675500000001\",\"calleeNbr\":\"+8613800000021\",\"playInfoList\":[{\"templateId\":\"10000001\"," \
    "\"templateParas\":[\"3\",\"12:30\"],\"collectInd\":1}],\"userData\":\"example-0001\"}"

/* Answers every request on keep-alive connections, or never answers. In a process of its own; gives its port. */
int platform_start(int answers);
void platform_stop(void);

/* Ends the program with a message unless `condition` holds. */
void must(int condition, const char *what);

/* User and system time of this process, in microseconds. */
double cpu_us(void);

#endif
