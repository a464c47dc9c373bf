/*
 * Runs the language-neutral cases of core/tests/vectors through the C ABI: vectors DIRECTORY. The format is described
 * beside the cases; the library's own values read them.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* What a case gave: exactly one of both. The runner frees them. */
struct outcome {
    voicecall_value *value;
    voicecall_error *error;
};

static const char *folder;

/* An empty value to fill. */
static voicecall_value *object(void) {
    return check_value("{}");
}

static void put_text(voicecall_value *value, const char *pointer, const char *text) {
    voicecall_error *error = NULL;
    if (text != NULL) {
        CHECK_OK(voicecall_value_set_text(value, pointer, text, VOICECALL_NUL_TERMINATED, &error));
    }
}

/* Puts what is at `from` to `pointer`; nothing when nothing is there. */
static void put(voicecall_value *value, const char *pointer, struct place from) {
    voicecall_error *error = NULL;
    if (type_at(from) != 0) {
        CHECK_OK(voicecall_value_set_json(value, pointer, shown(from), VOICECALL_NUL_TERMINATED, &error));
    }
}

/* Wraps a value as {name: value} and frees it. */
static voicecall_value *wrapped(const char *pointer, voicecall_value *value) {
    voicecall_value *outer = object();
    put(outer, pointer, root_of(value));
    voicecall_value_free(value);
    return outer;
}

/* The body of a case: as text, as Base64, or as a repetition. The caller frees it. */
static char *body_of(struct place given, size_t *length) {
    struct place repeat = member(given, "body_repeat");
    const char *text = text_and_length_at(member(given, "body"), length);
    if (text != NULL) {
        char *copy = malloc(*length + 1);
        memcpy(copy, text, *length + 1);
        return copy;
    }
    if (type_at(repeat) == 0) {
        return from_base64(text_at(member(given, "body_base64")), length);
    }
    const char *part = text_at(member(repeat, "repeat"));
    size_t count = (size_t)integer_at(member(repeat, "count"), 0), size = strlen(part);
    const char *prefix = text_at(member(repeat, "prefix")), *suffix = text_at(member(repeat, "suffix"));
    char *body = malloc(strlen(prefix) + size * count + strlen(suffix) + 1);
    char *end = body + sprintf(body, "%s", prefix);
    for (size_t i = 0; i < count; i++, end += size) {
        memcpy(end, part, size);
    }
    *length = (size_t)(end - body) + (size_t)sprintf(end, "%s", suffix);
    return body;
}

static struct outcome run_request(struct place given) {
    struct outcome outcome = {NULL, NULL};
    voicecall_value *config = object(), *arguments = copy_of(member(given, "arguments"));
    struct place settings = member(given, "config");
    put_text(config, "/appKey", text_at(member(settings, "app_key")));
    put_text(config, "/appSecret", text_at(member(settings, "app_secret")));
    put_text(config, "/endpoint", text_at(member(settings, "endpoint")));
    put_text(config, "/createdZone", text_at(member(settings, "created_zone")));
    put_text(config, "/validation", text_at(member(given, "validation")));
    voicecall_request_sign(config, text_at(member(given, "operation")), arguments, text_at(member(given, "nonce")),
                           integer_at(member(given, "time"), 0), &outcome.value, &outcome.error);
    voicecall_value_free(arguments);
    voicecall_value_free(config);
    return outcome;
}

static struct outcome run_response(struct place given) {
    struct outcome outcome = {NULL, NULL};
    struct place headers = member(given, "headers");
    const char *location = NULL, *name;
    size_t length = 0;
    char *body = body_of(given, &length);
    for (size_t i = 0; (name = key_at(headers, i)) != NULL; i++) {
        if (strcmp(name, "Location") == 0 || strcmp(name, "location") == 0 || strcmp(name, "LOCATION") == 0) {
            location = text_at(member(headers, name));
        }
    }
    voicecall_response_read(text_at(member(given, "operation")), (int32_t)integer_at(member(given, "http_status"), 0), location,
                            body, length, &outcome.value, &outcome.error);
    if (outcome.value != NULL) {
        outcome.value = wrapped("/value", outcome.value);
    }
    free(body);
    return outcome;
}

