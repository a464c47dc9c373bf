#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 64, MAX_REQUEST = 1 << 20 };

struct connection {
    struct server *server;
    pthread_t thread;
    int socket;
};

struct server {
    answer answer;
    void *user;
    int listener;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int requests;
    struct connection connections[MAX_CONNECTIONS];
    int connection_count;
};

static void die(const char *what) {
    perror(what);
    exit(2);
}

static int listen_on_loopback(struct sockaddr_in *address) {
    socklen_t length = sizeof *address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)address, sizeof *address) != 0 ||
        listen(listener, MAX_CONNECTIONS) != 0 || getsockname(listener, (struct sockaddr *)address, &length) != 0) {
        die("a listener on 127.0.0.1");
    }
    return listener;
}

/* Reads until the buffer holds a whole request; gives its length, 0 at the end of the connection. */
static size_t read_request(int socket, char *buffer, struct request *request) {
    size_t have = 0, need = 0;
    for (;;) {
        ssize_t got = read(socket, buffer + have, MAX_REQUEST - have - 1);
        if (got <= 0) {
            return 0;
        }
        have += (size_t)got;
        buffer[have] = '\0';
        if (need == 0) {
            char *end = strstr(buffer, "\r\n\r\n");
            if (end == NULL) {
                continue;
            }
            char *line = buffer;
            while ((line = strstr(line, "\r\n")) != NULL && line < end) {
                line += 2;
                if (strncasecmp(line, "content-length:", 15) == 0) {
                    need = (size_t)strtoul(line + 15, NULL, 10);
                }
            }
            end[2] = '\0';
            request->head = buffer;
            request->body = end + 4;
            need += (size_t)(end + 4 - buffer);
        }
        if (have >= need) {
            return have;
        }
    }
}

static void *serve(void *argument) {
    struct connection *connection = argument;
    struct server *server = connection->server;
    char *buffer = malloc(MAX_REQUEST);
    struct request request = {NULL, NULL};
    int done = buffer == NULL;
    while (!done && read_request(connection->socket, buffer, &request) > 0) {
        pthread_mutex_lock(&server->lock);
        server->requests++;
        pthread_cond_broadcast(&server->changed);
        pthread_mutex_unlock(&server->lock);
        done = server->answer(connection->socket, &request, server->user);
    }
    /* The descriptor is closed by server_stop(), which may be shutting it down right now. */
    shutdown(connection->socket, SHUT_RDWR);
    free(buffer);
    return NULL;
}

static void *take_connections(void *argument) {
    struct server *server = argument;
    int socket;
    while ((socket = accept(server->listener, NULL, NULL)) >= 0) {
        pthread_mutex_lock(&server->lock);
        if (server->connection_count == MAX_CONNECTIONS) {
            die("more connections than expected");
        }
        struct connection *connection = &server->connections[server->connection_count++];
        connection->server = server;
        connection->socket = socket;
        if (pthread_create(&connection->thread, NULL, serve, connection) != 0) {
            die("a thread");
        }
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

struct server *server_start(answer answer, void *user) {
    struct sockaddr_in address;
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        die("memory");
    }
    server->answer = answer;
    server->user = user;
    server->listener = listen_on_loopback(&address);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    if (pthread_create(&server->thread, NULL, take_connections, server) != 0) {
        die("a thread");
    }
    return server;
}

const char *server_url(const struct server *server) {
    return server->url;
}

void server_wait_for_requests(struct server *server, int count) {
    pthread_mutex_lock(&server->lock);
    while (server->requests < count) {
        pthread_cond_wait(&server->changed, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
}

void server_stop(struct server *server) {
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    for (int i = 0; i < server->connection_count; i++) {
        shutdown(server->connections[i].socket, SHUT_RDWR);
        pthread_join(server->connections[i].thread, NULL);
        close(server->connections[i].socket);
    }
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->changed);
    free(server);
}

static void write_all(int socket, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = send(socket, bytes, length, MSG_NOSIGNAL);
        if (written <= 0) {
            return; /* the client has gone; the test sees to it */
        }
        bytes += written;
        length -= (size_t)written;
    }
}

void server_respond(int socket, const char *status, const char *headers, const char *body, size_t length) {
    char head[1024];
    int size = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nConnection: keep-alive\r\n%sContent-Length: %zu\r\n\r\n", status, headers, length);
    write_all(socket, head, (size_t)size);
    write_all(socket, body, length);
}

int answer_success(int socket, const struct request *request, void *user) {
    static const char body[] = "{\"resultcode\":\"0\",\"resultdesc\":\"Success\",\"sessionId\":\"session-0001\"}";
    (void)request;
    (void)user;
    server_respond(socket, "200 OK", "Content-Type: application/json;charset=UTF-8\r\n", body, sizeof body - 1);
    return 0;
}

int answer_never(int socket, const struct request *request, void *user) {
    (void)socket;
    (void)request;
    (void)user;
    return 0;
}

void unused_address(char *url) {
    struct sockaddr_in address;
    close(listen_on_loopback(&address));
    snprintf(url, 64, "http://127.0.0.1:%d", ntohs(address.sin_port));
}
