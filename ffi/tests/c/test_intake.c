/* An intake: what is answered, what is kept, and what can be asked of it. */
#define _XOPEN_SOURCE 700

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "given.h"
#include "voicecall_calls.h"

#define URL "https://push.example.com/fee"
#define NOW 1548299100 /* within the tolerance of the bodies' times */
#define BATCH \
    "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"session-0002\",\"icid\":\"CAE-2\"},{\"icid\":7}," \
    "{\"sessionId\":\"session-0003\",\"icid\":\"CAE-3\"}]}"

static char folder[] = "/tmp/voicecall-intake-XXXXXX";

/* The address of a store in the folder; lives until the next call. */
static const char *store_of(const char *name) {
    static char address[100];
    snprintf(address, sizeof address, "sqlite:%s/%s.db", folder, name);
    return address;
}

static voicecall_intake *given_intake(const char *name) {
    voicecall_intake_config config = {.store = store_of(name)};
    voicecall_intake *intake = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_intake_open(&config, NULL, &intake, &error));
    return intake;
}

static voicecall_receipt *receive(voicecall_intake *intake, const char *body) {
    voicecall_receipt *receipt = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_intake_receive(intake, NULL, NULL, 0, body, strlen(body), NOW, &receipt, &error));
    return receipt;
}

/* Receives a body and checks what became of it. */
static void check_received(voicecall_intake *intake, const char *body, int status, int accepted, int duplicates,
                           int conflicts, int rejected) {
    voicecall_receipt *receipt = receive(intake, body);
    voicecall_outcome outcome = {0};
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_outcome_read(receipt, &outcome, &error));
    CHECK_INT(outcome.reply.status, status);
    CHECK(outcome.reply.content_type != NULL);
    CHECK_INT(outcome.accepted, accepted);
    CHECK_INT(outcome.duplicates, duplicates);
    CHECK_INT(outcome.conflicts, conflicts);
    CHECK_INT(outcome.rejected, rejected);
    voicecall_outcome_free(&outcome);
    voicecall_receipt_free(receipt);
}

static voicecall_value *perform(voicecall_intake *intake, const char *action, const char *arguments) {
    voicecall_value *given = check_value(arguments), *answer = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_intake_perform(intake, action, given, &answer, &error));
    voicecall_value_free(given);
    return answer;
}

static void check_at(voicecall_value *value, const char *pointer, const char *json) {
    const char *printed = NULL;
    voicecall_value_print(value, pointer, &printed, NULL, NULL);
    CHECK_TEXT(printed, json);
}

static void check_refused(voicecall_intake *intake, const char *action, const char *arguments, const char *field) {
    voicecall_value *given = check_value(arguments), *answer = NULL;
    voicecall_error *error = NULL;
    CHECK_INT(voicecall_intake_perform(intake, action, given, &answer, &error), VOICECALL_INVALID_ARGUMENT);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), field);
    CHECK(answer == NULL);
    voicecall_error_free(error);
    voicecall_value_free(given);
}

static void what_comes_twice_is_known_also_after_reopening(void) {
    voicecall_intake *intake = given_intake("twice");
    check_received(intake, FEE_BODY, 200, 1, 0, 0, 0);
    check_received(intake, FEE_BODY, 200, 0, 1, 0, 0);
    voicecall_intake_free(intake);
    intake = given_intake("twice");
    check_received(intake, FEE_BODY, 200, 0, 1, 0, 0);
    voicecall_intake_free(intake);
}

static void a_bad_record_is_kept_beside_its_good_neighbours(void) {
    voicecall_intake *intake = given_intake("batch");
    voicecall_receipt *receipt = receive(intake, BATCH);
    voicecall_value *value = NULL;
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    const char *text = NULL;
    CHECK_OK(voicecall_receipt_value(receipt, &value, &error));
    check_at(value, "/reply/status", "200");
    check_at(value, "/accepted", "2");
    check_at(value, "/rejected", "1");
    check_at(value, "/new", "[0,1]");
    check_at(value, "/verdict/verdict", "\"not_checked\"");
    CHECK_OK(voicecall_receipt_event(receipt, &event, &error));
    CHECK(voicecall_receipt_is_new(receipt, 1) && !voicecall_receipt_is_new(receipt, 2));
    voicecall_receipt_free(receipt);
    voicecall_intake_free(intake);
    /* The event outlives both. */
    CHECK_OK(voicecall_event_get_text(event, 1, "sessionId", &text, NULL, &error));
    CHECK_TEXT(text, "session-0003");
    voicecall_event_free(event);
    voicecall_value_free(value);
}

