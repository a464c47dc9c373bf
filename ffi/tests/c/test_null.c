/* NULL in every pointer place: refused by name, or documented as fine; every free takes NULL. */
#include "given.h"

static void values_refuse_null(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{\"t\":\"x\"}"), *made = NULL;
    const char *text = NULL;
    size_t length = 0;
    int64_t integer = 0;
    int32_t type = 0;
    bool flag = false;
    CHECK_NULL(voicecall_value_new(NULL, &error), "value");
    CHECK_NULL(voicecall_value_parse(NULL, VOICECALL_NUL_TERMINATED, &made, &error), "json");
    CHECK_NULL(voicecall_value_parse(NULL, 2, &made, &error), "json");
    CHECK_NULL(voicecall_value_parse("{}", 2, NULL, &error), "value");
    CHECK_NULL(voicecall_value_print(NULL, "", &text, &length, &error), "value");
    CHECK_NULL(voicecall_value_print(value, NULL, &text, &length, &error), "pointer");
    CHECK_NULL(voicecall_value_print(value, "", NULL, &length, &error), "json");
    CHECK_OK(voicecall_value_print(value, "", &text, NULL, &error));
    CHECK_NULL(voicecall_value_type(NULL, "", &type, &error), "value");
    CHECK_NULL(voicecall_value_type(value, NULL, &type, &error), "pointer");
    CHECK_NULL(voicecall_value_type(value, "", NULL, &error), "type");
    CHECK_NULL(voicecall_value_length(NULL, "", &length, &error), "value");
    CHECK_NULL(voicecall_value_length(value, NULL, &length, &error), "pointer");
    CHECK_NULL(voicecall_value_length(value, "", NULL, &error), "length");
    CHECK_NULL(voicecall_value_key(NULL, "", 0, &text, &length, &error), "value");
    CHECK_NULL(voicecall_value_key(value, NULL, 0, &text, &length, &error), "pointer");
    CHECK_NULL(voicecall_value_key(value, "", 0, NULL, &length, &error), "key");
    CHECK_OK(voicecall_value_key(value, "", 0, &text, NULL, &error));
    CHECK_NULL(voicecall_value_get_text(NULL, "/t", &text, &length, &error), "value");
    CHECK_NULL(voicecall_value_get_text(value, NULL, &text, &length, &error), "pointer");
    CHECK_NULL(voicecall_value_get_text(value, "/t", NULL, &length, &error), "text");
    CHECK_OK(voicecall_value_get_text(value, "/t", &text, NULL, &error));
    CHECK_NULL(voicecall_value_get_integer(NULL, "/t", &integer, &error), "value");
    CHECK_NULL(voicecall_value_get_integer(value, NULL, &integer, &error), "pointer");
    CHECK_NULL(voicecall_value_get_integer(value, "/t", NULL, &error), "integer");
    CHECK_NULL(voicecall_value_get_flag(NULL, "/t", &flag, &error), "value");
    CHECK_NULL(voicecall_value_get_flag(value, NULL, &flag, &error), "pointer");
    CHECK_NULL(voicecall_value_get_flag(value, "/t", NULL, &error), "flag");
    CHECK_NULL(voicecall_value_set_text(NULL, "/t", "x", 1, &error), "value");
    CHECK_NULL(voicecall_value_set_text(value, NULL, "x", 1, &error), "pointer");
    CHECK_NULL(voicecall_value_set_text(value, "/t", NULL, 1, &error), "text");
    CHECK_NULL(voicecall_value_set_text(value, "/t", NULL, VOICECALL_NUL_TERMINATED, &error), "text");
    CHECK_OK(voicecall_value_set_text(value, "/t", NULL, 0, &error));
    CHECK_NULL(voicecall_value_set_integer(NULL, "/t", 1, &error), "value");
    CHECK_NULL(voicecall_value_set_integer(value, NULL, 1, &error), "pointer");
    CHECK_NULL(voicecall_value_set_flag(NULL, "/t", true, &error), "value");
    CHECK_NULL(voicecall_value_set_flag(value, NULL, true, &error), "pointer");
    CHECK_NULL(voicecall_value_set_json(NULL, "/t", "1", 1, &error), "value");
    CHECK_NULL(voicecall_value_set_json(value, NULL, "1", 1, &error), "pointer");
    CHECK_NULL(voicecall_value_set_json(value, "/t", NULL, 1, &error), "json");
    CHECK_NULL(voicecall_value_remove(NULL, "/t", &error), "value");
    CHECK_NULL(voicecall_value_remove(value, NULL, &error), "pointer");
    CHECK(made == NULL);
    voicecall_value_free(value);
}

