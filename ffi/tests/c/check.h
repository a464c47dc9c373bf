/*
 * A small test harness: named tests, counted checks, one closing line.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "voicecall.h"

struct test {
    const char *name; /* states the fact */
    void (*run)(void);
};

/* Runs the tests and prints the closing line. Returns what main() returns. */
int check_run(const struct test *tests, size_t count);

#define CHECK_RUN(tests) check_run(tests, sizeof(tests) / sizeof((tests)[0]))

/* A failed check fails its test, which goes on. */
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(actual, expected) check_int((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), #actual, __FILE__, __LINE__)

/* `call` uses a variable `voicecall_error *error`, which must be NULL before; afterwards it is freed and NULL again. */
#define CHECK_OK(call) check_status((call), VOICECALL_OK, NULL, &error, #call, __FILE__, __LINE__)
#define CHECK_ABSENT(call) check_status((call), VOICECALL_ABSENT, NULL, &error, #call, __FILE__, __LINE__)
/* Fails with this status and a message that contains this text. */
#define CHECK_FAILS(call, status, text) check_status((call), (status), (text), &error, #call, __FILE__, __LINE__)
/* Refuses a NULL and names the parameter. */
#define CHECK_NULL(call, name) CHECK_FAILS(call, VOICECALL_INVALID_ARGUMENT, "`" name "` is NULL")

bool check_that(bool condition, const char *text, const char *file, int line);
bool check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line);
bool check_text(const char *actual, const char *expected, const char *text, const char *file, int line);
bool check_status(voicecall_status actual, voicecall_status expected, const char *message, voicecall_error **error,
                  const char *text, const char *file, int line);

/* Makes a value from JSON; fails the test when it cannot be read. */
voicecall_value *check_value(const char *json);

#endif
