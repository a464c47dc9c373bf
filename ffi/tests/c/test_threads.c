/* Threads: many on one client, closing while calls hang, many readers of one event. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "given.h"
#include "server.h"

enum { THREADS = 8, CALLS = 50 };

/* What one thread does, and with what. */
struct worker {
    pthread_t thread;
    int number;
    voicecall_client *client;
    voicecall_event *event;
};

static void start(struct worker *workers, void *(*run)(void *), voicecall_client *client, voicecall_event *event) {
    for (int i = 0; i < THREADS; i++) {
        workers[i].number = i;
        workers[i].client = client;
        workers[i].event = event;
        CHECK_INT(pthread_create(&workers[i].thread, NULL, run, &workers[i]), 0);
    }
}

static void join(struct worker *workers) {
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(workers[i].thread, NULL), 0);
    }
}

/* The session id is the request's user data, so that each caller can tell its own answer. */
static int answer_user_data(int socket, const struct request *request, void *user) {
    char body[300];
    char data[100] = "";
    const char *found = strstr(request->body, "\"userData\":\"");
    (void)user;
    if (found == NULL || sscanf(found, "\"userData\":\"%99[^\"]", data) != 1) {
        return 1;
    }
    int length = snprintf(body, sizeof body, "{\"resultcode\":\"0\",\"sessionId\":\"%s\"}", data);
    server_respond(socket, "200 OK", "", body, (size_t)length);
    return 0;
}

static void *place_calls(void *argument) {
    struct worker *worker = argument;
    voicecall_error *error = NULL;
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    for (int i = 0; i < CALLS; i++) {
        char data[100];
        const char *session = NULL;
        snprintf(data, sizeof data, "thread-%d-call-%d", worker->number, i);
        CHECK_OK(voicecall_value_set_text(arguments, "/userData", data, VOICECALL_NUL_TERMINATED, &error));
        CHECK_OK(voicecall_client_call(worker->client, OPERATION, arguments, 0, &answer, &error));
        CHECK_OK(voicecall_value_get_text(answer, "/sessionId", &session, NULL, &error));
        CHECK_TEXT(session, data);
        voicecall_value_free(answer);
        answer = NULL;
    }
    voicecall_value_free(arguments);
    return NULL;
}

static void eight_threads_share_a_client_and_each_gets_its_answers(void) {
    struct worker workers[THREADS];
    struct server *server = server_start(answer_user_data, NULL);
    voicecall_client *client = given_client(server_url(server));
    start(workers, place_calls, client, NULL);
    join(workers);
    voicecall_client_free(client);
    server_stop(server);
}

static void *hang(void *argument) {
    struct worker *worker = argument;
    voicecall_error *error = NULL;
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    CHECK_INT(voicecall_client_call(worker->client, OPERATION, arguments, 0, &answer, &error), VOICECALL_CLOSED);
    /* The request had gone out. */
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_UNKNOWN);
    voicecall_error_free(error);
    voicecall_value_free(arguments);
    return NULL;
}

static void closing_from_another_thread_ends_calls_that_hang(void) {
    struct worker workers[THREADS];
    struct server *server = server_start(answer_never, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_error *error = NULL;
    start(workers, hang, client, NULL);
    server_wait_for_requests(server, THREADS);
    CHECK_OK(voicecall_client_close(client, &error));
    join(workers);
    voicecall_client_free(client);
    server_stop(server);
}

static void *read_event(void *argument) {
    struct worker *worker = argument;
    for (int i = 0; i < CALLS; i++) {
        voicecall_error *error = NULL;
        const char *text = NULL, *again = NULL;
        CHECK_OK(voicecall_event_get_text(worker->event, 0, "sessionId", &text, NULL, &error));
        CHECK_TEXT(text, "session-0001");
        CHECK_OK(voicecall_event_get_text(worker->event, 0, "userData", &text, NULL, &error));
        CHECK_TEXT(text, "caf\xc3\xa9");
        CHECK_OK(voicecall_event_get_text(worker->event, 0, "userData", &again, NULL, &error));
        CHECK(text == again);
        CHECK_OK(voicecall_event_raw(worker->event, 0, &text, NULL, &error));
        CHECK(text != NULL && text[0] == '{');
    }
    return NULL;
}

static void eight_threads_read_one_event(void) {
    struct worker workers[THREADS];
    voicecall_event *event = given_event(STATUS_BODY);
    start(workers, read_event, NULL, event);
    join(workers);
    voicecall_event_free(event);
}

int main(void) {
    static const struct test tests[] = {
        {"eight threads share a client, and each gets its answers", eight_threads_share_a_client_and_each_gets_its_answers},
        {"closing from another thread ends calls that hang", closing_from_another_thread_ends_calls_that_hang},
        {"eight threads read one event", eight_threads_read_one_event},
    };
    return CHECK_RUN(tests);
}