/* Counts only, for batches that are too long to print. */
static voicecall_value *counts(voicecall_event *event) {
    voicecall_value *value = object(), *rejected = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_event_rejected(event, &rejected, &error));
    CHECK_OK(voicecall_value_set_integer(value, "/counts/feeLst", (int64_t)voicecall_event_record_count(event), &error));
    CHECK_OK(voicecall_value_set_integer(value, "/counts/rejected", (int64_t)length_at(root_of(rejected)), &error));
    voicecall_value_free(rejected);
    return value;
}

/* The event as the cases write it: the reason of a rejected record is English text, which is left to the library. */
static voicecall_value *whole(voicecall_event *event) {
    voicecall_value *value = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_event_value(event, VOICECALL_WHOLE_MESSAGE, &value, &error));
    size_t count = length_at(member(root_of(value), "rejected"));
    for (size_t i = 0; i < count; i++) {
        struct place reason = member(item(member(root_of(value), "rejected"), i), "reason");
        CHECK_OK(voicecall_value_remove(value, reason.pointer, &error));
    }
    return wrapped("/event", value);
}

static struct outcome run_webhook(struct place given) {
    struct outcome outcome = {NULL, NULL};
    size_t length = 0;
    char *body = body_of(given, &length);
    voicecall_event *event = NULL;
    if (voicecall_event_parse(body, length, &event, &outcome.error) == VOICECALL_OK) {
        bool counted = type_at(member(given, "body_repeat")) != 0 && voicecall_event_kind(event) == VOICECALL_EVENT_FEE;
        outcome.value = counted ? counts(event) : whole(event);
    }
    voicecall_event_free(event);
    free(body);
    return outcome;
}

static struct outcome run_cdr(struct place given) {
    static const char *const compared[] = {"scene", "answered", "legs", "billable_minutes"};
    /* Attributes of a leg that the vectors leave out. */
    static const char *const untold[] = {"display_number", "calling_at",       "ringing_at",
                                         "answered_at",    "ended_at",         "unanswered_reason"};
    struct outcome outcome = {NULL, NULL};
    voicecall_value *push = check_value("{\"eventType\":\"fee\"}"), *summary = NULL;
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    const char *body = NULL;
    char code[24];
    put(push, "/feeLst/0", member(given, "record"));
    body = shown(root_of(push));
    CHECK_OK(voicecall_event_parse(body, strlen(body), &event, &error));
    CHECK_OK(voicecall_event_summary(event, 0, text_at(member(given, "tariff")), &summary, &error));
    outcome.value = object();
    for (size_t i = 0; i < sizeof compared / sizeof compared[0]; i++) {
        put(outcome.value, member(root_of(outcome.value), compared[i]).pointer, member(root_of(summary), compared[i]));
    }
    for (size_t i = 0; i < length_at(member(root_of(summary), "legs")); i++) {
        for (size_t j = 0; j < sizeof untold / sizeof untold[0]; j++) {
            struct place other = member(item(member(root_of(outcome.value), "legs"), i), untold[j]);
            voicecall_value_remove(outcome.value, other.pointer, NULL);
        }
    }
    put(outcome.value, "/price", member(member(root_of(summary), "price"), "amount"));
    struct place cause = member(member(root_of(summary), "explanation"), "cause");
    if (type_at(cause) != 0) {
        put(outcome.value, "/explanation/table", member(cause, "table"));
        put(outcome.value, "/explanation/meaning", member(cause, "meaning"));
        snprintf(code, sizeof code, "%lld", (long long)integer_at(member(cause, "code"), -1));
        put_text(outcome.value, "/explanation/code", code);
    }
    voicecall_value_free(summary);
    voicecall_event_free(event);
    voicecall_value_free(push);
    return outcome;
}

