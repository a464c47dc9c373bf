/* The structures of voicecall_calls.h at work: settings, calls, answers, events, downloads, replies. */
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "server.h"
#include "voicecall_calls.h"

static voicecall_client *client_of(const struct server *server) {
    const voicecall_config config = {.app_key = APP_KEY, .app_secret = APP_SECRET, .endpoint = server_url(server)};
    voicecall_client *client = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_client_open(&config, &client, &error));
    return client;
}

static voicecall_voice_notification notification(void) {
    static const voicecall_play_content_info items[] = {{.notify_voice = "alarm.wav"}};
    const voicecall_voice_notification request = {
        .display_nbr = "+8675500000001", .callee_nbr = "+8613800000021", .play_info_list = VOICECALL_ARRAY(items)};
    return request;
}

/* Keeps the body of the request, and answers with a session id and something that nobody knows. */
static int keep_body(int socket, const struct request *request, void *user) {
    static const char body[] =
        "{\"resultcode\":\"0\",\"resultdesc\":\"Success\",\"sessionId\":\"session-0001\",\"idlePort\":0,\"region\":\"north\"}";
    snprintf(user, 2000, "%s", request->body);
    server_respond(socket, "200 OK", "", body, sizeof body - 1);
    return 0;
}

static int answer_location(int socket, const struct request *request, void *user) {
    (void)request, (void)user;
    server_respond(socket, "301 Moved Permanently", "Location: https://ostor.example.com/r.wav\r\n", "", 0);
    return 1;
}

static void what_is_set_is_sent_and_nothing_else(void) {
    char body[2000] = "";
    struct server *server = server_start(keep_body, body);
    voicecall_client *client = client_of(server);
    const voicecall_play_content_info items[] = {
        {.template_id = "alert", .template_paras = VOICECALL_TEXTS("3", "building 1"), .collect_ind = VOICECALL_INT(0)},
        {.notify_voice = "alarm.wav", .replay_after_collection = VOICECALL_NO},
    };
    const voicecall_voice_notification request = {
        .display_nbr = "+8675500000001",
        .callee_nbr = "+8613800000021",
        .play_info_list = VOICECALL_ARRAY(items),
        .fee_url = "https://push.example.com/fee",
        .return_idle_port = VOICECALL_YES,
        .extra = "{\"bindNbr\":\"+8675500000002\"}",
        .timeout_ms = 10000,
    };
    voicecall_placed_call call = {0};
    voicecall_error *error = NULL;
    const char *region = NULL;
    CHECK_OK(voicecall_create_voice_notification(client, &request, &call, &error));
    CHECK_TEXT(body,
               "{\"displayNbr\":\"+8675500000001\",\"calleeNbr\":\"+8613800000021\",\"playInfoList\":["
               "{\"templateId\":\"alert\",\"templateParas\":[\"3\",\"building 1\"],\"collectInd\":0},"
               "{\"notifyVoice\":\"alarm.wav\",\"replayAfterCollection\":\"false\"}],"
               "\"feeUrl\":\"aHR0cHM6Ly9wdXNoLmV4YW1wbGUuY29tL2ZlZQ==\",\"returnIdlePort\":\"true\","
               "\"bindNbr\":\"+8675500000002\"}");
    CHECK_TEXT(call.session_id, "session-0001");
    CHECK(call.idle_port.is_set && call.idle_port.value == 0);
    CHECK_OK(voicecall_value_get_text(call.value, "/region", &region, NULL, &error));
    CHECK_TEXT(region, "north");
    voicecall_placed_call_free(&call);
    CHECK(call.session_id == NULL && call.value == NULL);
    voicecall_placed_call_free(&call);
    voicecall_placed_call_free(NULL);
    voicecall_client_free(client);
    server_stop(server);
}

static void every_operation_has_its_function(void) {
    char body[2000] = "";
    struct server *server = server_start(keep_body, body);
    voicecall_client *client = client_of(server);
    const voicecall_voice_callback callback = {.display_nbr = "+8675500000001",
                                               .caller_nbr = "+8613800000021",
                                               .display_callee_nbr = "+8675500000001",
                                               .callee_nbr = "+8613800000022"};
    const voicecall_voice_verification_code code = {.display_nbr = "+8675500000001",
                                                    .callee_nbr = "+8613800000021",
                                                    .language_type = 2,
                                                    .pre_tone = "pretone.wav",
                                                    .verify_code = "20408"};
    const voicecall_recording recording = {.file_name = "r.wav", .record_domain = "ostor.example.com"};
    voicecall_placed_call call = {0};
    voicecall_recording_url url = {0};
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_create_voice_callback(client, &callback, &call, &error));
    CHECK(strstr(body, "\"callerNbr\"") != NULL);
    voicecall_placed_call_free(&call);
    CHECK_OK(voicecall_create_voice_verification_code(client, &code, &call, &error));
    CHECK(strstr(body, "\"languageType\":2") != NULL);
    voicecall_placed_call_free(&call);
    CHECK_OK(voicecall_terminate_call(client, "session-0001", &error));
    CHECK_TEXT(body, "{\"sessionid\":\"session-0001\",\"signal\":\"call_stop\"}");
    voicecall_client_free(client);
    server_stop(server);

    server = server_start(answer_location, NULL);
    client = client_of(server);
    CHECK_OK(voicecall_get_recording_download_url(client, &recording, &url, &error));
    CHECK_TEXT(url.url, "https://ostor.example.com/r.wav");
    voicecall_recording_url_free(&url);
    voicecall_recording_url_free(&url);
    voicecall_client_free(client);
    server_stop(server);
}

