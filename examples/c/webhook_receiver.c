/*
 * A complete receiver of webhooks on libmicrohttpd: judges the signature, stores what came in a SQLite file, and only then
 * says yes, because the platform sends a CDR again only until it hears a yes. Status events are never sent again. What comes
 * twice is stored once.
 *
 * It listens on loopback, for a proxy in front of it that speaks HTTPS. Others may read the file meanwhile:
 *   sqlite3 -readonly FILE "SELECT session_id, state, talk_seconds FROM calls"
 *
 * Usage: webhook_receiver PORT FILE      (PORT 0: any free one; ends when standard input ends)
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it)
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>
#include <voicecall_calls.h>

enum { LARGEST_BODY = 1024 * 1024, MOST_HEADERS = 64 };

struct body { size_t length; char bytes[LARGEST_BODY]; };
struct headers { size_t count; const char *names[MOST_HEADERS], *values[MOST_HEADERS]; };

static enum MHD_Result add_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct headers *headers = user;
    (void)kind;
    if (headers->count == MOST_HEADERS) return MHD_NO;
    headers->names[headers->count] = name;
    headers->values[headers->count++] = value == NULL ? "" : value;
    return MHD_YES;
}

static enum MHD_Result receive(const voicecall_intake *intake, struct MHD_Connection *connection, const struct body *body)
{
    struct headers headers = { 0 };
    struct MHD_Response *response = NULL;
    voicecall_receipt *receipt = NULL;
    voicecall_event *event = NULL;
    voicecall_outcome outcome = { 0 };
    voicecall_error *error = NULL;
    enum MHD_Result sent = MHD_NO; /* Closes the connection, which is no yes either. */

    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    if (voicecall_intake_receive(intake, headers.names, headers.values, headers.count, body->bytes, body->length,
            VOICECALL_NOW, &receipt, &error) != VOICECALL_OK) goto cleanup;
    if (voicecall_outcome_read(receipt, &outcome, &error) != VOICECALL_OK) goto cleanup;
    if (voicecall_receipt_event(receipt, &event, &error) == VOICECALL_OK) {
        printf("%s: %s\n", voicecall_event_type(event), outcome.accepted > 0 ? "stored" : "known");
        fflush(stdout);
    }
    response = MHD_create_response_from_buffer(outcome.reply.body_length, (void *)outcome.reply.body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) goto cleanup;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, outcome.reply.content_type);
    sent = MHD_queue_response(connection, (unsigned)outcome.reply.status, response);

cleanup:
    if (error != NULL) fprintf(stderr, "not stored: %s\n", voicecall_error_message(error));
    if (response != NULL) MHD_destroy_response(response);
    voicecall_error_free(error);
    voicecall_outcome_free(&outcome);
    voicecall_event_free(event);
    voicecall_receipt_free(receipt);
    return sent;
}

/* Prints how many calls have a CDR in the store. */
static voicecall_status print_totals(const voicecall_intake *intake, voicecall_error **error)
{
    voicecall_value *totals = NULL;
    int64_t calls = 0;
    voicecall_status status = voicecall_intake_perform(intake, "totals", NULL, &totals, error);
    if (status == VOICECALL_OK) status = voicecall_value_get_integer(totals, "/totals/0/calls", &calls, error);
    if (status == VOICECALL_OK) printf("calls with a CDR: %lld\n", (long long)calls);
    voicecall_value_free(totals);
    return status;
}

/* libmicrohttpd calls this once for the headers, then for each piece of the body, then once more. */
static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *piece, size_t *length, void **state)
{
    struct body *body = *state;
    (void)url, (void)version;
    if (body == NULL) {
        *state = strcmp(method, "POST") == 0 ? calloc(1, sizeof *body) : NULL;
        return *state == NULL ? MHD_NO : MHD_YES;
    }
    if (*length == 0) return receive(user, connection, body);
    if (*length > LARGEST_BODY - body->length) return MHD_NO;
    memcpy(body->bytes + body->length, piece, *length);
    body->length += *length;
    *length = 0;
    return MHD_YES;
}

static void forget(void *user, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    (void)user, (void)connection, (void)how;
    free(*state);
}

int main(int argc, char **argv)
{
    const char *const urls[] = { getenv("VOICECALL_PUSH_URL") };
    const voicecall_application applications[] = {
        { .app_key = getenv("VOICECALL_APP_KEY"), .app_secret = getenv("VOICECALL_APP_SECRET") },
    };
    const voicecall_webhook_config webhook = {
        .urls = VOICECALL_ARRAY(urls),
        .applications = VOICECALL_ARRAY(applications),
        .policy = VOICECALL_POLICY_REQUIRE,
    };
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    voicecall_intake_config config = { 0 };
    voicecall_intake *intake = NULL;
    char store[4096];
    struct MHD_Daemon *daemon = NULL;
    voicecall_error *error = NULL;
    int result = EXIT_FAILURE;

    if (argc != 3) {
        fprintf(stderr, "usage: webhook_receiver PORT FILE\n");
        return 2;
    }
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    snprintf(store, sizeof store, "sqlite:%s", argv[2]);
    config.store = store;
    if (voicecall_intake_open(&config, &webhook, &intake, &error) != VOICECALL_OK) goto cleanup;
    daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, intake, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    if (daemon == NULL) goto cleanup;
    printf("listening on port %u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) continue;
    MHD_stop_daemon(daemon);
    daemon = NULL;
    if (print_totals(intake, &error) == VOICECALL_OK) result = EXIT_SUCCESS;

cleanup:
    if (result != EXIT_SUCCESS)
        fprintf(stderr, "webhook_receiver: %s\n", error == NULL ? "no server" : voicecall_error_message(error));
    if (daemon != NULL) MHD_stop_daemon(daemon);
    voicecall_intake_free(intake);
    voicecall_error_free(error);
    return result;
}