/* The secrets of an application: a text, or a list of texts. */
static size_t secret_count(struct place secrets) {
    return type_at(secrets) == VOICECALL_TYPE_LIST ? length_at(secrets) : 1;
}

static const char *secret_at(struct place secrets, size_t index) {
    return text_at(type_at(secrets) == VOICECALL_TYPE_LIST ? item(secrets, index) : secrets);
}

static voicecall_webhook *receiver(struct place given) {
    voicecall_value *config = check_value("{\"applications\":[],\"urls\":[]}");
    struct place applications = member(given, "applications");
    voicecall_webhook *webhook = NULL;
    voicecall_error *error = NULL;
    const char *key;
    char pointer[60];
    put_text(config, "/policy", text_at(member(given, "policy")));
    put(config, "/urls", member(given, "urls"));
    size_t count = 0;
    for (size_t i = 0; (key = key_at(applications, i)) != NULL; i++) {
        struct place secrets = member(applications, key);
        for (size_t j = 0; j < secret_count(secrets); j++) {
            snprintf(pointer, sizeof pointer, "/applications/%zu/appKey", count);
            put_text(config, pointer, key);
            snprintf(pointer, sizeof pointer, "/applications/%zu/appSecret", count);
            put_text(config, pointer, secret_at(secrets, j));
            count++;
        }
    }
    if (type_at(member(given, "tolerance_s")) != 0) {
        CHECK_OK(voicecall_value_set_integer(config, "/toleranceMs", 1000 * integer_at(member(given, "tolerance_s"), 0), &error));
    }
    if (type_at(member(given, "cdr_tolerance_s")) != 0) {
        CHECK_OK(voicecall_value_set_integer(config, "/cdrToleranceMs", 1000 * integer_at(member(given, "cdr_tolerance_s"), 0),
                                             &error));
    }
    CHECK_OK(voicecall_webhook_new(config, &webhook, &error));
    voicecall_value_free(config);
    return webhook;
}

/* Receives a push with these headers (an object), or the same with a blank behind its body. */
static voicecall_received *receive(voicecall_webhook *webhook, struct place headers, struct place given, bool other_body) {
    static const char fee[] = "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"1\"}]} ";
    static const char status[] = "{\"eventType\":\"callout\",\"statusInfo\":{\"sessionId\":\"1\"}} ";
    const char *body = strcmp(text_at(member(given, "event")), "fee") == 0 ? fee : status;
    const char *names[16], *values[16];
    voicecall_received *received = NULL;
    voicecall_error *error = NULL;
    size_t count = 0;
    while (count < 16 && (names[count] = key_at(headers, count)) != NULL) {
        values[count] = text_at(member(headers, names[count]));
        count++;
    }
    CHECK_OK(voicecall_webhook_receive(webhook, names, values, count, body, strlen(body) - (other_body ? 0 : 1), integer_at(member(given, "now"), 0),
                                       &received, &error));
    return received;
}

/* Presents a push of the first application with a nonce that is to be known already. */
static void present(voicecall_webhook *webhook, struct place given, const char *nonce, bool other_body) {
    struct place applications = member(given, "applications");
    const char *key = key_at(applications, 0);
    voicecall_value *headers = NULL, *verdict = NULL;
    voicecall_received *received = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_webhook_sign(key, secret_at(member(applications, key), 0), text_at(item(member(given, "urls"), 0)), nonce,
                                    integer_at(member(given, "now"), 0), &headers, &error));
    received = receive(webhook, root_of(headers), given, other_body);
    CHECK_OK(voicecall_received_verdict(received, &verdict, &error));
    CHECK_TEXT(text_at(member(root_of(verdict), "verdict")), "valid");
    voicecall_value_free(verdict);
    voicecall_received_free(received);
    voicecall_value_free(headers);
}