static void a_refused_call_names_the_field_and_fills_nothing(void) {
    char body[2000] = "";
    struct server *server = server_start(keep_body, body);
    voicecall_client *client = client_of(server);
    voicecall_voice_notification request = notification();
    voicecall_placed_call call = {0};
    voicecall_error *error = NULL;
    request.callee_nbr = NULL;
    CHECK_INT(voicecall_create_voice_notification(client, &request, &call, &error), VOICECALL_INVALID_ARGUMENT);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), "/calleeNbr");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RULE, NULL), "required");
    CHECK(call.value == NULL);
    voicecall_error_free(error);
    error = NULL;
    request = notification();
    request.user_data = "caf\xe9";
    CHECK_INT(voicecall_create_voice_notification(client, &request, &call, &error), VOICECALL_INVALID_ARGUMENT);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), "/userData");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RULE, NULL), "characters");
    voicecall_error_free(error);
    error = NULL;
    request = notification();
    request.extra = "not json";
    CHECK_FAILS(voicecall_create_voice_notification(client, &request, &call, &error), VOICECALL_INVALID_ARGUMENT, "/extra: ");
    const char *const holey[] = {"one", NULL};
    const voicecall_play_content_info item = {.template_id = "alert", .template_paras = VOICECALL_ARRAY(holey)};
    request = notification();
    request.play_info_list.items = &item;
    CHECK_NULL(voicecall_create_voice_notification(client, &request, &call, &error), "text");
    const voicecall_voice_callback no_such_member = {.callee_media = (enum voicecall_callee_media)77};
    voicecall_value *value = NULL;
    const char *text = NULL;
    CHECK_OK(voicecall_voice_callback_to_value(&no_such_member, &value, &error));
    CHECK_OK(voicecall_value_get_text(value, "/calleeMedia", &text, NULL, &error));
    CHECK_TEXT(text, "?"); /* Which no enumeration has. */
    voicecall_value_free(value);
    CHECK_TEXT(body, "");
    voicecall_client_free(client);
    server_stop(server);
}

