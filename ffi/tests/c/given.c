#include "given.h"

#include <string.h>

const char STATUS_BODY[] =
    "{\"eventType\":\"disconnect\",\"statusInfo\":{\"sessionId\":\"session-0001\",\"timestamp\":\"2019-01-24 03:04:49\","
    "\"caller\":\"+8675500000001\",\"called\":\"+8613800000021\",\"stateCode\":7002,\"userData\":\"caf\\u00e9\","
    "\"partyType\":\"\"}}";

const char FEE_BODY[] =
    "{\"eventType\":\"fee\",\"feeLst\":[{\"direction\":0,\"spId\":\"example\",\"appKey\":\"ExampleAppKey0001\","
    "\"icid\":\"CAE-1\",\"bindNum\":\"+8675500000001\",\"sessionId\":\"session-0001\",\"callerNum\":\"+8675500000001\","
    "\"calleeNum\":\"+8613800000021\",\"fwdDisplayNum\":\"+8675500000002\",\"fwdDstNum\":\"+8613800000022\","
    "\"callOutAnswerTime\":\"2019-01-24 03:04:31\",\"fwdAnswerTime\":\"2019-01-24 03:04:38\","
    "\"callEndTime\":\"2019-01-24 03:04:49\",\"ulFailReason\":\"0\",\"recordFlag\":1,"
    "\"recordObjectName\":\"recording-0001.wav\",\"recordDomain\":\"ostor.example.com\",\"serviceType\":\"002\","
    "\"voiceCheckType\":3}]}";

voicecall_client *given_client(const char *endpoint) {
    voicecall_value *config = check_value("{\"appKey\":\"" APP_KEY "\",\"appSecret\":\"" APP_SECRET "\",\"timeoutMs\":60000}");
    voicecall_client *client = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_value_set_text(config, "/endpoint", endpoint, strlen(endpoint), &error));
    CHECK_OK(voicecall_client_new(config, &client, &error));
    voicecall_value_free(config);
    return client;
}

voicecall_value *given_arguments(void) {
    return check_value("{\"displayNbr\":\"+8675500000001\",\"calleeNbr\":\"+8613800000021\","
                       "\"playInfoList\":[{\"notifyVoice\":\"alarm.wav\"}]}");
}

voicecall_event *given_event(const char *body) {
    voicecall_event *event = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_event_parse(body, strlen(body), &event, &error));
    return event;
}