static void clients_refuse_null(void) {
    voicecall_error *error = NULL;
    voicecall_client *client = given_client("http://127.0.0.1:9"), *made = NULL;
    voicecall_value *config = check_value("{}"), *arguments = given_arguments(), *answer = NULL;
    voicecall_value *source = check_value("{\"fileName\":\"f\",\"recordDomain\":\"d\"}");
    CHECK_NULL(voicecall_client_new(NULL, &made, &error), "config");
    CHECK_NULL(voicecall_client_new(config, NULL, &error), "client");
    CHECK_NULL(voicecall_client_call(NULL, OPERATION, arguments, 0, &answer, &error), "client");
    CHECK_NULL(voicecall_client_call(client, NULL, arguments, 0, &answer, &error), "operation");
    CHECK_NULL(voicecall_client_call(client, OPERATION, NULL, 0, &answer, &error), "arguments");
    CHECK_NULL(voicecall_client_call(client, OPERATION, arguments, 0, NULL, &error), "answer");
    CHECK_NULL(voicecall_client_call_json(NULL, OPERATION, "{}", 2, 0, &answer, NULL, NULL, &error), "client");
    CHECK_NULL(voicecall_client_call_json(client, NULL, "{}", 2, 0, &answer, NULL, NULL, &error), "operation");
    CHECK_NULL(voicecall_client_call_json(client, OPERATION, NULL, 2, 0, &answer, NULL, NULL, &error), "arguments");
    CHECK_NULL(voicecall_client_call_json(client, "terminate_call", "{\"sessionid\":\"s\"}", VOICECALL_NUL_TERMINATED, 0, NULL,
                                          NULL, NULL, &error),
               "answer");
    CHECK_NULL(voicecall_client_preview(NULL, OPERATION, arguments, &answer, &error), "client");
    CHECK_NULL(voicecall_client_preview(client, NULL, arguments, &answer, &error), "operation");
    CHECK_NULL(voicecall_client_preview(client, OPERATION, NULL, &answer, &error), "arguments");
    CHECK_NULL(voicecall_client_preview(client, OPERATION, arguments, NULL, &error), "request");
    CHECK_NULL(voicecall_client_download_recording(NULL, source, "f", 0, 0, NULL, NULL, NULL, &error), "client");
    CHECK_NULL(voicecall_client_download_recording(client, NULL, "f", 0, 0, NULL, NULL, NULL, &error), "source");
    CHECK_NULL(voicecall_client_download_recording(client, source, NULL, 0, 0, NULL, NULL, NULL, &error), "path");
    CHECK_NULL(voicecall_client_close(NULL, &error), "client");
    CHECK_NULL(voicecall_request_sign(NULL, OPERATION, arguments, NULL, 1, &answer, &error), "config");
    voicecall_value_free(config);
    config = check_value("{\"appKey\":\"k\",\"appSecret\":\"s\"}");
    CHECK_NULL(voicecall_request_sign(config, NULL, arguments, NULL, 1, &answer, &error), "operation");
    CHECK_NULL(voicecall_request_sign(config, OPERATION, NULL, NULL, 1, &answer, &error), "arguments");
    CHECK_NULL(voicecall_request_sign(config, OPERATION, arguments, NULL, 1, NULL, &error), "request");
    CHECK_NULL(voicecall_response_read(NULL, 200, NULL, "{}", 2, &answer, &error), "operation");
    CHECK_NULL(voicecall_response_read(OPERATION, 200, NULL, NULL, 2, &answer, &error), "body");
    CHECK_NULL(voicecall_response_read(OPERATION, 200, NULL, "{}", 2, NULL, &error), "answer");
    CHECK_FAILS(voicecall_response_read(OPERATION, 200, NULL, NULL, 0, &answer, &error), VOICECALL_PROTOCOL, NULL);
    CHECK_NULL(voicecall_code_find(NULL, "0", 0, NULL, &answer, &error), "table");
    CHECK_NULL(voicecall_code_find("result", NULL, 0, NULL, &answer, &error), "code");
    CHECK_NULL(voicecall_code_find("result", "0", 0, NULL, NULL, &error), "row");
    CHECK(made == NULL && answer == NULL);
    voicecall_value_free(source);
    voicecall_value_free(arguments);
    voicecall_value_free(config);
    voicecall_client_free(client);
}

