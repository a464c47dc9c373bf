/*
 * What the library does not do to its process: it starts no threads, installs no handlers, writes to no standard stream and
 * to no file that it was not told, and heeds nothing in the environment. The C library's functions for these are replaced
 * here by ones that count.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "given.h"
#include "server.h"
#include "voicecall_calls.h"

/* Counted only on the thread that is inside the library. */
static __thread bool inside;
static __thread int threads, environment, proxies, folders, handlers, outputs;

static void *next(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = next("pthread_create");
    threads += inside;
    return real(thread, attributes, run, argument);
}

/* The HTTP client looks at these when it is made, and is then told to go without. */
static bool is_proxy(const char *name) {
    size_t length = strlen(name);
    return length >= 6 && strcasecmp(name + length - 6, "_proxy") == 0;
}

/* SQLite looks at these when it opens a file. */
static bool is_folder(const char *name) {
    return strcmp(name, "SQLITE_TMPDIR") == 0 || strcmp(name, "TMPDIR") == 0;
}

char *getenv(const char *name) {
    char *(*real)(const char *);
    *(void **)&real = next("getenv");
    environment += inside && !is_proxy(name) && !is_folder(name);
    proxies += inside && is_proxy(name);
    folders += inside && is_folder(name);
    return real(name);
}

char *secure_getenv(const char *name) {
    char *(*real)(const char *);
    *(void **)&real = next("secure_getenv");
    environment += inside;
    return real(name);
}

int setenv(const char *name, const char *value, int overwrite) {
    int (*real)(const char *, const char *, int);
    *(void **)&real = next("setenv");
    environment += inside;
    return real(name, value, overwrite);
}

int sigaction(int number, const struct sigaction *action, struct sigaction *before) {
    int (*real)(int, const struct sigaction *, struct sigaction *);
    *(void **)&real = next("sigaction");
    handlers += inside;
    return real(number, action, before);
}

int sigaltstack(const stack_t *stack, stack_t *before) {
    int (*real)(const stack_t *, stack_t *);
    *(void **)&real = next("sigaltstack");
    handlers += inside;
    return real(stack, before);
}

ssize_t write(int file, const void *bytes, size_t length) {
    ssize_t (*real)(int, const void *, size_t);
    *(void **)&real = next("write");
    outputs += inside && (file == STDOUT_FILENO || file == STDERR_FILENO);
    return real(file, bytes, length);
}

/* Proves that the counting works: otherwise nothing would ever be counted. */
static void the_counters_count(void) {
    struct sigaction action;
    inside = true;
    getenv("HOME");
    sigaction(SIGUSR1, NULL, &action);
    inside = false;
    CHECK_INT(environment, 1);
    CHECK_INT(handlers, 1);
    environment = handlers = 0;
}

static void check_quiet(void) {
    CHECK_INT(threads, 0);
    CHECK_INT(environment, 0);
    CHECK_INT(proxies, 0);
    CHECK_INT(handlers, 0);
    CHECK_INT(outputs, 0);
}

static void calls_and_pushes_are_done_quietly(void) {
    struct server *server = server_start(answer_success, NULL);
    voicecall_error *error = NULL;
    voicecall_value *config = check_value("{\"appKey\":\"" APP_KEY "\",\"appSecret\":\"" APP_SECRET "\"}");
    voicecall_value *arguments = given_arguments(), *answer = NULL, *preview = NULL;
    voicecall_client *client = NULL;
    voicecall_webhook *webhook = NULL;
    voicecall_received *received = NULL;
    voicecall_event *event = NULL;
    CHECK_OK(voicecall_value_set_text(config, "/endpoint", server_url(server), VOICECALL_NUL_TERMINATED, &error));
    voicecall_value *receiver = check_value("{}");

    /* Heeded, it would lead to a port on which nobody listens. */
    CHECK_INT(setenv("http_proxy", "http://127.0.0.1:9", 1), 0);
    inside = true;
    voicecall_status opened = voicecall_client_new(config, &client, NULL);
    proxies = 0;
    voicecall_status called = voicecall_client_call(client, OPERATION, arguments, 0, &answer, NULL);
    voicecall_status refused = voicecall_client_call(client, "terminate_call", arguments, 0, &preview, &error);
    voicecall_status previewed = voicecall_client_preview(client, OPERATION, arguments, &preview, NULL);
    voicecall_status made = voicecall_webhook_new(receiver, &webhook, NULL);
    voicecall_status taken =
        voicecall_webhook_receive(webhook, NULL, NULL, 0, FEE_BODY, strlen(FEE_BODY), VOICECALL_NOW, &received, NULL);
    voicecall_status read = voicecall_received_event(received, &event, NULL);
    voicecall_client_close(client, NULL);
    voicecall_client_free(client);
    inside = false;

    CHECK(opened == VOICECALL_OK && called == VOICECALL_OK && previewed == VOICECALL_OK);
    CHECK(made == VOICECALL_OK && taken == VOICECALL_OK && read == VOICECALL_OK);
    CHECK_INT(refused, VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(folders, 0);
    check_quiet();
    voicecall_error_free(error);
    voicecall_event_free(event);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
    voicecall_value_free(receiver);
    voicecall_value_free(preview);
    voicecall_value_free(answer);
    voicecall_value_free(arguments);
    voicecall_value_free(config);
    server_stop(server);
}

/* Counts what is in the folder, and removes it. */
static int emptied(const char *folder) {
    DIR *entries = opendir(folder);
    struct dirent *entry;
    int count = 0;
    CHECK(entries != NULL);
    while ((entry = readdir(entries)) != NULL) {
        char path[400];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        CHECK_INT(remove(path), 0);
        count++;
    }
    closedir(entries);
    CHECK_INT(remove(folder), 0);
    return count;
}

static void pushes_are_stored_quietly(void) {
    char folder[] = "/tmp/voicecall-quiet-XXXXXX", address[60];
    voicecall_intake_config config = {.store = address};
    voicecall_value *settings = NULL, *totals = NULL, *nothing = NULL;
    voicecall_intake *intake = NULL;
    voicecall_receipt *receipt = NULL;
    voicecall_error *error = NULL;
    CHECK(mkdtemp(folder) != NULL);
    snprintf(address, sizeof address, "sqlite:%s/store.db", folder);
    CHECK_OK(voicecall_intake_config_to_value(&config, &settings, &error));

    inside = true;
    voicecall_status opened = voicecall_intake_new(settings, NULL, &intake, NULL);
    voicecall_status taken =
        voicecall_intake_receive(intake, NULL, NULL, 0, FEE_BODY, strlen(FEE_BODY), VOICECALL_NOW, &receipt, NULL);
    voicecall_status added = voicecall_intake_perform(intake, "totals", NULL, &totals, NULL);
    voicecall_status checked = voicecall_intake_perform(intake, "check", NULL, &nothing, NULL);
    voicecall_intake_free(intake);
    inside = false;

    CHECK(opened == VOICECALL_OK && taken == VOICECALL_OK && added == VOICECALL_OK && checked == VOICECALL_OK);
    check_quiet();
    /* Closed, it is one file; the two beside it are gone. */
    CHECK_INT(emptied(folder), 1);
    voicecall_receipt_free(receipt);
    voicecall_value_free(nothing);
    voicecall_value_free(totals);
    voicecall_value_free(settings);
}

int main(void) {
    static const struct test tests[] = {
        {"the counters count", the_counters_count},
        {"calls and pushes are done quietly", calls_and_pushes_are_done_quietly},
        {"pushes are stored quietly", pushes_are_stored_quietly},
    };
    return CHECK_RUN(tests);
}
