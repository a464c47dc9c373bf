/* Events: what a push says, read in place. */
#include <stdlib.h>
#include <string.h>

#include "given.h"

static void a_status_event_is_read_field_by_field(void) {
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(STATUS_BODY);
    const char *text = NULL;
    size_t length = 0;
    int64_t integer = 0;
    CHECK_INT(voicecall_event_kind(event), VOICECALL_EVENT_STATUS);
    CHECK_TEXT(voicecall_event_type(event), "disconnect");
    CHECK_INT((int64_t)voicecall_event_record_count(event), 1);
    CHECK_OK(voicecall_event_get_text(event, 0, "sessionId", &text, &length, &error));
    CHECK_TEXT(text, "session-0001");
    CHECK_INT((int64_t)length, (int64_t)strlen("session-0001"));
    /* Escaped in the message, so not in place. */
    CHECK_OK(voicecall_event_get_text(event, 0, "userData", &text, &length, &error));
    CHECK_TEXT(text, "caf\xc3\xa9");
    CHECK_OK(voicecall_event_get_text(event, 0, "timestamp", &text, NULL, &error));
    CHECK_TEXT(text, "2019-01-24 03:04:49");
    CHECK_OK(voicecall_event_get_integer(event, 0, "timestamp", &integer, &error));
    CHECK_INT(integer, 1548299089);
    CHECK_OK(voicecall_event_get_integer(event, 0, "stateCode", &integer, &error));
    CHECK_INT(integer, 7002);
    CHECK_OK(voicecall_event_get_text(event, 0, "stateCode", &text, NULL, &error));
    CHECK_TEXT(text, "7002");
    voicecall_event_free(event);
}