static void a_body_that_is_no_push_is_kept_and_asked_for_once(void) {
    voicecall_intake *intake = given_intake("malformed");
    voicecall_receipt *receipt = receive(intake, "{\"eventType\":\"fee\",");
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    CHECK_FAILS(voicecall_receipt_event(receipt, &event, &error), VOICECALL_MALFORMED_WEBHOOK, NULL);
    CHECK(event == NULL);
    voicecall_receipt_free(receipt);
    check_received(intake, "no JSON", 400, 0, 0, 0, 1);
    check_received(intake, "no JSON", 200, 0, 0, 0, 1);
    voicecall_intake_free(intake);
}

static void a_refused_signature_is_told_and_answered_with_401(void) {
    const char *const urls[] = {URL};
    const voicecall_application applications[] = {{.app_key = APP_KEY, .app_secret = APP_SECRET}};
    voicecall_webhook_config webhook = {
        .urls = VOICECALL_ARRAY(urls), .applications = VOICECALL_ARRAY(applications), .policy = VOICECALL_POLICY_REQUIRE};
    voicecall_intake_config config = {.store = store_of("signed")};
    voicecall_intake *intake = NULL;
    voicecall_receipt *receipt = NULL;
    voicecall_value *headers = NULL;
    voicecall_error *error = NULL;
    const char *name = "x-aksk", *value = NULL;
    voicecall_outcome outcome = {0};
    CHECK_OK(voicecall_intake_open(&config, &webhook, &intake, &error));
    check_received(intake, FEE_BODY, 401, 0, 0, 0, 1);
    CHECK_OK(voicecall_webhook_sign(APP_KEY, APP_SECRET, URL, NULL, NOW, &headers, &error));
    CHECK_OK(voicecall_value_get_text(headers, "/X-AKSK", &value, NULL, &error));
    CHECK_OK(voicecall_intake_receive(intake, &name, &value, 1, FEE_BODY, strlen(FEE_BODY), NOW, &receipt, &error));
    CHECK_OK(voicecall_outcome_read(receipt, &outcome, &error));
    CHECK_TEXT(outcome.verdict, "valid");
    CHECK_INT(outcome.accepted, 1);
    voicecall_outcome_free(&outcome);
    voicecall_receipt_free(receipt);
    voicecall_value_free(headers);
    voicecall_intake_free(intake);
}

static void the_story_of_a_call_is_told(void) {
    voicecall_intake *intake = given_intake("story");
    voicecall_call_filter filter = {.number = "+8613800000022", .state = "billed"};
    voicecall_value *call = NULL, *page = NULL;
    voicecall_error *error = NULL;
    CHECK_ABSENT(voicecall_intake_call(intake, "session-0001", &call, &error));
    check_received(intake, STATUS_BODY, 200, 1, 0, 0, 0);
    CHECK_OK(voicecall_intake_call(intake, "session-0001", &call, &error));
    check_at(call, "/state", "\"ended\"");
    voicecall_value_free(call);
    check_received(intake, FEE_BODY, 200, 1, 0, 0, 0);
    CHECK_OK(voicecall_intake_call(intake, "session-0001", &call, &error));
    check_at(call, "/state", "\"billed\"");
    check_at(call, "/talk_seconds", "11");
    check_at(call, "/cdrs/0/icid", "\"CAE-1\"");
    CHECK_OK(voicecall_intake_calls(intake, &filter, &page, &error));
    check_at(page, "/calls/0/session_id", "\"session-0001\"");
    voicecall_value_free(page);
    filter.number = "+8613800000029";
    CHECK_OK(voicecall_intake_calls(intake, &filter, &page, &error));
    check_at(page, "/calls", "[]");
    voicecall_value_free(page);
    voicecall_value_free(call);
    voicecall_intake_free(intake);
}

/* Waits for the CDR of session-0001 on a thread of its own. */
struct waiting {
    voicecall_intake *intake;
    voicecall_status status;
    voicecall_value *call;
};

static void *wait_for_the_cdr(void *user) {
    struct waiting *waiting = user;
    waiting->status =
        voicecall_intake_wait_for(waiting->intake, "session-0001", "billed", 60000, &waiting->call, NULL);
    return NULL;
}

