/* What is submitted: outcomes by id, limits, deadlines, cancelling, waits without threads. */
#include <stdio.h>
#include <string.h>

#include "given.h"
#include "server.h"

enum { PATIENCE_MS = 20000, WAITS = 300 };

static const char ARGUMENTS[] = "{\"displayNbr\":\"+867550000001\",\"calleeNbr\":\"+8613800000021\",\"playInfoList\":"
                                "[{\"notifyVoice\":\"n.wav\"}]}";

static voicecall_client *client_of(const char *endpoint, const char *more) {
    voicecall_error *error = NULL;
    voicecall_client *client = NULL;
    char json[400];
    snprintf(json, sizeof json, "{\"appKey\":\"%s\",\"appSecret\":\"%s\",\"endpoint\":\"%s\"%s}", APP_KEY, APP_SECRET, endpoint,
             more);
    voicecall_value *config = check_value(json);
    CHECK_OK(voicecall_client_new(config, &client, &error));
    voicecall_value_free(config);
    return client;
}

static voicecall_queue *given_queue(void) {
    voicecall_error *error = NULL;
    voicecall_queue *queue = NULL;
    CHECK_OK(voicecall_queue_new(&queue, &error));
    return queue;
}

static void submit(voicecall_client *client, int64_t timeout_ms, voicecall_queue *queue, int64_t id) {
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_client_submit(client, OPERATION, ARGUMENTS, VOICECALL_NUL_TERMINATED, timeout_ms, queue, id, &error));
}

static voicecall_done *next(voicecall_queue *queue, int64_t *id) {
    voicecall_error *error = NULL;
    voicecall_done *done = NULL;
    CHECK_OK(voicecall_queue_next(queue, PATIENCE_MS, id, &done, &error));
    return done;
}

static void check_failed(voicecall_queue *queue, int64_t expected, voicecall_status status, int delivery) {
    voicecall_error *error = NULL;
    voicecall_value *answer = NULL;
    int64_t id = 0;
    voicecall_done *done = next(queue, &id);
    CHECK_INT(id, expected);
    CHECK_INT(voicecall_done_answer(done, &answer, NULL, NULL, &error), status);
    CHECK_INT(voicecall_error_delivery(error), delivery);
    CHECK(answer == NULL);
    voicecall_error_free(error);
    voicecall_done_free(done);
}

static void a_submitted_call_comes_back_under_its_id_once(void) {
    voicecall_error *error = NULL;
    struct server *server = server_start(answer_success, NULL);
    voicecall_client *client = client_of(server_url(server), "");
    voicecall_queue *queue = given_queue();
    voicecall_value *answer = NULL, *again = NULL;
    voicecall_receipt *receipt = NULL;
    const char *json = NULL;
    size_t length = 0;
    int64_t id = 0;
    submit(client, 0, queue, INT64_MIN);
    voicecall_client_free(client);
    voicecall_done *done = next(queue, &id), *none = NULL;
    CHECK(id == INT64_MIN);
    CHECK_FAILS(voicecall_done_receipt(done, &receipt, &error), VOICECALL_INVALID_ARGUMENT, "another kind");
    CHECK_OK(voicecall_done_answer(done, &answer, &json, &length, &error));
    CHECK(json != NULL && strlen(json) == length && strstr(json, "\"sessionId\":\"session-0001\"") != NULL);
    CHECK_FAILS(voicecall_done_answer(done, &again, NULL, NULL, &error), VOICECALL_INVALID_ARGUMENT, "taken before");
    CHECK_ABSENT(voicecall_queue_next(queue, 1, &id, &none, &error));
    CHECK(again == NULL && none == NULL && receipt == NULL);
    voicecall_value_free(answer);
    voicecall_done_free(done);
    voicecall_queue_free(queue);
    server_stop(server);
}

static void a_call_out_of_time_or_cancelled_in_the_queue_is_never_sent(void) {
    voicecall_error *error = NULL;
    struct server *server = server_start(answer_never, NULL);
    voicecall_client *client = client_of(server_url(server), ",\"maxInFlight\":1,\"attemptTag\":true");
    voicecall_queue *queue = given_queue();
    submit(client, 60000, queue, 1);
    server_wait_for_requests(server, 1);
    submit(client, 50, queue, 2);
    check_failed(queue, 2, VOICECALL_TIMEOUT, VOICECALL_DELIVERY_NOT_SENT);
    submit(client, 0, queue, 3);
    CHECK_OK(voicecall_queue_cancel(queue, 3, &error));
    check_failed(queue, 3, VOICECALL_CLOSED, VOICECALL_DELIVERY_NOT_SENT);
    CHECK_OK(voicecall_queue_cancel(queue, 1, &error));
    CHECK_OK(voicecall_queue_cancel(queue, 1, &error));
    check_failed(queue, 1, VOICECALL_CLOSED, VOICECALL_DELIVERY_UNKNOWN);
    voicecall_queue_free(queue);
    voicecall_client_free(client);
    server_stop(server);
}