static void what_is_not_there_is_absent_and_what_cannot_be_is_refused(void) {
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(STATUS_BODY);
    voicecall_value *value = NULL;
    const char *text = "before";
    int64_t integer = 77;
    CHECK_ABSENT(voicecall_event_get_text(event, 0, "digitInfo", &text, NULL, &error));
    CHECK_ABSENT(voicecall_event_get_text(event, 0, "partyType", &text, NULL, &error)); /* "" */
    CHECK_ABSENT(voicecall_event_get_text(event, 1, "sessionId", &text, NULL, &error));
    CHECK_ABSENT(voicecall_event_get_integer(event, SIZE_MAX, "stateCode", &integer, &error));
    CHECK_ABSENT(voicecall_event_value(event, 1, &value, &error));
    CHECK_ABSENT(voicecall_event_raw(event, 1, &text, NULL, &error));
    CHECK_ABSENT(voicecall_event_summary(event, 1, NULL, &value, &error));
    CHECK_FAILS(voicecall_event_get_text(event, 0, "session_id", &text, NULL, &error), VOICECALL_INVALID_ARGUMENT,
                "StatusEvent has no field");
    CHECK_FAILS(voicecall_event_get_text(event, 0, "\xff", &text, NULL, &error), VOICECALL_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(voicecall_event_get_integer(event, 0, "caller", &integer, &error), VOICECALL_INVALID_ARGUMENT, "holds text");
    CHECK_TEXT(text, "before");
    CHECK(integer == 77 && value == NULL);
    voicecall_event_free(event);
}

/* A push of `count` CDRs, of which number 1 has no readable time; the caller frees it. */
static char *batch(size_t count) {
    char *body = malloc(100 + count * 300), *end = body;
    end += sprintf(end, "{\"eventType\":\"fee\",\"feeLst\":[");
    for (size_t i = 0; i < count; i++) {
        /* Number 1 names no call. */
        end += sprintf(end, "%s{\"%s\":\"session-%zu\",\"callEndTime\":\"2019-01-24 03:04:49\",\"ulFailReason\":%zu}",
                       i > 0 ? "," : "", i == 1 ? "session" : "sessionId", i, i);
    }
    sprintf(end, "]}");
    return body;
}

static void many_records_are_read_in_one_call(void) {
    static const char *const fields[] = {"sessionId", "ulFailReason", "callEndTime", "icid"};
    enum { RECORDS = 40, FIELDS = 4 };
    voicecall_error *error = NULL;
    char *body = batch(RECORDS + 1), session[40];
    voicecall_event *event = given_event(body);
    const char *texts[RECORDS * FIELDS];
    size_t lengths[RECORDS * FIELDS];
    int64_t integers[RECORDS * FIELDS];
    CHECK_INT(voicecall_event_kind(event), VOICECALL_EVENT_FEE);
    CHECK_INT((int64_t)voicecall_event_record_count(event), RECORDS);
    CHECK_OK(voicecall_event_read(event, 0, RECORDS, fields, FIELDS, texts, lengths, integers, &error));
    for (size_t record = 0, cell = 0; record < RECORDS; record++, cell += FIELDS) {
        size_t number = record == 0 ? 0 : record + 1; /* number 1 was rejected */
        snprintf(session, sizeof session, "session-%zu", number);
        CHECK_TEXT(texts[cell], session);
        CHECK_INT((int64_t)lengths[cell], (int64_t)strlen(session));
        CHECK_INT(integers[cell], VOICECALL_NO_INTEGER);
        CHECK(texts[cell + 1] == NULL && lengths[cell + 1] == 0);
        CHECK_INT(integers[cell + 1], (int64_t)number);
        CHECK_TEXT(texts[cell + 2], "2019-01-24 03:04:49");
        CHECK_INT(integers[cell + 2], 1548299089);
        CHECK(texts[cell + 3] == NULL && lengths[cell + 3] == 0 && integers[cell + 3] == VOICECALL_NO_INTEGER);
    }
    /* A part of the records, a part of the arrays. */
    integers[1] = 77;
    CHECK_OK(voicecall_event_read(event, 38, 2, fields + 1, 1, NULL, NULL, integers, &error));
    CHECK(integers[0] == 39 && integers[1] == 40);
    CHECK_OK(voicecall_event_read(event, RECORDS, 0, fields, FIELDS, texts, NULL, NULL, &error));
    voicecall_event_free(event);
    free(body);
}

static void reading_beyond_the_records_or_fields_writes_nothing(void) {
    static const char *const fields[] = {"sessionId", "session_id"};
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(FEE_BODY);
    const char *texts[4] = {"before", NULL, NULL, NULL};
    CHECK_ABSENT(voicecall_event_read(event, 0, 2, fields, 1, texts, NULL, NULL, &error));
    CHECK_ABSENT(voicecall_event_read(event, 1, 1, fields, 1, texts, NULL, NULL, &error));
    CHECK_ABSENT(voicecall_event_read(event, SIZE_MAX, 2, fields, 1, texts, NULL, NULL, &error));
    CHECK_FAILS(voicecall_event_read(event, 0, 1, fields, 2, texts, NULL, NULL, &error), VOICECALL_INVALID_ARGUMENT,
                "Cdr has no field");
    CHECK_FAILS(voicecall_event_read(event, 0, 1, fields, SIZE_MAX / 4, texts, NULL, NULL, &error), VOICECALL_INVALID_ARGUMENT,
                "`fields`");
    CHECK_TEXT(texts[0], "before");
    voicecall_event_free(event);
}

static void rejected_records_are_kept_beside_their_neighbours(void) {
    voicecall_error *error = NULL;
    char *body = batch(3);
    voicecall_event *event = given_event(body);
    voicecall_value *rejected = NULL;
    const char *text = NULL;
    int64_t index = 0;
    size_t length = 0;
    CHECK_INT((int64_t)voicecall_event_record_count(event), 2);
    CHECK_OK(voicecall_event_rejected(event, &rejected, &error));
    CHECK_OK(voicecall_value_length(rejected, "", &length, &error));
    CHECK_INT((int64_t)length, 1);
    CHECK_OK(voicecall_value_get_integer(rejected, "/0/index", &index, &error));
    CHECK_INT(index, 1);
    CHECK_OK(voicecall_value_get_text(rejected, "/0/field", &text, NULL, &error));
    CHECK_TEXT(text, "/feeLst/1/sessionId");
    CHECK_OK(voicecall_value_get_text(rejected, "/0/raw", &text, NULL, &error));
    CHECK_TEXT(text, "{\"session\":\"session-1\",\"callEndTime\":\"2019-01-24 03:04:49\",\"ulFailReason\":1}");
    voicecall_value_free(rejected);
    voicecall_event_free(event);
    free(body);
}

static void a_record_is_a_value_with_its_undocumented_fields(void) {
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(FEE_BODY);
    voicecall_value *record = NULL, *whole = NULL;
    const char *text = NULL;
    size_t length = 0;
    int64_t integer = 0;
    CHECK_OK(voicecall_event_value(event, 0, &record, &error));
    CHECK_OK(voicecall_value_get_integer(record, "/voiceCheckType", &integer, &error));
    CHECK_INT(integer, 3);
    CHECK_OK(voicecall_value_get_integer(record, "/ulFailReason", &integer, &error)); /* came as "0" */
    CHECK_INT(integer, 0);
    CHECK_OK(voicecall_value_get_text(record, "/callEndTime", &text, NULL, &error));
    CHECK_TEXT(text, "2019-01-24T03:04:49Z");
    CHECK_OK(voicecall_event_value(event, VOICECALL_WHOLE_MESSAGE, &whole, &error));
    CHECK_OK(voicecall_value_get_text(whole, "/feeLst/0/sessionId", &text, NULL, &error));
    CHECK_TEXT(text, "session-0001");
    CHECK_OK(voicecall_event_raw(event, VOICECALL_WHOLE_MESSAGE, &text, &length, &error));
    CHECK_TEXT(text, FEE_BODY);
    CHECK_INT((int64_t)length, (int64_t)strlen(FEE_BODY));
    CHECK_OK(voicecall_event_raw(event, 0, &text, &length, &error));
    CHECK(text[0] == '{' && text[length - 1] == '}' && text[length] == '\0');
    voicecall_value_free(whole);
    voicecall_value_free(record);
    voicecall_event_free(event);
}

static void a_cdr_tells_its_legs_price_recording_and_cause(void) {
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(FEE_BODY);
    voicecall_value *summary = NULL;
    const char *text = NULL;
    int64_t integer = 0;
    bool flag = false;
    CHECK_OK(voicecall_event_summary(event, 0, "0.18", &summary, &error));
    CHECK_OK(voicecall_value_get_text(summary, "/scene", &text, NULL, &error));
    CHECK_TEXT(text, "callback");
    CHECK_OK(voicecall_value_get_flag(summary, "/answered", &flag, &error));
    CHECK(flag);
    CHECK_OK(voicecall_value_get_integer(summary, "/legs/1/talk_seconds", &integer, &error));
    CHECK_INT(integer, 11);
    CHECK_OK(voicecall_value_get_integer(summary, "/billable_minutes", &integer, &error));
    CHECK_INT(integer, 2);
    CHECK_OK(voicecall_value_get_text(summary, "/price/amount", &text, NULL, &error));
    CHECK_TEXT(text, "0.36");
    CHECK_OK(voicecall_value_get_text(summary, "/recording/fileName", &text, NULL, &error));
    CHECK_TEXT(text, "recording-0001.wav");
    CHECK_OK(voicecall_value_get_text(summary, "/explanation/cause/table", &text, NULL, &error));
    CHECK_TEXT(text, "release_point");
    voicecall_value_free(summary);
    CHECK_OK(voicecall_event_summary(event, 0, NULL, &summary, &error));
    CHECK_ABSENT(voicecall_value_get_text(summary, "/price/amount", &text, NULL, &error));
    voicecall_value_free(summary);
    summary = NULL;
    CHECK_FAILS(voicecall_event_summary(event, 0, "much", &summary, &error), VOICECALL_CONFIGURATION, "decimal");
    voicecall_event_free(event);

    event = given_event(STATUS_BODY);
    CHECK_OK(voicecall_event_summary(event, 0, NULL, &summary, &error));
    CHECK_OK(voicecall_value_get_integer(summary, "/explanation/cause/code", &integer, &error));
    CHECK_INT(integer, 7002);
    voicecall_value_free(summary);
    voicecall_event_free(event);
}

static void an_unknown_event_is_kept(void) {
    static const char body[] = "{\"eventType\":\"callin\",\"statusInfo\":{\"sessionId\":\"session-0001\"}}";
    voicecall_error *error = NULL;
    voicecall_event *event = given_event(body);
    voicecall_value *value = NULL;
    const char *text = NULL;
    CHECK_INT(voicecall_event_kind(event), VOICECALL_EVENT_UNKNOWN);
    CHECK_TEXT(voicecall_event_type(event), "callin");
    CHECK_INT((int64_t)voicecall_event_record_count(event), 0);
    CHECK_ABSENT(voicecall_event_get_text(event, 0, "sessionId", &text, NULL, &error));
    CHECK_OK(voicecall_event_raw(event, VOICECALL_WHOLE_MESSAGE, &text, NULL, &error));
    CHECK_TEXT(text, body);
    CHECK_OK(voicecall_event_rejected(event, &value, &error));
    voicecall_value_free(value);
    voicecall_event_free(event);
}

static void what_cannot_be_read_is_malformed(void) {
    voicecall_error *error = NULL;
    voicecall_event *event = NULL;
    size_t large = ((size_t)1 << 20) + 1;
    char *body = malloc(large);
    memset(body, 'x', large);
    CHECK_FAILS(voicecall_event_parse(body, large, &event, &error), VOICECALL_MALFORMED_WEBHOOK, "1048577 bytes");
    CHECK_FAILS(voicecall_event_parse("\xff", 1, &event, &error), VOICECALL_MALFORMED_WEBHOOK, "expected an object");
    CHECK_FAILS(voicecall_event_parse("{\0}", 3, &event, &error), VOICECALL_MALFORMED_WEBHOOK, NULL);
    CHECK(event == NULL);
    free(body);
}

int main(void) {
    static const struct test tests[] = {
        {"a status event is read field by field", a_status_event_is_read_field_by_field},
        {"what is not there is absent, and what cannot be is refused", what_is_not_there_is_absent_and_what_cannot_be_is_refused},
        {"many records are read in one call", many_records_are_read_in_one_call},
        {"reading beyond the records or fields writes nothing", reading_beyond_the_records_or_fields_writes_nothing},
        {"rejected records are kept beside their neighbours", rejected_records_are_kept_beside_their_neighbours},
        {"a record is a value with its undocumented fields", a_record_is_a_value_with_its_undocumented_fields},
        {"a CDR tells its legs, price, recording and cause", a_cdr_tells_its_legs_price_recording_and_cause},
        {"an unknown event is kept", an_unknown_event_is_kept},
        {"what cannot be read is malformed", what_cannot_be_read_is_malformed},
    };
    return CHECK_RUN(tests);
}
