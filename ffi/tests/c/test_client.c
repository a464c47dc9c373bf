/* Calls: settings and arguments are checked, answers come back, errors tell whether a phone may have rung. */
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "server.h"

/* The error of a failed call; the caller frees it. */
static voicecall_error *failed_call(voicecall_client *client, voicecall_status expected) {
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    voicecall_error *error = NULL;
    CHECK_INT(voicecall_client_call(client, OPERATION, arguments, 0, &answer, &error), expected);
    CHECK(answer == NULL);
    CHECK_INT(voicecall_error_status(error), expected);
    voicecall_value_free(arguments);
    return error;
}

static void a_bad_setting_is_named(void) {
    static const struct {
        const char *config, *field;
        voicecall_status status;
    } cases[] = {
        {"{}", "/appKey", VOICECALL_CONFIGURATION},
        {"{\"appKey\":\"k\"}", "/appSecret", VOICECALL_CONFIGURATION},
        {"{\"appKey\":\"k\",\"appSecret\":\"s\",\"timeoutMs\":0}", "/timeoutMs", VOICECALL_CONFIGURATION},
        {"{\"appKey\":\"k\",\"appSecret\":\"s\",\"endpoint\":\"http://example.com\"}", "/endpoint", VOICECALL_CONFIGURATION},
        {"{\"appKey\":1}", "/appKey", VOICECALL_INVALID_ARGUMENT},
        {"{\"appKei\":\"k\"}", "/appKei", VOICECALL_INVALID_ARGUMENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        voicecall_value *config = check_value(cases[i].config);
        voicecall_client *client = NULL;
        voicecall_error *error = NULL;
        CHECK_INT(voicecall_client_new(config, &client, &error), cases[i].status);
        CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), cases[i].field);
        CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_NOT_SENT);
        CHECK(client == NULL);
        voicecall_error_free(error);
        voicecall_value_free(config);
    }
    voicecall_value *list = check_value("[]");
    voicecall_client *client = NULL;
    voicecall_error *error = NULL;
    CHECK_FAILS(voicecall_client_new(list, &client, &error), VOICECALL_INVALID_ARGUMENT, "`config` is not an object");
    voicecall_value_free(list);
}

static void a_placed_call_has_a_session_id(void) {
    struct server *server = server_start(answer_success, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    voicecall_error *error = NULL;
    const char *session = NULL;
    CHECK_OK(voicecall_client_call(client, OPERATION, arguments, 10000, &answer, &error));
    CHECK_OK(voicecall_value_get_text(answer, "/sessionId", &session, NULL, &error));
    CHECK_TEXT(session, "session-0001");
    voicecall_value_free(answer);
    voicecall_value_free(arguments);
    voicecall_client_free(client);
    server_stop(server);
}

/* What OPERATION takes, as text. */
static const char ARGUMENTS[] = "{\"displayNbr\":\"+8675500000001\",\"calleeNbr\":\"+8613800000021\","
                                "\"playInfoList\":[{\"notifyVoice\":\"alarm.wav\"}]}";

static void a_call_takes_text_and_gives_text(void) {
    struct server *server = server_start(answer_success, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_value *answer = NULL;
    voicecall_error *error = NULL;
    const char *json = NULL, *session = NULL;
    size_t length = 0;
    CHECK_OK(voicecall_client_call_json(client, OPERATION, ARGUMENTS, sizeof ARGUMENTS - 1, 10000, &answer, &json, &length,
                                        &error));
    CHECK_TEXT(json, "{\"sessionId\":\"session-0001\"}");
    CHECK_INT(length, strlen(json));
    voicecall_value_free(answer);
    CHECK_OK(voicecall_client_call_json(client, OPERATION, ARGUMENTS, VOICECALL_NUL_TERMINATED, 0, &answer, NULL, NULL, &error));
    CHECK_OK(voicecall_value_get_text(answer, "/sessionId", &session, NULL, &error));
    CHECK_TEXT(session, "session-0001");
    voicecall_value_free(answer);
    voicecall_client_free(client);
    server_stop(server);
}

static void arguments_that_cannot_be_read_are_not_sent(void) {
    static const struct {
        const char *arguments, *message;
    } cases[] = {
        {"{", "not JSON: EOF while parsing an object at line 1 column 1"},
        {"{} {}", "not JSON: trailing characters"},
        {"[]", "expected an object, got a list"},
        {"{\"calleeNbr\":1}", "calleeNbr"},
        {"{\"calleeNbr\":\"+8613800000021\"}", "displayNbr"},
    };
    voicecall_client *client = given_client("http://127.0.0.1:9");
    voicecall_value *answer = NULL;
    voicecall_error *error = NULL;
    const char *json = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_FAILS(voicecall_client_call_json(client, OPERATION, cases[i].arguments, VOICECALL_NUL_TERMINATED, 0, &answer, &json,
                                               NULL, &error),
                    VOICECALL_INVALID_ARGUMENT, cases[i].message);
    }
    CHECK_FAILS(voicecall_client_call_json(client, OPERATION, ARGUMENTS, VOICECALL_NUL_TERMINATED, -1, &answer, &json, NULL, &error),
                VOICECALL_INVALID_ARGUMENT, "`timeout_ms`");
    CHECK(answer == NULL && json == NULL);
    voicecall_client_free(client);
}

static void a_broken_rule_is_told_before_anything_is_sent(void) {
    voicecall_client *client = given_client("http://127.0.0.1:9");
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    voicecall_error *error = NULL;
    char *text = malloc(1000001);
    CHECK(text != NULL);
    memset(text, 'x', 1000000);
    text[1000000] = '\0';
    CHECK_OK(voicecall_value_set_text(arguments, "/userData", text, 1000000, &error));
    CHECK_INT(voicecall_client_call(client, OPERATION, arguments, 0, &answer, &error), VOICECALL_INVALID_ARGUMENT);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), "/userData");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RULE, NULL), "length");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_MEASURED, NULL), "1000000");
    voicecall_error_free(error);
    error = NULL;
    CHECK_OK(voicecall_value_set_text(arguments, "/calleeNbr", "+86138\0000021", 12, &error));
    CHECK_INT(voicecall_client_call(client, OPERATION, arguments, 0, &answer, &error), VOICECALL_INVALID_ARGUMENT);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), "/calleeNbr");
    voicecall_error_free(error);
    error = NULL;
    CHECK_FAILS(voicecall_client_call(client, "createVoiceCallback", arguments, 0, &answer, &error),
                VOICECALL_INVALID_ARGUMENT, "terminate_call");
    CHECK_FAILS(voicecall_client_call(client, "\xc3\x28", arguments, 0, &answer, &error), VOICECALL_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(voicecall_client_call(client, OPERATION, arguments, -1, &answer, &error), VOICECALL_INVALID_ARGUMENT,
                "`timeout_ms`");
    CHECK(answer == NULL);
    free(text);
    voicecall_value_free(arguments);
    voicecall_client_free(client);
}

