#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <dirent.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* Checks run on many threads; failures are counted under a lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int failures;

static bool failed(const char *text, const char *file, int line) {
    pthread_mutex_lock(&lock);
    failures++;
    printf("  %s:%d: %s\n", file, line, text);
    pthread_mutex_unlock(&lock);
    return false;
}

/* Threads of the process. */
static int threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    while (tasks != NULL && readdir(tasks) != NULL) count++;
    if (tasks != NULL) closedir(tasks);
    return count - 2; /* without . and .. */
}

/* The library's threads end after what they worked for; what they hold until then is no leak. */
static void wait_for_threads(void) {
    const struct timespec pause = {0, 20 * 1000 * 1000};
    for (int i = 0; i < 1000 && threads() > 1; i++) nanosleep(&pause, NULL);
}

int check_run(const struct test *tests, size_t count) {
    int passed = 0, faulty = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < count; i++) {
        failures = 0;
        tests[i].run();
        printf("%s %s\n", failures == 0 ? "ok    " : "FAILED", tests[i].name);
        if (failures == 0) {
            passed++;
        } else {
            faulty++;
        }
    }
    wait_for_threads();
    printf("test result: %s. %d passed; %d failed\n", faulty == 0 ? "ok" : "FAILED", passed, faulty);
    return faulty == 0 ? 0 : 1;
}

bool check_that(bool condition, const char *text, const char *file, int line) {
    return condition ? true : failed(text, file, line);
}

bool check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line) {
    char message[400];
    if (actual == expected) {
        return true;
    }
    snprintf(message, sizeof message, "%s is %lld, not %lld", text, (long long)actual, (long long)expected);
    return failed(message, file, line);
}

bool check_text(const char *actual, const char *expected, const char *text, const char *file, int line) {
    char message[1000];
    if (actual == NULL ? expected == NULL : expected != NULL && strcmp(actual, expected) == 0) {
        return true;
    }
    snprintf(message, sizeof message, "%s is \"%s\", not \"%s\"", text, actual ? actual : "(NULL)",
             expected ? expected : "(NULL)");
    return failed(message, file, line);
}

bool check_status(voicecall_status actual, voicecall_status expected, const char *message, voicecall_error **error,
                  const char *text, const char *file, int line) {
    bool is_error = actual != VOICECALL_OK && actual != VOICECALL_ABSENT;
    const char *told = voicecall_error_message(*error);
    char fault[1500] = "";
    if (actual != expected) {
        snprintf(fault, sizeof fault, "%s gives %s, not %s: %s", text, voicecall_status_name(actual),
                 voicecall_status_name(expected), told);
    } else if (is_error != (*error != NULL) || voicecall_error_status(*error) != (is_error ? actual : VOICECALL_OK)) {
        snprintf(fault, sizeof fault, "%s gives %s, and its error does not agree", text, voicecall_status_name(actual));
    } else if (message != NULL && strstr(told, message) == NULL) {
        snprintf(fault, sizeof fault, "%s tells \"%s\", not \"%s\"", text, told, message);
    }
    voicecall_error_free(*error);
    *error = NULL;
    return fault[0] == '\0' ? true : failed(fault, file, line);
}

voicecall_value *check_value(const char *json) {
    voicecall_value *value = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_value_parse(json, VOICECALL_NUL_TERMINATED, &value, &error));
    return value;
}