static void null_is_refused_before_anything_is_sent(void) {
    char body[2000] = "";
    struct server *server = server_start(keep_body, body);
    voicecall_client *client = client_of(server), *none = NULL;
    voicecall_voice_notification request = notification();
    voicecall_placed_call call = {0};
    voicecall_recording_url url = {0};
    voicecall_webhook *webhook = NULL;
    voicecall_reply reply = {0};
    voicecall_status_event status_event;
    voicecall_cdr cdr;
    voicecall_value *value = NULL;
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(STATUS_BODY), *fee = given_event(FEE_BODY);
    const voicecall_config config = {.app_key = APP_KEY, .app_secret = APP_SECRET};
    const voicecall_webhook_config webhook_config = {.policy = VOICECALL_POLICY_OFF};
    CHECK_NULL(voicecall_create_voice_notification(NULL, &request, &call, &error), "client");
    CHECK_NULL(voicecall_create_voice_notification(client, NULL, &call, &error), "arguments");
    CHECK_NULL(voicecall_create_voice_notification(client, &request, NULL, &error), "answer");
    CHECK_NULL(voicecall_get_recording_download_url(client, NULL, &url, &error), "arguments");
    CHECK_INT(voicecall_terminate_call(client, NULL, &error), VOICECALL_INVALID_ARGUMENT);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), "/sessionid");
    voicecall_error_free(error);
    error = NULL;
    CHECK_INT(voicecall_client_open(NULL, &none, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_NULL(voicecall_client_open(&config, NULL, &error), "client");
    CHECK_INT(voicecall_webhook_open(NULL, &webhook, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_NULL(voicecall_webhook_open(&webhook_config, NULL, &error), "webhook");
    CHECK_INT(voicecall_voice_notification_to_value(NULL, &value, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_voice_notification_to_value(&request, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_NULL(voicecall_status_event_read(NULL, &status_event, &error), "event");
    CHECK_INT(voicecall_status_event_read(event, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_NULL(voicecall_cdr_read(NULL, 0, &cdr, &error), "event");
    CHECK_INT(voicecall_cdr_read(fee, 0, NULL, NULL), VOICECALL_INVALID_ARGUMENT);
    CHECK_NULL(voicecall_cdr_download_recording(NULL, fee, 0, "r.wav", NULL, NULL, &error), "client");
    CHECK_NULL(voicecall_cdr_download_recording(client, fee, 0, NULL, NULL, NULL, &error), "path");
    CHECK_NULL(voicecall_reply_read(NULL, true, &reply, &error), "received");
    CHECK_INT(voicecall_event_type_of(NULL), VOICECALL_EVENT_TYPE_UNKNOWN);
    CHECK(none == NULL && webhook == NULL && value == NULL && call.value == NULL);
    CHECK_TEXT(body, "");
    voicecall_event_free(fee);
    voicecall_event_free(event);
    voicecall_client_free(client);
    server_stop(server);
}

static void an_event_is_read_as_what_it_is(void) {
    voicecall_event *event = given_event(STATUS_BODY), *fee = given_event(FEE_BODY);
    voicecall_event *unknown = given_event("{\"eventType\":\"callin\",\"statusInfo\":{}}");
    voicecall_status_event status_event;
    voicecall_cdr cdr;
    voicecall_error *error = NULL;
    size_t count = 0;
    CHECK_OK(voicecall_status_event_read(event, &status_event, &error));
    CHECK_INT(status_event.type, VOICECALL_EVENT_TYPE_DISCONNECT);
    CHECK_TEXT(status_event.user_data, "caf\xc3\xa9");
    CHECK_TEXT(status_event.party_type, NULL); /* Came as "". */
    CHECK_ABSENT(voicecall_cdr_read(event, 0, &cdr, &error));
    while (voicecall_cdr_read(fee, count, &cdr, &error) == VOICECALL_OK) count++;
    CHECK_INT((int64_t)count, 1);
    CHECK(cdr.ul_fail_reason.is_set && cdr.ul_fail_reason.value == 0); /* Came as text. */
    CHECK_ABSENT(voicecall_status_event_read(fee, &status_event, &error));
    CHECK_INT(voicecall_event_type_of(fee), VOICECALL_EVENT_TYPE_FEE);
    CHECK_INT(voicecall_event_type_of(unknown), VOICECALL_EVENT_TYPE_UNKNOWN);
    CHECK_ABSENT(voicecall_status_event_read(unknown, &status_event, &error));
    voicecall_event_free(unknown);
    voicecall_event_free(fee);
    voicecall_event_free(event);
}

static void a_record_without_recording_is_absent_and_not_downloaded(void) {
    struct server *server = server_start(answer_never, NULL);
    voicecall_client *client = client_of(server);
    voicecall_event *event = given_event("{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"s\"}]}");
    voicecall_error *error = NULL;
    uint64_t bytes = 77;
    CHECK_ABSENT(voicecall_cdr_download_recording(client, event, 0, "never-made.wav", NULL, &bytes, &error));
    CHECK_ABSENT(voicecall_cdr_download_recording(client, event, 1, "never-made.wav", NULL, &bytes, &error));
    CHECK_INT((int64_t)bytes, 77);
    voicecall_event_free(event);
    voicecall_client_free(client);
    server_stop(server);
}

static void a_reply_tells_status_type_and_body(void) {
    const char *const urls[] = {"https://push.example.com/fee"};
    const voicecall_application applications[] = {{.app_key = APP_KEY, .app_secret = APP_SECRET}};
    const voicecall_webhook_config config = {.urls = VOICECALL_ARRAY(urls),
                                             .applications = VOICECALL_ARRAY(applications),
                                             .policy = VOICECALL_POLICY_IF_PRESENT,
                                             .replay_entries = VOICECALL_INT(0)};
    voicecall_webhook *webhook = NULL;
    voicecall_received *received = NULL;
    voicecall_reply reply = {0};
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_webhook_open(&config, &webhook, &error));
    CHECK_OK(voicecall_webhook_receive(webhook, NULL, NULL, 0, FEE_BODY, strlen(FEE_BODY), VOICECALL_NOW, &received, &error));
    CHECK_OK(voicecall_reply_read(received, true, &reply, &error));
    CHECK_INT(reply.status, 200);
    CHECK_TEXT(reply.content_type, "application/json;charset=UTF-8");
    CHECK_TEXT(reply.body, "{\"resultcode\":\"0\",\"resultdesc\":\"Success\"}");
    CHECK_INT((int64_t)reply.body_length, (int64_t)strlen(reply.body));
    voicecall_reply_free(&reply);
    CHECK_OK(voicecall_reply_read(received, false, &reply, &error));
    CHECK_INT(reply.status, 503);
    voicecall_reply_free(&reply);
    voicecall_reply_free(&reply);
    voicecall_reply_free(NULL);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
}

int main(void) {
    static const struct test tests[] = {
        {"what is set is sent, and nothing else", what_is_set_is_sent_and_nothing_else},
        {"every operation has its function", every_operation_has_its_function},
        {"a refused call names the field and fills nothing", a_refused_call_names_the_field_and_fills_nothing},
        {"NULL is refused before anything is sent", null_is_refused_before_anything_is_sent},
        {"an event is read as what it is", an_event_is_read_as_what_it_is},
        {"a record without recording is absent and not downloaded", a_record_without_recording_is_absent_and_not_downloaded},
        {"a reply tells status, type and body", a_reply_tells_status_type_and_body},
    };
    return CHECK_RUN(tests);
}