static voicecall_intake *given_intake(void) {
    voicecall_error *error = NULL;
    voicecall_intake *intake = NULL;
    char json[100];
    snprintf(json, sizeof json, "{\"store\":\"sqlite:%s\"}", "queue-test.db");
    remove("queue-test.db");
    voicecall_value *config = check_value(json);
    CHECK_OK(voicecall_intake_new(config, NULL, &intake, &error));
    voicecall_value_free(config);
    return intake;
}

static void hundreds_wait_while_webhooks_come(void) {
    voicecall_error *error = NULL;
    voicecall_intake *intake = given_intake();
    voicecall_queue *queue = given_queue();
    int64_t id = 0;
    char json[600];
    for (int i = 0; i < WAITS; i++) {
        snprintf(json, sizeof json, "{\"sessionId\":\"s-%d\",\"condition\":\"answered\",\"timeoutMs\":%d}", i, PATIENCE_MS);
        voicecall_value *arguments = check_value(json);
        CHECK_OK(voicecall_intake_submit(intake, "wait_for", arguments, queue, i, &error));
        voicecall_value_free(arguments);
    }
    for (int i = 0; i < WAITS; i++) {
        int length = snprintf(json, sizeof json,
                              "{\"eventType\":\"answer\",\"statusInfo\":{\"sessionId\":\"s-%d\",\"timestamp\":"
                              "\"2026-01-27 03:04:30\",\"caller\":\"+867550000001\",\"called\":\"+8613800000021\"}}",
                              i);
        CHECK_OK(voicecall_intake_submit_receive(intake, NULL, NULL, 0, json, (size_t)length, VOICECALL_NOW, queue,
                                                 WAITS + i, &error));
    }
    int waits = 0, receipts = 0;
    for (int i = 0; i < 2 * WAITS; i++) {
        voicecall_value *answer = NULL;
        voicecall_receipt *receipt = NULL;
        voicecall_done *done = next(queue, &id);
        if (id < WAITS) {
            CHECK_OK(voicecall_done_answer(done, &answer, NULL, NULL, &error));
            waits++;
        } else {
            CHECK_OK(voicecall_done_receipt(done, &receipt, &error));
            receipts++;
        }
        voicecall_value_free(answer);
        voicecall_receipt_free(receipt);
        voicecall_done_free(done);
    }
    CHECK_INT(waits, WAITS);
    CHECK_INT(receipts, WAITS);
    voicecall_queue_free(queue);
    voicecall_intake_free(intake);
    remove("queue-test.db");
}

static void what_is_wrong_with_an_action_is_told(void) {
    voicecall_error *error = NULL;
    voicecall_intake *intake = given_intake();
    voicecall_queue *queue = given_queue();
    voicecall_value *arguments = check_value("{\"sessionId\":\"s\",\"condition\":\"rang\",\"timeoutMs\":1}");
    CHECK_FAILS(voicecall_intake_submit(intake, "guess", NULL, queue, 1, &error), VOICECALL_INVALID_ARGUMENT, "none of");
    CHECK_OK(voicecall_intake_submit(intake, "wait_for", arguments, queue, 1, &error));
    check_failed(queue, 1, VOICECALL_INVALID_ARGUMENT, VOICECALL_DELIVERY_NOT_SENT);
    CHECK_OK(voicecall_value_set_text(arguments, "/condition", "ended", VOICECALL_NUL_TERMINATED, &error));
    CHECK_OK(voicecall_value_set_integer(arguments, "/timeoutMs", PATIENCE_MS, &error));
    CHECK_OK(voicecall_intake_submit(intake, "wait_for", arguments, queue, 2, &error));
    CHECK_OK(voicecall_intake_close(intake, &error));
    check_failed(queue, 2, VOICECALL_CLOSED, VOICECALL_DELIVERY_NOT_SENT);
    voicecall_value_free(arguments);
    voicecall_queue_free(queue);
    voicecall_intake_free(intake);
    remove("queue-test.db");
}

int main(void) {
    static const struct test tests[] = {
        {"a submitted call comes back under its id, once", a_submitted_call_comes_back_under_its_id_once},
        {"a call out of time or cancelled in the queue is never sent",
         a_call_out_of_time_or_cancelled_in_the_queue_is_never_sent},
        {"hundreds wait while webhooks come", hundreds_wait_while_webhooks_come},
        {"what is wrong with an action is told", what_is_wrong_with_an_action_is_told},
    };
    return CHECK_RUN(tests);
}