static void events_refuse_null(void) {
    static const char *const fields[] = {"sessionId", NULL};
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(STATUS_BODY), *made = NULL;
    voicecall_value *value = NULL;
    const char *texts[2] = {NULL, NULL};
    size_t length = 0;
    int64_t integer = 0;
    CHECK_NULL(voicecall_event_parse(NULL, 1, &made, &error), "body");
    CHECK_NULL(voicecall_event_parse("{}", 2, NULL, &error), "event");
    CHECK_FAILS(voicecall_event_parse(NULL, 0, &made, &error), VOICECALL_MALFORMED_WEBHOOK, NULL);
    CHECK_INT(voicecall_event_kind(NULL), 0);
    CHECK_TEXT(voicecall_event_type(NULL), "");
    CHECK_INT((int64_t)voicecall_event_record_count(NULL), 0);
    CHECK_NULL(voicecall_event_get_text(NULL, 0, "sessionId", texts, &length, &error), "event");
    CHECK_NULL(voicecall_event_get_text(event, 0, NULL, texts, &length, &error), "field");
    CHECK_NULL(voicecall_event_get_text(event, 0, "sessionId", NULL, &length, &error), "text");
    CHECK_OK(voicecall_event_get_text(event, 0, "sessionId", texts, NULL, &error));
    CHECK_NULL(voicecall_event_get_integer(NULL, 0, "stateCode", &integer, &error), "event");
    CHECK_NULL(voicecall_event_get_integer(event, 0, NULL, &integer, &error), "field");
    CHECK_NULL(voicecall_event_get_integer(event, 0, "stateCode", NULL, &error), "integer");
    CHECK_NULL(voicecall_event_read(NULL, 0, 1, fields, 1, texts, NULL, NULL, &error), "event");
    CHECK_NULL(voicecall_event_read(event, 0, 1, NULL, 1, texts, NULL, NULL, &error), "fields");
    CHECK_NULL(voicecall_event_read(event, 0, 1, fields, 2, texts, NULL, NULL, &error), "fields");
    CHECK_OK(voicecall_event_read(event, 0, 1, fields, 1, NULL, NULL, NULL, &error));
    CHECK_OK(voicecall_event_read(event, 0, 1, NULL, 0, texts, NULL, NULL, &error));
    CHECK_NULL(voicecall_event_value(NULL, 0, &value, &error), "event");
    CHECK_NULL(voicecall_event_value(event, 0, NULL, &error), "value");
    CHECK_NULL(voicecall_event_raw(NULL, 0, texts, &length, &error), "event");
    CHECK_NULL(voicecall_event_raw(event, 0, NULL, &length, &error), "json");
    CHECK_OK(voicecall_event_raw(event, 0, texts, NULL, &error));
    CHECK_NULL(voicecall_event_rejected(NULL, &value, &error), "event");
    CHECK_NULL(voicecall_event_rejected(event, NULL, &error), "rejected");
    CHECK_NULL(voicecall_event_summary(NULL, 0, NULL, &value, &error), "event");
    CHECK_NULL(voicecall_event_summary(event, 0, NULL, NULL, &error), "summary");
    CHECK(made == NULL && value == NULL);
    voicecall_event_free(event);
}

