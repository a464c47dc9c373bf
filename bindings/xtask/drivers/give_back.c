/* Loaded into drivers by `cargo xtask soak`: what their programs have freed goes back to the system within moments, so that
 * the memory they hold is the memory in use. Without it a small leak fills the holes that others have left, for minutes. */
#include <malloc.h>
#include <pthread.h>
#include <time.h>

static void *give_back(void *unused)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    for (;;) {
        malloc_trim(0);
        nanosleep(&pause, NULL);
    }
    return unused;
}

__attribute__((constructor)) static void start(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, give_back, NULL) == 0) pthread_detach(thread);
}