static void a_wait_ends_with_the_push_with_its_time_and_with_the_intake(void) {
    struct waiting waiting = {given_intake("wait"), VOICECALL_OK, NULL};
    voicecall_error *error = NULL;
    pthread_t thread;
    CHECK_ABSENT(voicecall_intake_wait_for(waiting.intake, "session-0001", "billed", 20, &waiting.call, &error));
    pthread_create(&thread, NULL, wait_for_the_cdr, &waiting);
    check_received(waiting.intake, FEE_BODY, 200, 1, 0, 0, 0);
    pthread_join(thread, NULL);
    CHECK_INT(waiting.status, VOICECALL_OK);
    check_at(waiting.call, "/state", "\"billed\"");
    voicecall_value_free(waiting.call);
    voicecall_intake_free(waiting.intake);
    waiting.intake = given_intake("closed");
    waiting.call = NULL;
    pthread_create(&thread, NULL, wait_for_the_cdr, &waiting);
    CHECK_OK(voicecall_intake_close(waiting.intake, &error));
    pthread_join(thread, NULL);
    CHECK_INT(waiting.status, VOICECALL_CLOSED);
    CHECK(waiting.call == NULL);
    CHECK_FAILS(voicecall_intake_call(waiting.intake, "session-0001", &waiting.call, &error), VOICECALL_CLOSED, NULL);
    voicecall_intake_free(waiting.intake);
}

static void an_attempt_is_recognised_by_its_tag(void) {
    voicecall_intake *intake = given_intake("attempt");
    voicecall_value *request = given_arguments(), *attempt = NULL, *call = NULL;
    voicecall_error *error = NULL;
    const char *tag = NULL, *user_data = NULL;
    char body[300];
    CHECK_OK(voicecall_value_set_text(request, "/userData", "order-7", 7, &error));
    CHECK_OK(voicecall_intake_attempt(intake, OPERATION, request, &attempt, &error));
    CHECK_OK(voicecall_value_get_text(attempt, "/attemptTag", &tag, NULL, &error));
    CHECK_OK(voicecall_value_get_text(attempt, "/request/userData", &user_data, NULL, &error));
    CHECK(strncmp(user_data, "order-7-", 8) == 0 && strcmp(user_data + 8, tag) == 0);
    snprintf(body, sizeof body,
             "{\"eventType\":\"callout\",\"statusInfo\":{\"sessionId\":\"session-0009\",\"timestamp\":\"2019-01-24 03:04:49\","
             "\"called\":\"+8613800000021\",\"userData\":\"%s\"}}", user_data);
    check_received(intake, body, 200, 1, 0, 0, 0);
    CHECK_OK(voicecall_intake_call(intake, "session-0009", &call, &error));
    check_at(call, "/user_data", "\"order-7\"");
    check_at(call, "/operation", "\"" OPERATION "\"");
    CHECK_OK(voicecall_intake_withdraw(intake, tag, &error));
    voicecall_value_free(call);
    voicecall_value_free(attempt);
    voicecall_value_free(request);
    voicecall_intake_free(intake);
}

static void a_placed_call_begins_its_story_and_is_unsettled_until_its_cdr(void) {
    voicecall_intake *intake = given_intake("placed");
    voicecall_value *request = given_arguments(), *call = NULL, *answer = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_intake_placed(intake, OPERATION, request, "session-0001", NULL, &error));
    CHECK_OK(voicecall_intake_call(intake, "session-0001", &call, &error));
    check_at(call, "/state", "\"placed\"");
    answer = perform(intake, "unsettled", "{}");
    check_at(answer, "/calls", "[]"); /* Not yet: it is younger than 7 hours. */
    voicecall_value_free(answer);
    voicecall_value_free(call);
    voicecall_value_free(request);
    voicecall_intake_free(intake);
}

/* Keeps what is exported; stops at the first piece when there is no room. */
struct exported {
    size_t length, room;
    char text[4000];
};

static int32_t keep(const char *bytes, size_t length, void *user) {
    struct exported *exported = user;
    if (length > exported->room - exported->length) return 1;
    memcpy(exported->text + exported->length, bytes, length);
    exported->length += length;
    return 0;
}