static void webhooks_refuse_null(void) {
    static const char *const names[] = {"X-AKSK", NULL};
    static const char *const values[] = {"x", "y"};
    voicecall_error *error = NULL;
    voicecall_value *config = check_value("{}"), *value = NULL;
    voicecall_webhook *webhook = NULL;
    voicecall_received *received = NULL;
    voicecall_event *event = NULL;
    CHECK_NULL(voicecall_webhook_new(NULL, &webhook, &error), "config");
    CHECK_NULL(voicecall_webhook_new(config, NULL, &error), "webhook");
    CHECK_OK(voicecall_webhook_new(config, &webhook, &error));
    CHECK_NULL(voicecall_webhook_receive(NULL, names, values, 1, "{}", 2, 1, &received, &error), "webhook");
    CHECK_NULL(voicecall_webhook_receive(webhook, NULL, values, 1, "{}", 2, 1, &received, &error), "header_names");
    CHECK_NULL(voicecall_webhook_receive(webhook, names, NULL, 1, "{}", 2, 1, &received, &error), "header_values");
    CHECK_NULL(voicecall_webhook_receive(webhook, names, values, 2, "{}", 2, 1, &received, &error), "header_names");
    CHECK_NULL(voicecall_webhook_receive(webhook, values, names, 2, "{}", 2, 1, &received, &error), "header_values");
    CHECK_NULL(voicecall_webhook_receive(webhook, names, values, 1, NULL, 2, 1, &received, &error), "body");
    CHECK_NULL(voicecall_webhook_receive(webhook, names, values, 1, "{}", 2, 1, NULL, &error), "received");
    CHECK_OK(voicecall_webhook_receive(webhook, NULL, NULL, 0, NULL, 0, 1, &received, &error));
    CHECK_NULL(voicecall_received_event(NULL, &event, &error), "received");
    CHECK_NULL(voicecall_received_event(received, NULL, &error), "event");
    CHECK_NULL(voicecall_received_verdict(NULL, &value, &error), "received");
    CHECK_NULL(voicecall_received_verdict(received, NULL, &error), "verdict");
    CHECK_NULL(voicecall_received_reply(NULL, true, &value, &error), "received");
    CHECK_NULL(voicecall_received_reply(received, true, NULL, &error), "reply");
    CHECK_NULL(voicecall_webhook_sign(NULL, "s", "u", NULL, 1, &value, &error), "app_key");
    CHECK_NULL(voicecall_webhook_sign("k", NULL, "u", NULL, 1, &value, &error), "app_secret");
    CHECK_NULL(voicecall_webhook_sign("k", "s", NULL, NULL, 1, &value, &error), "url");
    CHECK_NULL(voicecall_webhook_sign("k", "s", "u", NULL, 1, NULL, &error), "headers");
    CHECK_NULL(voicecall_error_value(NULL, &value, &error), "error");
    CHECK(event == NULL && value == NULL);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
    voicecall_value_free(config);
}

static void intakes_refuse_null(void) {
    voicecall_error *error = NULL;
    voicecall_value *config = check_value("{\"store\":\"sqlite::memory:\"}"), *value = NULL;
    voicecall_intake *intake = NULL;
    voicecall_receipt *receipt = NULL;
    voicecall_event *event = NULL;
    CHECK_NULL(voicecall_intake_new(NULL, NULL, &intake, &error), "config");
    CHECK_NULL(voicecall_intake_new(config, NULL, NULL, &error), "intake");
    CHECK_NULL(voicecall_intake_receive(NULL, NULL, NULL, 0, "{}", 2, 1, &receipt, &error), "intake");
    CHECK_NULL(voicecall_intake_perform(NULL, "calls", NULL, &value, &error), "intake");
    CHECK_NULL(voicecall_intake_export(NULL, config, NULL, NULL, NULL, &error), "intake");
    CHECK_NULL(voicecall_intake_close(NULL, &error), "intake");
    CHECK_NULL(voicecall_receipt_value(NULL, &value, &error), "receipt");
    CHECK_NULL(voicecall_receipt_event(NULL, &event, &error), "receipt");
    CHECK(!voicecall_receipt_is_new(NULL, 0));
    CHECK(intake == NULL && receipt == NULL && value == NULL && event == NULL);
    voicecall_value_free(config);
}

