/*
 * Reads the body of a webhook from a file, or from standard input, and prints what it says. Judges no signature: see
 * webhook_receiver.c for a server that does.
 *
 * Usage: read_webhook [FILE]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <voicecall_calls.h>

enum { LARGEST_BODY = 4 * 1024 * 1024 };

static void print_time(const char *name, voicecall_time at)
{
    time_t seconds = (time_t)at.unix_seconds;
    char text[32];
    if (at.text == NULL) return;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
    printf("  %s: %s\n", name, text);
}

static void print_text(const char *name, const char *text)
{
    if (text != NULL) printf("  %s: %s\n", name, text);
}

static void print_status(const voicecall_status_event *event)
{
    printf("%s of call %s\n", event->type == VOICECALL_EVENT_TYPE_DISCONNECT ? "end" : "event", event->session_id);
    print_time("at", event->timestamp);
    print_text("from", event->caller);
    print_text("to", event->called);
    print_text("keys", event->digit_info);
    if (event->state_code.is_set) printf("  state code: %lld\n", (long long)event->state_code.value);
    print_text("state", event->state_desc);
    print_text("user data", event->user_data);
}

/* What the record's fields say together (legs, minutes, the reason) is concluded by the library. */
static void print_cdr(const voicecall_event *event, size_t index, const voicecall_cdr *cdr)
{
    voicecall_value *summary = NULL;
    int64_t minutes = 0;
    const char *meaning = NULL;

    printf("record of call %s\n", cdr->session_id);
    print_time("called", cdr->call_out_start_time);
    print_time("answered", cdr->call_out_answer_time);
    print_time("ended", cdr->call_end_time);
    print_text("recording", cdr->record_object_name);
    print_text("user data", cdr->user_data);
    if (voicecall_event_summary(event, index, NULL, &summary, NULL) != VOICECALL_OK) goto cleanup;
    if (voicecall_value_get_integer(summary, "/billable_minutes", &minutes, NULL) == VOICECALL_OK)
        printf("  billable minutes: %lld\n", (long long)minutes);
    if (voicecall_value_get_text(summary, "/explanation/cause/meaning", &meaning, NULL, NULL) == VOICECALL_OK)
        printf("  why it ended: %s\n", meaning);

cleanup:
    voicecall_value_free(summary);
}

int main(int argc, char **argv)
{
    FILE *input = stdin;
    char *body = NULL;
    size_t length = 0, i;
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    voicecall_status_event status_event;
    voicecall_cdr cdr;
    int result = EXIT_FAILURE;

    if (argc > 1 && (input = fopen(argv[1], "rb")) == NULL) {
        perror(argv[1]);
        return result;
    }
    if ((body = malloc(LARGEST_BODY)) == NULL) goto cleanup;
    length = fread(body, 1, LARGEST_BODY, input);
    if (voicecall_event_parse(body, length, &event, &error) != VOICECALL_OK) goto cleanup;

    if (voicecall_status_event_read(event, &status_event, NULL) == VOICECALL_OK) print_status(&status_event);
    for (i = 0; voicecall_cdr_read(event, i, &cdr, NULL) == VOICECALL_OK; i++) print_cdr(event, i, &cdr);
    if (voicecall_event_kind(event) == VOICECALL_EVENT_UNKNOWN)
        printf("an event of the unknown type %s\n", voicecall_event_type(event));
    result = EXIT_SUCCESS;

cleanup:
    if (error != NULL) fprintf(stderr, "read_webhook: %s\n", voicecall_error_message(error));
    voicecall_error_free(error);
    voicecall_event_free(event);
    free(body);
    if (input != stdin) fclose(input);
    return result;
}
