#define _GNU_SOURCE

#include "bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t platform;

void must(int condition, const char *what) {
    if (!condition) {
        perror(what);
        exit(2);
    }
}

double cpu_us(void) {
    struct timespec used;
    must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0, "the clock of this process");
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

/* A whole request is in the buffer: head, and as much body as it tells. */
static int is_whole(const char *buffer, size_t have) {
    const char *end = strstr(buffer, "\r\n\r\n");
    const char *length = strcasestr(buffer, "\r\ncontent-length:");
    if (end == NULL) {
        return 0;
    }
    size_t body = length != NULL && length < end ? (size_t)strtoul(length + 17, NULL, 10) : 0;
    return have >= (size_t)(end - buffer) + 4 + body;
}

static const char body[] = "{\"resultcode\":\"0\",\"resultdesc\":\"Success\","
                           "\"sessionId\":\"1200_366_0_20161228102743@callenabler.home1.com\"}";
static char answer[400];
static size_t answer_length;

static void serve(int listener, int answers) {
    enum { MOST = 1200, ROOM = 8192 };
    static struct pollfd sockets[MOST];
    static char buffers[MOST][ROOM];
    static size_t have[MOST];
    nfds_t count = 1;
    sockets[0] = (struct pollfd){listener, POLLIN, 0};
    for (;;) {
        must(poll(sockets, count, -1) > 0, "poll");
        if (sockets[0].revents != 0 && count < MOST) {
            int one = 1;
            sockets[count] = (struct pollfd){accept(listener, NULL, NULL), POLLIN, 0};
            setsockopt(sockets[count].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            have[count++] = 0;
        }
        for (nfds_t i = 1; i < count; i++) {
            if (sockets[i].revents == 0) {
                continue;
            }
            ssize_t got = read(sockets[i].fd, buffers[i] + have[i], ROOM - 1 - have[i]);
            if (got <= 0) {
                close(sockets[i].fd);
                sockets[i].fd = -1;
                continue;
            }
            have[i] += (size_t)got;
            buffers[i][have[i]] = '\0';
            if (answers && is_whole(buffers[i], have[i])) {
                have[i] = 0;
                must(send(sockets[i].fd, answer, answer_length, MSG_NOSIGNAL) > 0, "send");
            }
        }
    }
}

int platform_start(int answers) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1024) == 0 &&
             getsockname(listener, (struct sockaddr *)&address, &length) == 0,
         "a listener");
    answer_length = (size_t)snprintf(answer, sizeof answer,
                                     "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\n"
                                     "Connection: keep-alive\r\nContent-Length: %zu\r\n\r\n%s",
                                     sizeof body - 1, body);
    platform = fork();
    must(platform >= 0, "fork");
    if (platform == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(listener, answers);
    }
    close(listener);
    return ntohs(address.sin_port);
}

void platform_stop(void) {
    kill(platform, SIGKILL);
    waitpid(platform, NULL, 0);
}