static void a_preview_shows_the_request_and_hides_what_is_private(void) {
    voicecall_client *client = given_client("http://127.0.0.1:9");
    voicecall_value *arguments = given_arguments(), *request = NULL;
    voicecall_error *error = NULL;
    const char *text = NULL;
    CHECK_OK(voicecall_client_preview(client, OPERATION, arguments, &request, &error));
    CHECK_OK(voicecall_value_get_text(request, "", &text, NULL, &error));
    CHECK(strstr(text, "POST http://127.0.0.1:9/rest/httpsessions/callnotify/v2.0\n") == text);
    CHECK(strstr(text, "\"alarm.wav\"") != NULL);
    CHECK(strstr(text, "13800000021") == NULL && strstr(text, "0021") != NULL);
    CHECK(strstr(text, "PasswordDigest=\"***\"") != NULL);
    voicecall_value_free(request);
    voicecall_value_free(arguments);
    voicecall_client_free(client);
}

static int answer_refusal(int socket, const struct request *request, void *user) {
    static const char body[] = "{\"resultcode\":\"1020166\",\"resultdesc\":\"callee 8613800000021 refused\"}";
    (void)request;
    (void)user;
    server_respond(socket, "200 OK", "", body, sizeof body - 1);
    return 0;
}

static void a_refusal_of_the_platform_is_explained(void) {
    struct server *server = server_start(answer_refusal, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_error *error = failed_call(client, VOICECALL_REJECTED);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_ANSWERED);
    CHECK_INT(voicecall_error_http_status(error), 200);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RESULT_CODE, NULL), "1020166");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RESULT_DESC, NULL), "callee *********0021 refused");
    CHECK(voicecall_error_text(error, VOICECALL_ERROR_MEANING, NULL) != NULL);
    voicecall_error_free(error);
    voicecall_client_free(client);
    server_stop(server);
}

static void nobody_listening_means_not_sent(void) {
    char url[64];
    unused_address(url);
    voicecall_client *client = given_client(url);
    voicecall_error *error = failed_call(client, VOICECALL_CONNECT);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_NOT_SENT);
    voicecall_error_free(error);
    voicecall_client_free(client);
}

static int hang_up(int socket, const struct request *request, void *user) {
    (void)socket;
    (void)request;
    (void)user;
    return 1;
}