static struct outcome run_signature(struct place given) {
    static const char *const compared[] = {"verdict", "form", "url", "secret_index", "repeated", "reason", "hint"};
    struct outcome outcome = {object(), NULL};
    voicecall_webhook *webhook = receiver(given);
    voicecall_value *verdict = NULL, *reply = NULL;
    voicecall_error *error = NULL;
    for (size_t i = 0; i < length_at(member(given, "seen_nonces")); i++) {
        present(webhook, given, text_at(item(member(given, "seen_nonces"), i)), true);
    }
    for (size_t i = 0; i < length_at(member(given, "seen_pushes")); i++) {
        present(webhook, given, text_at(item(member(given, "seen_pushes"), i)), false);
    }
    voicecall_received *received = receive(webhook, member(given, "headers"), given, false);
    CHECK_OK(voicecall_received_verdict(received, &verdict, &error));
    CHECK_OK(voicecall_received_reply(received, true, &reply, &error));
    for (size_t i = 0; i < sizeof compared / sizeof compared[0]; i++) {
        put(outcome.value, member(root_of(outcome.value), compared[i]).pointer, member(root_of(verdict), compared[i]));
    }
    put(outcome.value, "/reply_status", member(root_of(reply), "status"));
    voicecall_value_free(reply);
    voicecall_value_free(verdict);
    voicecall_received_free(received);
    voicecall_webhook_free(webhook);
    return outcome;
}

/* The text between two others. */
static void put_part(voicecall_value *value, const char *pointer, const char *text, const char *before) {
    voicecall_error *error = NULL;
    const char *start = strstr(text, before);
    CHECK(start != NULL);
    if (start != NULL) {
        start += strlen(before);
        CHECK_OK(voicecall_value_set_text(value, pointer, start, strcspn(start, "\""), &error));
    }
}

/* The header of a signed request tells its digest and time. */
static struct outcome run_signing(struct place given) {
    struct outcome outcome = {object(), NULL};
    voicecall_value *config = object(), *request = NULL;
    voicecall_value *arguments = check_value("{\"sessionid\":\"session-0001\"}");
    voicecall_error *error = NULL;
    put_text(config, "/appKey", text_at(member(given, "app_key")));
    put_text(config, "/appSecret", text_at(member(given, "secret")));
    put_text(config, "/createdZone", text_at(member(given, "zone")));
    CHECK_OK(voicecall_request_sign(config, "terminate_call", arguments, text_at(member(given, "nonce")),
                                    integer_at(member(given, "time"), -1), &request, &error));
    const char *header = text_at(member(member(root_of(request), "headers"), "x-aksk"));
    if (header != NULL) {
        put_text(outcome.value, "/x_aksk", header);
        put_part(outcome.value, "/digest", header, "PasswordDigest=\"");
        put_part(outcome.value, "/created", header, "Created=\"");
    }
    voicecall_value_free(request);
    voicecall_value_free(arguments);
    voicecall_value_free(config);
    return outcome;
}

static struct outcome run_code(struct place given) {
    static const char *const compared[] = {"known", "meaning", "advice", "retry", "outdated"};
    struct outcome outcome = {object(), NULL};
    voicecall_value *row = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_code_find(text_at(member(given, "table")), text_at(member(given, "code")),
                                 (int32_t)integer_at(member(given, "http_status"), 0), text_at(member(given, "text")), &row,
                                 &error));
    for (size_t i = 0; i < sizeof compared / sizeof compared[0]; i++) {
        put(outcome.value, member(root_of(outcome.value), compared[i]).pointer, member(root_of(row), compared[i]));
    }
    voicecall_value_free(row);
    return outcome;
}