static void totals_and_exports_add_up_and_what_is_purged_is_gone(void) {
    voicecall_intake *intake = given_intake("sums");
    struct exported exported = {.room = sizeof exported.text - 1};
    voicecall_value *arguments = check_value("{\"format\":\"ndjson\",\"filter\":{\"from\":\"2019-01-24\"}}"), *answer;
    voicecall_value *other = check_value("{\"format\":\"xlsx\"}");
    voicecall_error *error = NULL;
    uint64_t records = 0;
    check_received(intake, FEE_BODY, 200, 1, 0, 0, 0);
    answer = perform(intake, "totals", "{\"by\":[\"month\"],\"pricePerMinute\":\"0.18\"}");
    check_at(answer, "/totals/0/month", "\"2019-01\"");
    check_at(answer, "/totals/0/calls", "1");
    check_at(answer, "/totals/0/price/amount", "\"0.36\"");
    check_at(answer, "/totals/0/price/currency", "\"CNY\"");
    voicecall_value_free(answer);
    CHECK_OK(voicecall_intake_export(intake, arguments, keep, &exported, &records, &error));
    CHECK_INT((int64_t)records, 1);
    CHECK(strstr(exported.text, "\"CAE-1\"") != NULL && exported.text[exported.length - 1] == '\n');
    exported.length = exported.room = 0;
    CHECK_FAILS(voicecall_intake_export(intake, arguments, keep, &exported, NULL, &error), VOICECALL_STORAGE, NULL);
    CHECK_NULL(voicecall_intake_export(intake, arguments, NULL, NULL, NULL, &error), "write");
    CHECK_FAILS(voicecall_intake_export(intake, other, keep, &exported, NULL, &error), VOICECALL_INVALID_ARGUMENT, "ndjson");
    answer = perform(intake, "purge", "{\"before\":1548288000}");
    check_at(answer, "/calls", "0");
    voicecall_value_free(answer);
    answer = perform(intake, "purge", "{\"before\":1548374400}");
    check_at(answer, "/calls", "1");
    voicecall_value_free(answer);
    CHECK_ABSENT(voicecall_intake_call(intake, "session-0001", &answer, &error));
    check_received(intake, FEE_BODY, 200, 1, 0, 0, 0);
    check_received(intake, "no push", 400, 0, 0, 0, 1);
    voicecall_value *rejected = perform(intake, "rejected", "{\"filter\":{\"class\":\"malformed\"}}");
    check_at(rejected, "/texts/0/raw", "\"no push\"");
    voicecall_value_free(rejected);
    voicecall_value_free(perform(intake, "check", "{}"));
    voicecall_value_free(perform(intake, "probe", "{}"));
    voicecall_value_free(other);
    voicecall_value_free(arguments);
    voicecall_intake_free(intake);
}

static void what_an_action_does_not_know_is_named(void) {
    voicecall_intake *intake = given_intake("refused");
    voicecall_value *answer = NULL;
    voicecall_error *error = NULL;
    check_refused(intake, "call", "{}", "/sessionId");
    check_refused(intake, "call", "{\"sessionId\":7}", "/sessionId");
    check_refused(intake, "call", "{\"sessionId\":\"s\",\"session\":1}", "/session");
    check_refused(intake, "wait_for", "{\"sessionId\":\"s\",\"condition\":\"soon\",\"timeoutMs\":1}", "/condition");
    check_refused(intake, "wait_for", "{\"sessionId\":\"s\",\"condition\":\"ended\",\"timeoutMs\":-1}", "/timeoutMs");
    check_refused(intake, "calls", "{\"filter\":{\"from\":\"24.01.2019\"}}", "/from");
    check_refused(intake, "calls", "{\"filter\":{\"size\":1}}", "/size");
    check_refused(intake, "totals", "{\"by\":[\"week\"]}", "/by");
    check_refused(intake, "totals", "{\"zone\":\"utc+1\"}", "/zone");
    check_refused(intake, "totals", "{\"currency\":\"CNY\"}", "/currency");
    check_refused(intake, "attempt", "{\"operation\":\"terminate_call\",\"request\":{}}", "/operation");
    check_refused(intake, "withdraw", "{\"attemptTag\":\"order-7\"}", "/attemptTag");
    CHECK_FAILS(voicecall_intake_perform(intake, "cals", NULL, &answer, &error), VOICECALL_INVALID_ARGUMENT, "wait_for");
    CHECK_NULL(voicecall_intake_perform(intake, NULL, NULL, &answer, &error), "action");
    CHECK_NULL(voicecall_intake_perform(intake, "calls", NULL, NULL, &error), "answer");
    CHECK_NULL(voicecall_intake_receive(intake, NULL, NULL, 0, NULL, 2, NOW, NULL, &error), "body");
    CHECK_NULL(voicecall_intake_receive(intake, NULL, NULL, 0, "{}", 2, NOW, NULL, &error), "receipt");
    CHECK_OK(voicecall_intake_perform(intake, "calls", NULL, &answer, &error));
    check_at(answer, "/calls", "[]");
    voicecall_value_free(answer);
    voicecall_intake_free(intake);
}

