/*
 * Memory of an idle client, and of a call in flight beyond its thread's own stack: bytes that are allocated, counted in
 * the allocator itself.
 *
 * Prints one line a result: name, value, unit.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "voicecall.h"

enum { CLIENTS = 200, THREADS = 64 };

/* glibc's own allocator, under the names that it keeps for replacements like this one. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static atomic_llong allocated;

static void *counted(void *memory) {
    atomic_fetch_add(&allocated, (long long)malloc_usable_size(memory));
    return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = counted(__libc_memalign(alignment, size));
    return *memory == NULL ? ENOMEM : 0;
}

void *realloc(void *memory, size_t size) {
    atomic_fetch_sub(&allocated, (long long)malloc_usable_size(memory));
    return counted(__libc_realloc(memory, size));
}

void free(void *memory) {
    atomic_fetch_sub(&allocated, (long long)malloc_usable_size(memory));
    __libc_free(memory);
}

static voicecall_client *open_client(int port, const char *scheme) {
    char url[100];
    voicecall_value *config = NULL;
    voicecall_client *client = NULL;
    snprintf(url, sizeof url, "%s://127.0.0.1:%d", scheme, port);
    must(voicecall_value_new(&config, NULL) == VOICECALL_OK, "a value");
    voicecall_value_set_text(config, "/appKey", APP_KEY, VOICECALL_NUL_TERMINATED, NULL);
    voicecall_value_set_text(config, "/appSecret", APP_SECRET, VOICECALL_NUL_TERMINATED, NULL);
    voicecall_value_set_text(config, "/endpoint", url, VOICECALL_NUL_TERMINATED, NULL);
    must(voicecall_client_new(config, &client, NULL) == VOICECALL_OK, "a client");
    voicecall_value_free(config);
    return client;
}

static void call(voicecall_client *client, voicecall_status expected) {
    voicecall_value *arguments = NULL, *answer = NULL;
    must(voicecall_value_parse(ARGUMENTS, VOICECALL_NUL_TERMINATED, &arguments, NULL) == VOICECALL_OK, "arguments");
    must(voicecall_client_call(client, OPERATION, arguments, 0, &answer, NULL) == expected, "a call");
    voicecall_value_free(answer);
    voicecall_value_free(arguments);
}

/* Clients that have placed a call and keep their connection. */
static double memory_per_client(int port) {
    static voicecall_client *clients[CLIENTS];
    /* What is made once for the process is no client's. */
    voicecall_client *first = open_client(port, "http");
    call(first, VOICECALL_OK);
    long long before = atomic_load(&allocated);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = open_client(port, "http");
        call(clients[i], VOICECALL_OK);
    }
    long long after = atomic_load(&allocated);
    for (int i = 0; i < CLIENTS; i++) {
        voicecall_client_free(clients[i]);
    }
    voicecall_client_free(first);
    return (double)(after - before) / CLIENTS / 1024;
}

/* Clients for TLS, before their first call. */
static double memory_per_tls_client(void) {
    static voicecall_client *clients[CLIENTS];
    voicecall_client *first = open_client(9, "https");
    long long before = atomic_load(&allocated);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = open_client(9, "https");
    }
    long long after = atomic_load(&allocated);
    for (int i = 0; i < CLIENTS; i++) {
        voicecall_client_free(clients[i]);
    }
    voicecall_client_free(first);
    return (double)(after - before) / CLIENTS / 1024;
}

static voicecall_client *shared;
static pthread_barrier_t started, released;

static void *hang(void *unused) {
    (void)unused;
    pthread_barrier_wait(&started);
    pthread_barrier_wait(&released);
    call(shared, VOICECALL_CLOSED);
    return NULL;
}

/* Waits until nothing has been allocated for a while: then every thread waits for its answer. */
static long long settled(void) {
    struct timespec pause = {0, 100 * 1000 * 1000};
    long long last = -1, now = atomic_load(&allocated);
    while (now != last) {
        last = now;
        nanosleep(&pause, NULL);
        now = atomic_load(&allocated);
    }
    return now;
}

static double memory_per_call(int port) {
    pthread_t threads[THREADS];
    shared = open_client(port, "http");
    pthread_barrier_init(&started, NULL, THREADS + 1);
    pthread_barrier_init(&released, NULL, THREADS + 1);
    for (int i = 0; i < THREADS; i++) {
        must(pthread_create(&threads[i], NULL, hang, NULL) == 0, "a thread");
    }
    pthread_barrier_wait(&started);
    long long before = settled();
    pthread_barrier_wait(&released);
    long long during = settled();
    voicecall_client_close(shared, NULL);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    voicecall_client_free(shared);
    return (double)(during - before) / THREADS / 1024;
}

int main(void) {
    int port = platform_start(1);
    printf("idle_client %.1f KiB\n", memory_per_client(port));
    printf("idle_client_tls %.1f KiB\n", memory_per_tls_client());
    platform_stop();
    port = platform_start(0);
    printf("call_in_flight %.1f KiB\n", memory_per_call(port));
    platform_stop();
    return 0;
}
