/* Receiving: verdict, event and reply of a push. */
#include <string.h>

#include "given.h"

#define URL "https://push.example.com/fee"
#define NOW 1548299100 /* within the tolerance of the bodies' times */

static voicecall_webhook *given_webhook(void) {
    voicecall_value *config = check_value("{\"policy\":\"require\",\"urls\":[\"" URL "\"],\"applications\":[{\"appKey\":\"" APP_KEY
                                          "\",\"appSecret\":\"" APP_SECRET "\"}]}");
    voicecall_webhook *webhook = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_webhook_new(config, &webhook, &error));
    voicecall_value_free(config);
    return webhook;
}

/* Receives a body with the header that voicecall_webhook_sign() made, or with another one. */
static voicecall_received *receive(voicecall_webhook *webhook, const char *body, const char *nonce, const char *other) {
    static const char *const names[] = {"Host", "x-Aksk"};
    voicecall_received *received = NULL;
    voicecall_value *headers = NULL;
    voicecall_error *error = NULL;
    const char *values[] = {"\xff not UTF-8", other};
    CHECK_OK(voicecall_webhook_sign(APP_KEY, APP_SECRET, URL, nonce, NOW, &headers, &error));
    if (other == NULL) {
        CHECK_OK(voicecall_value_get_text(headers, "/X-AKSK", &values[1], NULL, &error));
    }
    CHECK_OK(voicecall_webhook_receive(webhook, names, values, 2, body, strlen(body), NOW, &received, &error));
    voicecall_value_free(headers);
    return received;
}

static void check_verdict(voicecall_received *received, const char *pointer, const char *expected) {
    voicecall_value *verdict = NULL;
    voicecall_error *error = NULL;
    const char *text = NULL;
    CHECK_OK(voicecall_received_verdict(received, &verdict, &error));
    CHECK_OK(voicecall_value_get_text(verdict, pointer, &text, NULL, &error));
    CHECK_TEXT(text, expected);
    voicecall_value_free(verdict);
}

static void check_reply(voicecall_received *received, bool stored, int64_t expected) {
    voicecall_value *reply = NULL;
    voicecall_error *error = NULL;
    const char *text = NULL;
    int64_t status = 0;
    CHECK_OK(voicecall_received_reply(received, stored, &reply, &error));
    CHECK_OK(voicecall_value_get_integer(reply, "/status", &status, &error));
    CHECK_INT(status, expected);
    CHECK_OK(voicecall_value_get_text(reply, "/headers/Content-Type", &text, NULL, &error));
    CHECK_OK(voicecall_value_get_text(reply, "/body", &text, NULL, &error));
    voicecall_value_free(reply);
}

static void a_signed_push_is_valid_and_answered_as_stored_or_not(void) {
    voicecall_webhook *webhook = given_webhook();
    voicecall_received *received = receive(webhook, FEE_BODY, NULL, NULL);
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    const char *text = NULL;
    check_verdict(received, "/verdict", "valid");
    check_verdict(received, "/url", URL);
    check_verdict(received, "/form", "newest");
    check_reply(received, true, 200);
    check_reply(received, false, 503);
    CHECK_OK(voicecall_received_event(received, &event, &error));
    /* The event outlives the push. */
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
    CHECK_OK(voicecall_event_get_text(event, 0, "sessionId", &text, NULL, &error));
    CHECK_TEXT(text, "session-0001");
    voicecall_event_free(event);
}

static void a_refused_push_has_no_event_and_a_reason(void) {
    voicecall_webhook *webhook = given_webhook();
    voicecall_received *received = receive(webhook, FEE_BODY, NULL, "UsernameToken Username=\"somebody\"");
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    check_verdict(received, "/verdict", "refused");
    check_verdict(received, "/reason", "unreadable_header");
    check_reply(received, true, 401);
    CHECK_FAILS(voicecall_received_event(received, &event, &error), VOICECALL_SIGNATURE, "X-AKSK");
    CHECK(event == NULL);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
}

static void a_nonce_belongs_to_one_body(void) {
    voicecall_webhook *webhook = given_webhook();
    voicecall_received *first = receive(webhook, STATUS_BODY, "nonce0001", NULL);
    voicecall_received *second = receive(webhook, STATUS_BODY, "nonce0001", NULL);
    voicecall_received *third = receive(webhook, "{\"eventType\":\"alerting\",\"statusInfo\":{\"sessionId\":\"s\"}}", "nonce0001", NULL);
    check_verdict(first, "/verdict", "valid");
    check_verdict(second, "/verdict", "valid");
    check_verdict(third, "/reason", "replayed");
    voicecall_received_free(third);
    voicecall_received_free(second);
    voicecall_received_free(first);
    voicecall_webhook_free(webhook);
}

static void an_unreadable_body_is_malformed_and_asked_for_again(void) {
    voicecall_webhook *webhook = given_webhook();
    voicecall_received *received = receive(webhook, "{\"eventType\":\"fee\",", NULL, NULL);
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    CHECK_FAILS(voicecall_received_event(received, &event, &error), VOICECALL_MALFORMED_WEBHOOK, NULL);
    check_reply(received, true, 500);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
}

static void a_bad_setting_is_named(void) {
    static const struct {
        const char *config, *field;
        voicecall_status status;
    } cases[] = {
        {"{\"policy\":\"require\"}", "/urls", VOICECALL_CONFIGURATION},
        {"{\"policy\":\"sometimes\"}", "/policy", VOICECALL_CONFIGURATION},
        {"{\"urls\":[7]}", "/urls/0", VOICECALL_INVALID_ARGUMENT},
        {"{\"url\":\"x\"}", "/url", VOICECALL_INVALID_ARGUMENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        voicecall_value *config = check_value(cases[i].config);
        voicecall_webhook *webhook = NULL;
        voicecall_error *error = NULL;
        CHECK_INT(voicecall_webhook_new(config, &webhook, &error), cases[i].status);
        CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), cases[i].field);
        CHECK(webhook == NULL);
        voicecall_error_free(error);
        voicecall_value_free(config);
    }
}

static void texts_that_are_not_utf8_are_refused_when_signing(void) {
    voicecall_value *headers = NULL;
    voicecall_error *error = NULL;
    CHECK_FAILS(voicecall_webhook_sign("\xff", "s", "u", NULL, 1, &headers, &error), VOICECALL_INVALID_ARGUMENT, "`app_key`");
    CHECK_FAILS(voicecall_webhook_sign("k", "\xff", "u", NULL, 1, &headers, &error), VOICECALL_INVALID_ARGUMENT, "`app_secret`");
    CHECK_FAILS(voicecall_webhook_sign("k", "s", "\xff", NULL, 1, &headers, &error), VOICECALL_INVALID_ARGUMENT, "`url`");
    CHECK_FAILS(voicecall_webhook_sign("k", "s", "u", "-", 1, &headers, &error), VOICECALL_INVALID_ARGUMENT, "`nonce`");
    CHECK(headers == NULL);
}

int main(void) {
    static const struct test tests[] = {
        {"a signed push is valid, and answered as stored or not", a_signed_push_is_valid_and_answered_as_stored_or_not},
        {"a refused push has no event and a reason", a_refused_push_has_no_event_and_a_reason},
        {"a nonce belongs to one body", a_nonce_belongs_to_one_body},
        {"an unreadable body is malformed and asked for again", an_unreadable_body_is_malformed_and_asked_for_again},
        {"a bad setting is named", a_bad_setting_is_named},
        {"texts that are not UTF-8 are refused when signing", texts_that_are_not_utf8_are_refused_when_signing},
    };
    return CHECK_RUN(tests);
}
