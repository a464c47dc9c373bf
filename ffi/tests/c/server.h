/*
 * A TCP server on 127.0.0.1 that plays the platform as a test wants it: it answers, hangs, or breaks off.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stddef.h>

struct server;

/* A request as it came in. Texts end with a NUL and live until the next request of the connection. */
struct request {
    const char *head;
    const char *body;
};

/*
 * Answers one request by writing to `socket`. Returns 0 to go on reading from the connection, anything else to close it.
 * Runs on the connection's own thread.
 */
typedef int (*answer)(int socket, const struct request *request, void *user);

/* Starts a server, which stops the test program when it cannot. */
struct server *server_start(answer answer, void *user);

/* "http://127.0.0.1:PORT", borrowed until server_stop(). */
const char *server_url(const struct server *server);

/* Waits until so many requests have come in whole. */
void server_wait_for_requests(struct server *server, int count);

/* Closes listener and connections and waits for the threads. */
void server_stop(struct server *server);

/* Writes all of a response with this status line, these further headers (each with its line end) and this body. */
void server_respond(int socket, const char *status, const char *headers, const char *body, size_t length);

/* Answers with {"resultcode":"0",...,"sessionId":"session-0001"}. */
int answer_success(int socket, const struct request *request, void *user);

/* Takes the request and never answers. */
int answer_never(int socket, const struct request *request, void *user);

/* A port of 127.0.0.1 on which nobody listens, as an address. `url` has room for 64 bytes. */
void unused_address(char *url);

#endif