static void a_store_that_cannot_be_had_is_told(void) {
    static const struct {
        const char *config, *field;
        voicecall_status status;
    } cases[] = {
        {"{}", "/store", VOICECALL_CONFIGURATION},
        {"{\"store\":\"calls.db\"}", "/store", VOICECALL_CONFIGURATION},
        {"{\"store\":\"postgres://u:example-secret-0001@127.0.0.1:9/d\"}", "/store", VOICECALL_CONFIGURATION},
        {"{\"store\":7}", "/store", VOICECALL_INVALID_ARGUMENT},
        {"{\"store\":\"sqlite:/no/such/folder/calls.db\"}", NULL, VOICECALL_STORAGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        voicecall_value *config = check_value(cases[i].config);
        voicecall_intake *intake = NULL;
        voicecall_error *error = NULL;
        CHECK_INT(voicecall_intake_new(config, NULL, &intake, &error), cases[i].status);
        if (cases[i].field != NULL) CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), cases[i].field);
        CHECK(strstr(voicecall_error_message(error), "example-secret") == NULL && intake == NULL);
        voicecall_error_free(error);
        voicecall_value_free(config);
    }
}

/* Many threads deliver the same pushes to one intake. */
enum { THREADS = 8, PUSHES = 25 };

struct delivery {
    voicecall_intake *intake;
    int64_t accepted;
};

static void *deliver(void *user) {
    struct delivery *delivery = user;
    for (int i = 0; i < PUSHES; i++) {
        char body[120];
        voicecall_receipt *receipt = NULL;
        snprintf(body, sizeof body, "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"s-%d\",\"icid\":\"i-%d\"}]}", i, i);
        if (voicecall_intake_receive(delivery->intake, NULL, NULL, 0, body, strlen(body), NOW, &receipt, NULL) !=
            VOICECALL_OK)
            break;
        delivery->accepted += voicecall_receipt_is_new(receipt, 0);
        voicecall_receipt_free(receipt);
    }
    return NULL;
}

static void of_the_same_pushes_on_many_threads_each_is_new_once(void) {
    struct delivery work[THREADS];
    pthread_t threads[THREADS];
    voicecall_intake *intake = given_intake("threads");
    int64_t accepted = 0;
    for (int i = 0; i < THREADS; i++) {
        work[i].accepted = 0;
        work[i].intake = intake;
        pthread_create(&threads[i], NULL, deliver, &work[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        accepted += work[i].accepted;
    }
    CHECK_INT(accepted, PUSHES);
    voicecall_intake_free(intake);
}

int main(void) {
    static const struct test tests[] = {
        {"what comes twice is known, also after reopening", what_comes_twice_is_known_also_after_reopening},
        {"a bad record is kept beside its good neighbours", a_bad_record_is_kept_beside_its_good_neighbours},
        {"a body that is no push is kept, and asked for once", a_body_that_is_no_push_is_kept_and_asked_for_once},
        {"a refused signature is told, and answered with 401", a_refused_signature_is_told_and_answered_with_401},
        {"the story of a call is told", the_story_of_a_call_is_told},
        {"a wait ends with the push, with its time and with the intake",
         a_wait_ends_with_the_push_with_its_time_and_with_the_intake},
        {"an attempt is recognised by its tag", an_attempt_is_recognised_by_its_tag},
        {"a placed call begins its story, and is unsettled until its CDR",
         a_placed_call_begins_its_story_and_is_unsettled_until_its_cdr},
        {"totals and exports add up, and what is purged is gone", totals_and_exports_add_up_and_what_is_purged_is_gone},
        {"what an action does not know is named", what_an_action_does_not_know_is_named},
        {"a store that cannot be had is told", a_store_that_cannot_be_had_is_told},
        {"of the same pushes on many threads each is new once", of_the_same_pushes_on_many_threads_each_is_new_once},
    };
    char command[100];
    int result;
    if (mkdtemp(folder) == NULL) return 1;
    result = CHECK_RUN(tests);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 ? result : 1;
}