/* An expected error names the attributes to look at; null: must be absent. */
static bool error_as_expected(struct place expected, voicecall_error *got) {
    voicecall_value *attributes = NULL;
    voicecall_error *error = NULL;
    const char *name;
    bool agrees = true;
    CHECK_OK(voicecall_error_value(got, &attributes, &error));
    for (size_t i = 0; (name = key_at(expected, i)) != NULL; i++) {
        struct place actual = member(root_of(attributes), name), wanted = member(expected, name);
        bool absent = type_at(actual) == 0;
        agrees = agrees && (type_at(wanted) == VOICECALL_TYPE_NULL ? absent : equal(actual, wanted));
    }
    voicecall_value_free(attributes);
    return agrees;
}

static void check_case(struct place vector, struct outcome (*run)(struct place)) {
    struct place expected = member(vector, "expected"), wanted_error = member(expected, "error");
    struct outcome got = run(member(vector, "given"));
    bool wants_error = type_at(wanted_error) != 0;
    bool agrees = false;
    if (wants_error && got.error != NULL) {
        agrees = error_as_expected(wanted_error, got.error);
    } else if (!wants_error && got.value != NULL) {
        agrees = equal(root_of(got.value), expected);
    }
    if (!CHECK(agrees)) {
        printf("    %s: expected %s\n", text_at(member(vector, "id")), shown(expected));
        printf("    got %s%s\n", got.value != NULL ? shown(root_of(got.value)) : "error ", voicecall_error_message(got.error));
    }
    voicecall_value_free(got.value);
    voicecall_error_free(got.error);
}

static void check_envelope(struct place vector, const char *kind) {
    static const char *const keys[] = {"id", "kind", "contract", "given", "expected"};
    for (size_t i = 0; i < 5; i++) {
        CHECK_TEXT(key_at(vector, i), keys[i]);
    }
    CHECK_TEXT(key_at(vector, 5), NULL);
    CHECK_TEXT(text_at(member(vector, "kind")), kind);
}

/* The number of cases that the README's table tells for a file. */
static long promised(const char *file) {
    char path[600], row[60];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/README.md", folder);
    snprintf(row, sizeof row, "| `%s` |", file);
    char *table = read_file(path, &length), *found = strstr(table, row);
    long count = -1;
    if (found != NULL) {
        found = strchr(found + strlen(row), '|');
        count = found != NULL ? strtol(found + 1, NULL, 10) : -1;
    }
    free(table);
    return count;
}

static void run_file(const char *file, const char *kind, struct outcome (*run)(struct place)) {
    char path[600];
    size_t length = 0;
    voicecall_value *cases = NULL;
    voicecall_error *error = NULL;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    char *text = read_file(path, &length);
    CHECK_OK(voicecall_value_parse(text, length, &cases, &error));
    size_t count = length_at(root_of(cases));
    CHECK_INT((int64_t)count, promised(file));
    for (size_t i = 0; i < count; i++) {
        check_envelope(item(root_of(cases), i), kind);
        check_case(item(root_of(cases), i), run);
    }
    printf("       %s: %zu cases\n", file, count);
    voicecall_value_free(cases);
    free(text);
}

static void requests(void) { run_file("requests.json", "request", run_request); }
static void responses(void) { run_file("responses.json", "response", run_response); }
static void webhooks(void) { run_file("webhooks.json", "webhook", run_webhook); }
static void cdrs(void) { run_file("cdrs.json", "cdr", run_cdr); }
static void signatures(void) { run_file("signatures.json", "signature", run_signature); }
static void signing(void) { run_file("signing.json", "signing", run_signing); }
static void codes(void) { run_file("codes.json", "code", run_code); }

int main(int count, char **arguments) {
    static const struct test tests[] = {
        {"every request vector holds", requests},   {"every response vector holds", responses},
        {"every webhook vector holds", webhooks},   {"every CDR vector holds", cdrs},
        {"every signature vector holds", signatures}, {"every signing vector holds", signing},
        {"every code vector holds", codes},
    };
    if (count != 2) {
        fprintf(stderr, "usage: vectors DIRECTORY\n");
        return 2;
    }
    folder = arguments[1];
    return CHECK_RUN(tests);
}
