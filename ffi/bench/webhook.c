/*
 * Time to read a push of 50 CDRs, and then every field of every record: in one call, and field by field.
 *
 * Prints one line a result: name, value, unit.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "voicecall.h"

enum { ROUNDS = 2000, RECORDS = 50, FIELDS = 26 };

/* The official callback example. */
static const char record[] =
    "{\"direction\":0,\"spId\":\"CaaS_Test_01\",\"appKey\":\"ka4k******YnEm2\",\"icid\":\"CAE-20190124110424-12019775\","
    "\"bindNum\":\"+8675512****78\",\"sessionId\":\"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com\","
    "\"callerNum\":\"+86138****0022\",\"calleeNum\":\"+86138****0021\",\"fwdDisplayNum\":\"+86138****0022\","
    "\"fwdDstNum\":\"+86138****7021\",\"fwdStartTime\":\"2019-01-24 03:04:31\",\"fwdAlertingTime\":\"2019-01-24 03:04:36\","
    "\"fwdAnswerTime\":\"2019-01-24 03:04:38\",\"callEndTime\":\"2019-01-24 03:04:49\",\"fwdUnaswRsn\":0,"
    "\"ulFailReason\":0,\"sipStatusCode\":0,\"callOutStartTime\":\"2019-01-24 03:04:24\","
    "\"callOutAlertingTime\":\"2019-01-24 03:04:27\",\"callOutAnswerTime\":\"2019-01-24 03:04:31\",\"callOutUnaswRsn\":0,"
    "\"recordFlag\":0,\"ttsPlayTimes\":0,\"ttsTransDuration\":0,\"serviceType\":\"002\","
    "\"hostName\":\"callenabler245.huaweicaas.com\"}";

static const char *const fields[FIELDS] = {
    "direction",     "spId",          "appKey",       "icid",          "bindNum",          "sessionId",
    "callerNum",     "calleeNum",     "fwdDisplayNum", "fwdDstNum",    "fwdStartTime",     "fwdAlertingTime",
    "fwdAnswerTime", "callEndTime",   "fwdUnaswRsn",  "ulFailReason",  "sipStatusCode",    "callOutStartTime",
    "callOutAlertingTime", "callOutAnswerTime", "callOutUnaswRsn", "recordFlag", "ttsPlayTimes", "ttsTransDuration",
    "serviceType",   "hostName",
};

static double smaller(double left, double right) {
    return left < right ? left : right;
}

int main(void) {
    static char body[sizeof record * RECORDS + 100];
    static const char *texts[RECORDS * FIELDS];
    static size_t lengths[RECORDS * FIELDS];
    static int64_t integers[RECORDS * FIELDS];
    double parse = 1e12, columns = 1e12, one_by_one = 1e12;
    char *end = body + sprintf(body, "{\"eventType\":\"fee\",\"feeLst\":[");
    for (int i = 0; i < RECORDS; i++) {
        end += sprintf(end, "%s%s", i > 0 ? "," : "", record);
    }
    end += sprintf(end, "]}");

    for (int round = 0; round < ROUNDS; round++) {
        voicecall_event *event = NULL;
        double start = cpu_us();
        must(voicecall_event_parse(body, (size_t)(end - body), &event, NULL) == VOICECALL_OK, "an event");
        double parsed = cpu_us();
        must(voicecall_event_read(event, 0, RECORDS, fields, FIELDS, texts, lengths, integers, NULL) == VOICECALL_OK, "fields");
        double read = cpu_us();
        for (size_t i = 0; i < RECORDS; i++) {
            for (size_t field = 0; field < FIELDS; field++) {
                must(voicecall_event_get_text(event, i, fields[field], texts, lengths, NULL) == VOICECALL_OK, "a field");
            }
        }
        double done = cpu_us();
        voicecall_event_free(event);
        parse = smaller(parse, parsed - start);
        columns = smaller(columns, read - parsed);
        one_by_one = smaller(one_by_one, done - read);
    }
    printf("event_parse %.1f us\n", parse);
    printf("event_read %.1f us\n", columns);
    printf("event_get %.1f us\n", one_by_one);
    return 0;
}