static void a_connection_lost_after_the_request_means_unknown(void) {
    struct server *server = server_start(hang_up, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_error *error = failed_call(client, VOICECALL_CONNECTION_LOST);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_UNKNOWN);
    CHECK_INT(voicecall_error_retry(error), VOICECALL_RETRY_NEVER);
    CHECK(strstr(voicecall_error_text(error, VOICECALL_ERROR_ADVICE, NULL), "Do not place the call again") != NULL);
    voicecall_error_free(error);
    voicecall_client_free(client);
    server_stop(server);
}

static void the_time_of_one_call_can_be_shorter(void) {
    struct server *server = server_start(answer_never, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    voicecall_error *error = NULL;
    CHECK_INT(voicecall_client_call(client, OPERATION, arguments, 300, &answer, &error), VOICECALL_TIMEOUT);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_UNKNOWN);
    voicecall_error_free(error);
    voicecall_value_free(arguments);
    voicecall_client_free(client);
    server_stop(server);
}

static void a_closed_client_refuses_calls(void) {
    voicecall_client *client = given_client("http://127.0.0.1:9");
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_client_close(client, &error));
    CHECK_OK(voicecall_client_close(client, &error));
    error = failed_call(client, VOICECALL_CLOSED);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_NOT_SENT);
    voicecall_error_free(error);
    voicecall_client_free(client);
}

static void a_program_can_send_the_request_itself(void) {
    voicecall_value *config = check_value("{\"appKey\":\"" APP_KEY "\",\"appSecret\":\"" APP_SECRET "\"}");
    voicecall_value *arguments = given_arguments(), *request = NULL, *answer = NULL;
    voicecall_error *error = NULL;
    static const char body[] = "{\"resultcode\":\"0\",\"resultdesc\":\"Success\",\"sessionId\":\"session-0001\",\"idlePort\":3}";
    const char *first = NULL, *second = NULL;
    char kept[500];
    int64_t ports = 0;
    CHECK_OK(voicecall_request_sign(config, OPERATION, arguments, NULL, VOICECALL_NOW, &request, &error));
    CHECK_OK(voicecall_value_get_text(request, "/headers/x-aksk", &first, NULL, &error));
    snprintf(kept, sizeof kept, "%s", first);
    voicecall_value_free(request);
    CHECK_OK(voicecall_request_sign(config, OPERATION, arguments, NULL, VOICECALL_NOW, &request, &error));
    CHECK_OK(voicecall_value_get_text(request, "/headers/x-aksk", &second, NULL, &error));
    CHECK(strcmp(kept, second) != 0);
    voicecall_value_free(request);
    CHECK_FAILS(voicecall_request_sign(config, OPERATION, arguments, "a\"b", 1, &request, &error), VOICECALL_INVALID_ARGUMENT,
                "`nonce`");

    CHECK_OK(voicecall_response_read(OPERATION, 200, NULL, body, sizeof body - 1, &answer, &error));
    CHECK_OK(voicecall_value_get_integer(answer, "/idlePort", &ports, &error));
    CHECK_INT(ports, 3);
    voicecall_value_free(answer);
    CHECK_FAILS(voicecall_response_read(OPERATION, 200, "\xff", body, 2, &answer, &error), VOICECALL_INVALID_ARGUMENT,
                "`location` is not UTF-8");
    CHECK_FAILS(voicecall_response_read(OPERATION, 70000, NULL, body, 2, &answer, &error), VOICECALL_INVALID_ARGUMENT,
                "`http_status`");
    voicecall_value_free(arguments);
    voicecall_value_free(config);
}

int main(void) {
    static const struct test tests[] = {
        {"a bad setting is named", a_bad_setting_is_named},
        {"a placed call has a session id", a_placed_call_has_a_session_id},
        {"a call takes text and gives text", a_call_takes_text_and_gives_text},
        {"arguments that cannot be read are not sent", arguments_that_cannot_be_read_are_not_sent},
        {"a broken rule is told before anything is sent", a_broken_rule_is_told_before_anything_is_sent},
        {"a preview shows the request and hides what is private", a_preview_shows_the_request_and_hides_what_is_private},
        {"a refusal of the platform is explained", a_refusal_of_the_platform_is_explained},
        {"nobody listening means not sent", nobody_listening_means_not_sent},
        {"a connection lost after the request means unknown", a_connection_lost_after_the_request_means_unknown},
        {"the time of one call can be shorter", the_time_of_one_call_can_be_shorter},
        {"a closed client refuses calls", a_closed_client_refuses_calls},
        {"a program can send the request itself", a_program_can_send_the_request_itself},
    };
    return CHECK_RUN(tests);
}
