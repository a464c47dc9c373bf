/*
 * A complete receiver of webhooks on libmicrohttpd: judges the signature, stores the body, and only then says yes, because
 * the platform sends a CDR again only until it hears a yes. Status events are never sent again.
 *
 * It listens on loopback, for a proxy in front of it that speaks HTTPS. It is not a database: it appends each body to a
 * file, and leaves it to others to read the same CDR twice without harm.
 *
 * Usage: webhook_receiver PORT FILE      (PORT 0: any free one; ends when standard input ends)
 * Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it)
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>
#include <voicecall_calls.h>

enum { LARGEST_BODY = 1024 * 1024, MOST_HEADERS = 64 };

struct receiver { voicecall_webhook *webhook; FILE *store; };
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

/* True when it is on the disk. */
static bool store(FILE *file, const voicecall_event *event)
{
    const char *json = NULL;
    if (voicecall_event_raw(event, VOICECALL_WHOLE_MESSAGE, &json, NULL, NULL) != VOICECALL_OK) return false;
    return fprintf(file, "%s\n", json) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
}

static enum MHD_Result receive(const struct receiver *receiver, struct MHD_Connection *connection, const struct body *body)
{
    struct headers headers = { 0 };
    struct MHD_Response *response = NULL;
    voicecall_received *received = NULL;
    voicecall_event *event = NULL;
    voicecall_reply reply = { 0 };
    voicecall_error *error = NULL;
    enum MHD_Result sent = MHD_NO; /* Closes the connection, which is no yes either. */
    bool stored = false;

    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    if (voicecall_webhook_receive(receiver->webhook, headers.names, headers.values, headers.count, body->bytes,
            body->length, VOICECALL_NOW, &received, &error) != VOICECALL_OK) goto cleanup;
    if (voicecall_received_event(received, &event, &error) == VOICECALL_OK) {
        stored = store(receiver->store, event);
        printf("%s: %s\n", voicecall_event_type(event), stored ? "stored" : "not stored");
        fflush(stdout);
    }
    if (voicecall_reply_read(received, stored, &reply, NULL) != VOICECALL_OK) goto cleanup;
    response = MHD_create_response_from_buffer(reply.body_length, (void *)reply.body, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) goto cleanup;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.content_type);
    sent = MHD_queue_response(connection, (unsigned)reply.status, response);

cleanup:
    if (error != NULL) fprintf(stderr, "refused: %s\n", voicecall_error_message(error));
    if (response != NULL) MHD_destroy_response(response);
    voicecall_error_free(error);
    voicecall_reply_free(&reply);
    voicecall_event_free(event);
    voicecall_received_free(received);
    return sent;
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
    const voicecall_webhook_config config = {
        .urls = VOICECALL_ARRAY(urls),
        .applications = VOICECALL_ARRAY(applications),
        .policy = VOICECALL_POLICY_REQUIRE,
    };
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct receiver receiver = { NULL, NULL };
    struct MHD_Daemon *daemon = NULL;
    voicecall_error *error = NULL;
    int result = EXIT_FAILURE;

    if (argc != 3) {
        fprintf(stderr, "usage: webhook_receiver PORT FILE\n");
        return 2;
    }
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    if (voicecall_webhook_open(&config, &receiver.webhook, &error) != VOICECALL_OK) goto cleanup;
    if ((receiver.store = fopen(argv[2], "ab")) == NULL) goto cleanup;
    daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, &receiver, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    if (daemon == NULL) goto cleanup;
    printf("listening on port %u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) continue;
    result = EXIT_SUCCESS;

cleanup:
    if (result != EXIT_SUCCESS)
        fprintf(stderr, "webhook_receiver: %s\n", error == NULL ? "no server or no file" : voicecall_error_message(error));
    if (daemon != NULL) MHD_stop_daemon(daemon);
    if (receiver.store != NULL) fclose(receiver.store);
    voicecall_webhook_free(receiver.webhook);
    voicecall_error_free(error);
    return result;
}
