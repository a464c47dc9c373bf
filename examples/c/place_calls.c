/*
 * Places one call of each kind: a notification that waits for a key, a callback that is recorded, a verification code; and
 * ends the callback again. With the real platform's address real phones ring, and each call costs money.
 *
 * It does not wait for what becomes of the calls: webhooks tell that, see webhook_receiver.c.
 *
 * Usage: place_calls CUSTOMER AGENT
 *   CUSTOMER, AGENT: telephone numbers, e.g. +8613800000021
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT (default: the real platform),
 *   VOICECALL_DISPLAY_NBR (a number that you ordered), VOICECALL_PUSH_URL (optional: where webhooks go)
 */
#include <stdio.h>
#include <stdlib.h>

#include <voicecall_calls.h>

/* Two things are played, and one key is waited for. */
static voicecall_status notify(
    const voicecall_client *client, const char *display, const char *customer, voicecall_error **error)
{
    const voicecall_play_content_info items[] = {
        { .notify_voice = "notifyvoice.wav" },
        { .template_id = "sandbox_pickup", .template_paras = VOICECALL_TEXTS("李先生", "2026/11/30", "18:00"),
          .collect_ind = VOICECALL_INT(1) },
    };
    const voicecall_voice_notification request = {
        .display_nbr = display,
        .callee_nbr = customer,
        .play_info_list = VOICECALL_ARRAY(items),
        .status_url = getenv("VOICECALL_PUSH_URL"), /* NULL: not set, the address in the console applies. */
        .fee_url = getenv("VOICECALL_PUSH_URL"),
        .user_data = "parcel-4711", /* Comes back in every webhook of the call. */
    };
    voicecall_placed_call call = { 0 };
    voicecall_status status = voicecall_create_voice_notification(client, &request, &call, error);
    if (status == VOICECALL_OK) printf("notification: session %s\n", call.session_id);
    voicecall_placed_call_free(&call);
    return status;
}

/* The platform calls the agent first, then the customer, and joins them. The example then changes its mind. */
static voicecall_status connect_and_end(
    const voicecall_client *client, const char *display, const char *agent, const char *customer, voicecall_error **error)
{
    const voicecall_voice_callback request = {
        .display_nbr = display,
        .caller_nbr = agent,
        .display_callee_nbr = display,
        .callee_nbr = customer,
        .max_duration = VOICECALL_INT(30),
        .record_flag = VOICECALL_YES,
        .return_idle_port = VOICECALL_YES,
        .status_url = getenv("VOICECALL_PUSH_URL"),
        .fee_url = getenv("VOICECALL_PUSH_URL"),
        .timeout_ms = 10000, /* For this call; the client's own limit otherwise. */
    };
    voicecall_placed_call call = { 0 };
    voicecall_status status = voicecall_create_voice_callback(client, &request, &call, error);
    if (status == VOICECALL_OK) {
        printf("callback: session %s\n", call.session_id);
        if (call.idle_port.is_set) printf("callback: the platform tells its idle ports\n");
        status = voicecall_terminate_call(client, call.session_id, error);
        if (status == VOICECALL_OK) printf("callback: ended\n");
    }
    voicecall_placed_call_free(&call);
    return status;
}

static voicecall_status read_out_code(
    const voicecall_client *client, const char *display, const char *customer, voicecall_error **error)
{
    const voicecall_voice_verification_code request = {
        .display_nbr = display,
        .callee_nbr = customer,
        .language_type = 2,
        .pre_tone = "pretone.wav",
        .verify_code = "20408",
        .times = VOICECALL_INT(2), /* Not set: 3 times. VOICECALL_INT(0): without end. */
        .status_url = getenv("VOICECALL_PUSH_URL"),
        .fee_url = getenv("VOICECALL_PUSH_URL"),
    };
    voicecall_placed_call call = { 0 };
    voicecall_status status = voicecall_create_voice_verification_code(client, &request, &call, error);
    if (status == VOICECALL_OK) printf("verification code: session %s\n", call.session_id);
    voicecall_placed_call_free(&call);
    return status;
}

int main(int argc, char **argv)
{
    /* On the real platform an application has one business type, so these would be three clients with three keys. */
    const voicecall_config config = {
        .app_key = getenv("VOICECALL_APP_KEY"),
        .app_secret = getenv("VOICECALL_APP_SECRET"),
        .endpoint = getenv("VOICECALL_ENDPOINT"),
    };
    const char *display = getenv("VOICECALL_DISPLAY_NBR");
    voicecall_client *client = NULL;
    voicecall_error *error = NULL;
    voicecall_status status = VOICECALL_OK;

    if (argc != 3) {
        fprintf(stderr, "usage: place_calls CUSTOMER AGENT\n");
        return 2;
    }
    if ((status = voicecall_client_open(&config, &client, &error)) != VOICECALL_OK) goto cleanup;
    if ((status = notify(client, display, argv[1], &error)) != VOICECALL_OK) goto cleanup;
    if ((status = connect_and_end(client, display, argv[2], argv[1], &error)) != VOICECALL_OK) goto cleanup;
    status = read_out_code(client, display, argv[1], &error);

cleanup:
    if (error != NULL)
        fprintf(stderr, "place_calls: %s\n%s\n", voicecall_error_message(error),
            voicecall_error_text(error, VOICECALL_ERROR_ADVICE, NULL));
    voicecall_error_free(error);
    voicecall_client_free(client);
    return status == VOICECALL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
