/*
 * Meets an error of almost every kind on purpose, prints its kind, its delivery and its advice, and decides what to do
 * next. Only to be run against the local platform: `voicecall sandbox` refuses certain numbers with certain result codes.
 *
 * Usage: handle_errors
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT
 */
#include <stdio.h>
#include <stdlib.h>

#include <voicecall_calls.h>

/* What to do next: first by the delivery (may a phone be ringing?), then by the kind. */
static const char *next_step(const voicecall_error *error)
{
    if (voicecall_error_delivery(error) == VOICECALL_DELIVERY_UNKNOWN)
        return "wait for a webhook of this call, or ask the person; do not call again";
    switch (voicecall_error_status(error)) {
    case VOICECALL_INVALID_ARGUMENT: return "correct the field in the form";
    case VOICECALL_CONFIGURATION: return "stop, and show the setting to the operator";
    case VOICECALL_CONNECT:
    case VOICECALL_TLS:
    case VOICECALL_TIMEOUT:
    case VOICECALL_CONNECTION_LOST: return "nothing was sent: call again later";
    case VOICECALL_REJECTED: return "show the meaning of the result code";
    case VOICECALL_AUTHENTICATION: return "stop: repeating it locks this address out";
    case VOICECALL_THROTTLED: return "put the call into the queue of the next minute";
    case VOICECALL_PROTOCOL: return "ask who answers at this endpoint";
    case VOICECALL_CLOSED: return "go home, the program is ending";
    case VOICECALL_MALFORMED_WEBHOOK:
    case VOICECALL_SIGNATURE: return "send the reply that says no, and keep the body";
    case VOICECALL_STORAGE: return "make room on the disk";
    default: return "report it"; /* VOICECALL_INTERNAL, and kinds of later versions. */
    }
}

static void tell(const char *what, voicecall_error *error)
{
    const char *field = voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL);
    const char *result_code = voicecall_error_text(error, VOICECALL_ERROR_RESULT_CODE, NULL);
    printf("%s\n", what);
    printf("  kind: %s, delivery: %s, retry: %s\n", voicecall_status_name(voicecall_error_status(error)),
        voicecall_delivery_name(voicecall_error_delivery(error)), voicecall_retry_name(voicecall_error_retry(error)));
    if (field != NULL) printf("  field: %s\n", field);
    if (result_code != NULL) printf("  result code: %s\n", result_code);
    printf("  advice: %s\n", voicecall_error_text(error, VOICECALL_ERROR_ADVICE, NULL));
    printf("  next: %s\n", next_step(error));
    voicecall_error_free(error);
}

static void call(const char *what, const voicecall_config *config, const char *callee, bool closed)
{
    const voicecall_play_content_info items[] = { { .notify_voice = "notifyvoice.wav" } };
    const voicecall_voice_notification request = {
        .display_nbr = "+867550000088",
        .callee_nbr = callee,
        .play_info_list = VOICECALL_ARRAY(items),
    };
    voicecall_client *client = NULL;
    voicecall_placed_call placed = { 0 };
    voicecall_error *error = NULL;

    if (voicecall_client_open(config, &client, &error) != VOICECALL_OK) goto cleanup;
    if (closed) voicecall_client_close(client, NULL);
    if (voicecall_create_voice_notification(client, &request, &placed, &error) != VOICECALL_OK) goto cleanup;
    printf("%s\n  placed\n", what);

cleanup:
    if (error != NULL) tell(what, error);
    voicecall_placed_call_free(&placed);
    voicecall_client_free(client);
}

static void receive(const char *what, const char *body, size_t length, enum voicecall_policy policy)
{
    const char *const urls[] = { "https://push.example.com/fee" };
    const voicecall_application applications[] = { { .app_key = "key", .app_secret = "secret" } };
    const voicecall_webhook_config config = {
        .urls = VOICECALL_ARRAY(urls), .applications = VOICECALL_ARRAY(applications), .policy = policy
    };
    voicecall_webhook *webhook = NULL;
    voicecall_received *received = NULL;
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;

    if (voicecall_webhook_open(&config, &webhook, &error) != VOICECALL_OK) goto cleanup;
    if (voicecall_webhook_receive(webhook, NULL, NULL, 0, body, length, VOICECALL_NOW, &received, &error) != VOICECALL_OK)
        goto cleanup;
    voicecall_received_event(received, &event, &error);

cleanup:
    if (error != NULL) tell(what, error);
    voicecall_event_free(event);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
}

int main(void)
{
    const voicecall_config good = {
        .app_key = getenv("VOICECALL_APP_KEY"),
        .app_secret = getenv("VOICECALL_APP_SECRET"),
        .endpoint = getenv("VOICECALL_ENDPOINT"),
        .retries = VOICECALL_INT(0), /* Not set: 2, of what did not reach the platform. */
    };
    voicecall_config no_secret = good, wrong_secret = good, nobody_there = good;
    no_secret.app_secret = NULL;
    wrong_secret.app_secret = "not-the-secret";
    nobody_there.endpoint = "http://127.0.0.1:1";

    call("a number without its country code", &good, "13800000021", false);
    call("a client without a secret", &no_secret, "+8613800000021", false);
    call("nobody at the endpoint", &nobody_there, "+8613800000021", false);
    call("a callee on the black list", &good, "+8613801013004", false);
    call("a wrong secret", &wrong_secret, "+8613800000021", false);
    call("too many calls", &good, "+8613801013001", false);
    call("the platform itself timed out", &good, "+8613801023002", false);
    call("a client that was closed", &good, "+8613800000021", true);
    receive("a webhook cut short", "{\"eventType\":", 13, VOICECALL_POLICY_OFF);
    receive("a webhook without signature", "{\"eventType\":\"fee\",\"feeLst\":[]}", 31, VOICECALL_POLICY_REQUIRE);
    return EXIT_SUCCESS;
}
