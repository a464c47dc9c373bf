/* The library about itself: versions, names of numbers, code tables, and errors. */
#include <string.h>

#include "check.h"

static void the_header_and_the_library_are_of_one_version(void) {
    char text[64];
    CHECK_TEXT(voicecall_version(), VOICECALL_VERSION);
    CHECK_INT(voicecall_abi_version(), VOICECALL_ABI_VERSION);
    snprintf(text, sizeof text, "%d.%d.%d", VOICECALL_VERSION_MAJOR, VOICECALL_VERSION_MINOR, VOICECALL_VERSION_PATCH);
    CHECK(strncmp(text, VOICECALL_VERSION, strlen(text)) == 0);
    CHECK_INT(VOICECALL_VERSION_NUMBER,
              VOICECALL_VERSION_MAJOR * 65536 + VOICECALL_VERSION_MINOR * 256 + VOICECALL_VERSION_PATCH);
}

static void every_number_has_a_name_and_an_unknown_one_too(void) {
    CHECK_TEXT(voicecall_status_name(VOICECALL_OK), "ok");
    CHECK_TEXT(voicecall_status_name(VOICECALL_ABSENT), "absent");
    CHECK_TEXT(voicecall_status_name(VOICECALL_INVALID_ARGUMENT), "invalid_argument");
    CHECK_TEXT(voicecall_status_name(VOICECALL_INTERNAL), "internal");
    CHECK_TEXT(voicecall_delivery_name(VOICECALL_DELIVERY_NOT_SENT), "not_sent");
    CHECK_TEXT(voicecall_delivery_name(VOICECALL_DELIVERY_ANSWERED), "answered");
    CHECK_TEXT(voicecall_delivery_name(VOICECALL_DELIVERY_UNKNOWN), "unknown");
    CHECK_TEXT(voicecall_retry_name(VOICECALL_RETRY_NEVER), "never");
    CHECK_TEXT(voicecall_retry_name(VOICECALL_RETRY_LATER), "later");
    CHECK_TEXT(voicecall_retry_name(VOICECALL_RETRY_AFTER_FIX), "after_fix");
    CHECK_TEXT(voicecall_status_name(7), "unexpected");
    CHECK_TEXT(voicecall_delivery_name(0), "unexpected");
    CHECK_TEXT(voicecall_retry_name(-1), "unexpected");
}

static void a_code_has_its_meaning_and_an_unknown_code_is_a_value(void) {
    voicecall_error *error = NULL;
    voicecall_value *row = NULL;
    const char *text = NULL;
    bool known = false;
    CHECK_OK(voicecall_code_find("state", "7002", 0, NULL, &row, &error));
    CHECK_OK(voicecall_value_get_flag(row, "/known", &known, &error));
    CHECK(known);
    CHECK_OK(voicecall_value_get_text(row, "/meaning", &text, NULL, &error));
    CHECK(text != NULL && text[0] != '\0');
    voicecall_value_free(row);

    CHECK_OK(voicecall_code_find("result", "424242", 200, "text", &row, &error));
    CHECK_OK(voicecall_value_get_flag(row, "/known", &known, &error));
    CHECK(!known);
    CHECK_ABSENT(voicecall_value_get_text(row, "/meaning", &text, NULL, &error));
    CHECK_OK(voicecall_value_get_text(row, "/retry", &text, NULL, &error));
    CHECK_TEXT(text, "never");
    voicecall_value_free(row);

    CHECK_FAILS(voicecall_code_find("colour", "1", 0, NULL, &row, &error), VOICECALL_INVALID_ARGUMENT, "release_point");
}

/* An error about an argument, as a client makes it. */
static voicecall_error *broken_rule(void) {
    voicecall_error *error = NULL;
    voicecall_value *config = check_value("{\"appKey\":\"k\",\"appSecret\":\"s\"}");
    voicecall_value *arguments = check_value("{\"displayNbr\":\"+8675500000001\",\"calleeNbr\":\"+8613800000021\","
                                             "\"playInfoList\":[{\"templateId\":\"t\",\"templateParas\":["
                                             "\"123456789012345678901234567890123\"]}]}");
    voicecall_value *request = NULL;
    CHECK_INT(voicecall_request_sign(config, "create_voice_notification", arguments, NULL, VOICECALL_NOW, &request, &error),
              VOICECALL_INVALID_ARGUMENT);
    CHECK(request == NULL);
    voicecall_value_free(arguments);
    voicecall_value_free(config);
    return error;
}

static void an_error_tells_everything(void) {
    voicecall_error *error = broken_rule(), *failure = NULL;
    voicecall_value *attributes = NULL;
    const char *json = NULL;
    int64_t measured = 0;
    size_t length = 0;
    CHECK_INT(voicecall_error_status(error), VOICECALL_INVALID_ARGUMENT);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_NOT_SENT);
    CHECK_INT(voicecall_error_retry(error), VOICECALL_RETRY_AFTER_FIX);
    CHECK_INT(voicecall_error_http_status(error), 0);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_KIND, &length), "invalid_argument");
    CHECK_INT((int64_t)length, (int64_t)strlen("invalid_argument"));
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_DELIVERY, NULL), "not_sent");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RETRY, NULL), "after_fix");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_FIELD, NULL), "/playInfoList/0/templateParas/0");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RULE, NULL), "length");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_MEASURED, NULL), "33");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RESULT_CODE, NULL), "1012005");
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_RESULT_DESC, NULL), NULL);
    CHECK(voicecall_error_text(error, VOICECALL_ERROR_ADVICE, NULL) != NULL);
    CHECK_TEXT(voicecall_error_text(error, VOICECALL_ERROR_MESSAGE, NULL), voicecall_error_message(error));
    CHECK_TEXT(voicecall_error_text(error, 0, NULL), NULL);
    CHECK_TEXT(voicecall_error_text(error, 99, NULL), NULL);

    CHECK_INT(voicecall_error_value(error, &attributes, &failure), VOICECALL_OK);
    CHECK_INT(voicecall_value_get_integer(attributes, "/measured", &measured, NULL), VOICECALL_OK);
    CHECK_INT(measured, 33);
    CHECK_INT(voicecall_value_print(attributes, "/field", &json, NULL, NULL), VOICECALL_OK);
    CHECK_TEXT(json, "\"/playInfoList/0/templateParas/0\"");
    voicecall_value_free(attributes);
    voicecall_error_free(error);
}

static void no_error_answers_as_nothing(void) {
    CHECK_INT(voicecall_error_status(NULL), VOICECALL_OK);
    CHECK_INT(voicecall_error_delivery(NULL), 0);
    CHECK_INT(voicecall_error_retry(NULL), 0);
    CHECK_INT(voicecall_error_http_status(NULL), 0);
    CHECK_TEXT(voicecall_error_message(NULL), "");
    CHECK_TEXT(voicecall_error_text(NULL, VOICECALL_ERROR_MESSAGE, NULL), NULL);
    voicecall_error_free(NULL);
}

int main(void) {
    static const struct test tests[] = {
        {"the header and the library are of one version", the_header_and_the_library_are_of_one_version},
        {"every number has a name, and an unknown one too", every_number_has_a_name_and_an_unknown_one_too},
        {"a code has its meaning, and an unknown code is a value", a_code_has_its_meaning_and_an_unknown_code_is_a_value},
        {"an error tells everything", an_error_tells_everything},
        {"no error answers as nothing", no_error_answers_as_nothing},
    };
    return CHECK_RUN(tests);
}