static void queues_refuse_null(void) {
    voicecall_error *error = NULL;
    voicecall_client *client = given_client("http://127.0.0.1:9");
    voicecall_queue *queue = NULL;
    voicecall_done *done = NULL;
    voicecall_value *value = NULL;
    voicecall_receipt *receipt = NULL;
    int64_t id = 0;
    CHECK_NULL(voicecall_queue_new(NULL, &error), "queue");
    CHECK_OK(voicecall_queue_new(&queue, &error));
    CHECK_NULL(voicecall_queue_next(NULL, 1, &id, &done, &error), "queue");
    CHECK_NULL(voicecall_queue_next(queue, 1, NULL, &done, &error), "id");
    CHECK_NULL(voicecall_queue_next(queue, 1, &id, NULL, &error), "done");
    CHECK_NULL(voicecall_queue_cancel(NULL, 1, &error), "queue");
    CHECK_NULL(voicecall_done_answer(NULL, &value, NULL, NULL, &error), "done");
    CHECK_NULL(voicecall_done_receipt(NULL, &receipt, &error), "done");
    CHECK_NULL(voicecall_client_submit(NULL, OPERATION, "{}", 2, 0, queue, 1, &error), "client");
    CHECK_NULL(voicecall_client_submit(client, NULL, "{}", 2, 0, queue, 1, &error), "operation");
    CHECK_NULL(voicecall_client_submit(client, OPERATION, NULL, 2, 0, queue, 1, &error), "arguments");
    CHECK_NULL(voicecall_client_submit(client, OPERATION, "{}", 2, 0, NULL, 1, &error), "queue");
    CHECK_NULL(voicecall_intake_submit(NULL, "calls", NULL, queue, 1, &error), "intake");
    CHECK_NULL(voicecall_intake_submit_receive(NULL, NULL, NULL, 0, "{}", 2, 1, queue, 1, &error), "intake");
    CHECK(done == NULL && value == NULL && receipt == NULL);
    voicecall_queue_free(queue);
    voicecall_client_free(client);
}

static void a_failure_without_a_place_for_its_error_is_a_status(void) {
    voicecall_event *event = NULL;
    CHECK_INT(voicecall_value_new(NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_value_parse("{", 1, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_client_new(NULL, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_client_call(NULL, NULL, NULL, 0, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_client_close(NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_event_parse("{", 1, &event, NULL), VOICECALL_MALFORMED_WEBHOOK);
    CHECK_INT(voicecall_webhook_new(NULL, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_error_value(NULL, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK(event == NULL);
}

static void every_free_takes_null(void) {
    voicecall_error_free(NULL);
    voicecall_value_free(NULL);
    voicecall_client_free(NULL);
    voicecall_event_free(NULL);
    voicecall_received_free(NULL);
    voicecall_webhook_free(NULL);
    voicecall_receipt_free(NULL);
    voicecall_intake_free(NULL);
    voicecall_queue_free(NULL);
    voicecall_done_free(NULL);
}

int main(void) {
    static const struct test tests[] = {
        {"values refuse NULL by name", values_refuse_null},
        {"clients refuse NULL by name", clients_refuse_null},
        {"events refuse NULL by name", events_refuse_null},
        {"webhooks refuse NULL by name", webhooks_refuse_null},
        {"intakes refuse NULL by name", intakes_refuse_null},
        {"queues refuse NULL by name", queues_refuse_null},
        {"a failure without a place for its error is a status", a_failure_without_a_place_for_its_error_is_a_status},
        {"every free takes NULL", every_free_takes_null},
    };
    return CHECK_RUN(tests);
}
