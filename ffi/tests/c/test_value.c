/* Values: what goes in comes out, paths are made, and nothing bad gets in. */
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MEBIBYTE ((size_t)1 << 20)

/* What the value prints; borrowed as voicecall_value_print() says. */
static const char *printed(voicecall_value *value) {
    const char *json = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_value_print(value, "", &json, NULL, &error));
    return json;
}

static void typed_settings_come_back(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = NULL;
    const char *text = NULL;
    size_t length = 0;
    int64_t integer = 0;
    bool flag = false;
    CHECK_OK(voicecall_value_new(&value, &error));
    CHECK_TEXT(printed(value), "{}");
    CHECK_OK(voicecall_value_set_text(value, "/t", "\xE8\xAF\xAD\xE9\x9F\xB3", VOICECALL_NUL_TERMINATED, &error));
    CHECK_OK(voicecall_value_set_integer(value, "/i", INT64_MIN, &error));
    CHECK_OK(voicecall_value_set_flag(value, "/f", true, &error));
    CHECK_OK(voicecall_value_set_json(value, "/j", "[0.5,null]", 10, &error));
    CHECK_OK(voicecall_value_get_text(value, "/t", &text, &length, &error));
    CHECK_TEXT(text, "\xE8\xAF\xAD\xE9\x9F\xB3");
    CHECK_INT((int64_t)length, 6);
    CHECK_OK(voicecall_value_get_integer(value, "/i", &integer, &error));
    CHECK_INT(integer, INT64_MIN);
    CHECK_OK(voicecall_value_get_flag(value, "/f", &flag, &error));
    CHECK(flag);
    CHECK_TEXT(printed(value), "{\"t\":\"\xE8\xAF\xAD\xE9\x9F\xB3\",\"i\":-9223372036854775808,\"f\":true,\"j\":[0.5,null]}");
    voicecall_value_free(value);
}

static void the_way_to_a_setting_is_made(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{}");
    CHECK_OK(voicecall_value_set_text(value, "/playInfoList/0/templateParas/-", "a", 1, &error));
    CHECK_OK(voicecall_value_set_text(value, "/playInfoList/0/templateParas/-", "b", 1, &error));
    CHECK_OK(voicecall_value_set_text(value, "/playInfoList/-/notifyVoice", "c", 1, &error));
    CHECK_OK(voicecall_value_set_integer(value, "/a~1b/~0", 1, &error));
    CHECK_TEXT(printed(value), "{\"playInfoList\":[{\"templateParas\":[\"a\",\"b\"]},{\"notifyVoice\":\"c\"}],"
                               "\"a/b\":{\"~\":1}}");
    CHECK_OK(voicecall_value_set_flag(value, "", false, &error));
    CHECK_TEXT(printed(value), "false");
    voicecall_value_free(value);
}

static void a_setting_that_fails_changes_nothing(void) {
    static const char json[] = "{\"t\":\"text\",\"l\":[1]}";
    voicecall_error *error = NULL;
    voicecall_value *value = check_value(json);
    CHECK_FAILS(voicecall_value_set_flag(value, "/t/x", true, &error), VOICECALL_INVALID_ARGUMENT, "leads through");
    CHECK_FAILS(voicecall_value_set_flag(value, "/l/2", true, &error), VOICECALL_INVALID_ARGUMENT, "list of 1 items");
    CHECK_FAILS(voicecall_value_set_flag(value, "t", true, &error), VOICECALL_INVALID_ARGUMENT, "begin with /");
    CHECK_FAILS(voicecall_value_set_json(value, "/x", "{", 1, &error), VOICECALL_INVALID_ARGUMENT, "cannot be read");
    CHECK_FAILS(voicecall_value_set_text(value, "/x", "\xff", 1, &error), VOICECALL_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(voicecall_value_set_text(value, "/\xff", "x", 1, &error), VOICECALL_INVALID_ARGUMENT, "UTF-8");
    CHECK_FAILS(voicecall_value_remove(value, "", &error), VOICECALL_INVALID_ARGUMENT, "cannot be removed");
    CHECK_TEXT(printed(value), json);
    voicecall_value_free(value);
}

static void a_wrong_type_is_told_and_absence_is_not_an_error(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{\"t\":\"x\",\"n\":null,\"u\":18446744073709551615,\"f\":1.0,\"o\":{}}");
    const char *text = "before";
    size_t length = 77;
    int64_t integer = 77;
    bool flag = true;
    CHECK_FAILS(voicecall_value_get_text(value, "/u", &text, &length, &error), VOICECALL_INVALID_ARGUMENT, "/u: expected text");
    CHECK_FAILS(voicecall_value_get_integer(value, "/u", &integer, &error), VOICECALL_INVALID_ARGUMENT, "fraction");
    CHECK_FAILS(voicecall_value_get_integer(value, "/f", &integer, &error), VOICECALL_INVALID_ARGUMENT, "fraction");
    CHECK_FAILS(voicecall_value_get_integer(value, "/t", &integer, &error), VOICECALL_INVALID_ARGUMENT, "text");
    CHECK_FAILS(voicecall_value_get_flag(value, "/o", &flag, &error), VOICECALL_INVALID_ARGUMENT, "object");
    CHECK_FAILS(voicecall_value_length(value, "/t", &length, &error), VOICECALL_INVALID_ARGUMENT, "text");
    CHECK_FAILS(voicecall_value_key(value, "/t", 0, &text, NULL, &error), VOICECALL_INVALID_ARGUMENT, "text");
    CHECK_ABSENT(voicecall_value_get_text(value, "/n", &text, &length, &error));
    CHECK_ABSENT(voicecall_value_get_text(value, "/t/x", &text, &length, &error));
    CHECK_ABSENT(voicecall_value_get_integer(value, "/x", &integer, &error));
    CHECK_ABSENT(voicecall_value_get_flag(value, "/n", &flag, &error));
    CHECK_ABSENT(voicecall_value_length(value, "/n", &length, &error));
    CHECK_ABSENT(voicecall_value_print(value, "/x", &text, &length, &error));
    /* Written on success only. */
    CHECK_TEXT(text, "before");
    CHECK(length == 77 && integer == 77 && flag);
    voicecall_value_free(value);
}

static void types_lengths_and_members_are_told(void) {
    static const struct {
        const char *pointer;
        int32_t type;
    } expected[] = {
        {"", VOICECALL_TYPE_OBJECT},       {"/null", VOICECALL_TYPE_NULL},         {"/flag", VOICECALL_TYPE_FLAG},
        {"/integer", VOICECALL_TYPE_INTEGER}, {"/fraction", VOICECALL_TYPE_FRACTION}, {"/text", VOICECALL_TYPE_TEXT},
        {"/list", VOICECALL_TYPE_LIST},    {"/list/0", VOICECALL_TYPE_INTEGER},
    };
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{\"null\":null,\"flag\":true,\"integer\":1,\"fraction\":0.5,\"text\":\"\","
                                         "\"list\":[1,2]}");
    char names[100] = "";
    const char *key = NULL;
    size_t length = 0, index = 0;
    int32_t type = 0;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        CHECK_OK(voicecall_value_type(value, expected[i].pointer, &type, &error));
        CHECK_INT(type, expected[i].type);
    }
    CHECK_ABSENT(voicecall_value_type(value, "/x", &type, &error));
    CHECK_OK(voicecall_value_length(value, "", &length, &error));
    CHECK_INT((int64_t)length, 6);
    CHECK_OK(voicecall_value_length(value, "/list", &length, &error));
    CHECK_INT((int64_t)length, 2);
    for (; voicecall_value_key(value, "", index, &key, &length, &error) == VOICECALL_OK; index++) {
        CHECK_INT((int64_t)length, (int64_t)strlen(key));
        strcat(strcat(names, key), " ");
    }
    CHECK(error == NULL);
    CHECK_TEXT(names, "null flag integer fraction text list ");
    voicecall_value_free(value);
}

static void removing_closes_the_gap(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{\"a\":1,\"l\":[1,2,3],\"b\":2}");
    CHECK_OK(voicecall_value_remove(value, "/l/1", &error));
    CHECK_OK(voicecall_value_remove(value, "/a", &error));
    CHECK_ABSENT(voicecall_value_remove(value, "/a", &error));
    CHECK_ABSENT(voicecall_value_remove(value, "/l/7", &error));
    CHECK_TEXT(printed(value), "{\"l\":[1,3],\"b\":2}");
    voicecall_value_free(value);
}

static void a_text_may_hold_a_nul(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{\"j\":\"a\\u0000b\"}");
    const char *text = NULL;
    size_t length = 0;
    CHECK_OK(voicecall_value_set_text(value, "/s", "a\0b", 3, &error));
    CHECK_OK(voicecall_value_get_text(value, "/s", &text, &length, &error));
    CHECK(length == 3 && memcmp(text, "a\0b", 4) == 0);
    CHECK_OK(voicecall_value_get_text(value, "/j", &text, &length, &error));
    CHECK(length == 3 && memcmp(text, "a\0b", 4) == 0);
    CHECK_TEXT(printed(value), "{\"j\":\"a\\u0000b\",\"s\":\"a\\u0000b\"}");
    CHECK_FAILS(voicecall_value_parse("{}\0", 3, &value, &error), VOICECALL_INVALID_ARGUMENT, "cannot be read");
    voicecall_value_free(value);
}

static void what_is_no_json_is_refused(void) {
    static const char *const texts[] = {"", "{", "[1,]", "{\"a\":1}x", "nul", "\"\xc3\x28\"", "\"\\ud800\"", "1e999", "\xff"};
    voicecall_error *error = NULL;
    voicecall_value *value = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CHECK_FAILS(voicecall_value_parse(texts[i], VOICECALL_NUL_TERMINATED, &value, &error), VOICECALL_INVALID_ARGUMENT,
                    "`json`");
    }
    CHECK_FAILS(voicecall_value_parse("{}", SIZE_MAX - 1, &value, &error), VOICECALL_INVALID_ARGUMENT, "more than memory");
    CHECK(value == NULL);
}

static void depth_is_bounded_on_every_way_in(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = NULL;
    char *text = malloc(MEBIBYTE + 1);
    CHECK(text != NULL);
    memset(text, '[', MEBIBYTE);
    text[MEBIBYTE] = '\0';
    CHECK_FAILS(voicecall_value_parse(text, MEBIBYTE, &value, &error), VOICECALL_INVALID_ARGUMENT, "recursion");
    CHECK_OK(voicecall_value_new(&value, &error));
    for (size_t i = 0; i < MEBIBYTE; i++) {
        text[i] = i % 2 == 0 ? '/' : 'x';
    }
    CHECK_FAILS(voicecall_value_set_flag(value, text, true, &error), VOICECALL_INVALID_ARGUMENT, "128 levels");
    /* Half the depth by pointer, more than the other half by JSON. */
    text[2 * 70] = '\0';
    char nested[2 * 70 + 1];
    memset(nested, '[', 70);
    memset(nested + 70, ']', 70);
    CHECK_FAILS(voicecall_value_set_json(value, text, nested, 140, &error), VOICECALL_INVALID_ARGUMENT, "128 levels");
    CHECK_TEXT(printed(value), "{}");
    free(text);
    voicecall_value_free(value);
}

static void a_mebibyte_goes_in_and_out(void) {
    voicecall_error *error = NULL;
    voicecall_value *value = check_value("{}");
    char *text = malloc(MEBIBYTE + 1);
    const char *back = NULL;
    size_t length = 0;
    CHECK(text != NULL);
    memset(text, 'x', MEBIBYTE);
    text[MEBIBYTE] = '\0';
    CHECK_OK(voicecall_value_set_text(value, "/t", text, VOICECALL_NUL_TERMINATED, &error));
    CHECK_OK(voicecall_value_get_text(value, "/t", &back, &length, &error));
    CHECK(length == MEBIBYTE && back != text && memcmp(back, text, MEBIBYTE + 1) == 0);
    CHECK_OK(voicecall_value_print(value, "/t", &back, &length, &error));
    CHECK_INT((int64_t)length, (int64_t)MEBIBYTE + 2);
    free(text);
    voicecall_value_free(value);
}

int main(void) {
    static const struct test tests[] = {
        {"typed settings come back", typed_settings_come_back},
        {"the way to a setting is made", the_way_to_a_setting_is_made},
        {"a setting that fails changes nothing", a_setting_that_fails_changes_nothing},
        {"a wrong type is told, and absence is not an error", a_wrong_type_is_told_and_absence_is_not_an_error},
        {"types, lengths and members are told", types_lengths_and_members_are_told},
        {"removing closes the gap", removing_closes_the_gap},
        {"a text may hold a NUL", a_text_may_hold_a_nul},
        {"what is no JSON is refused", what_is_no_json_is_refused},
        {"depth is bounded on every way in", depth_is_bounded_on_every_way_in},
        {"a mebibyte goes in and out", a_mebibyte_goes_in_and_out},
    };
    return CHECK_RUN(tests);
}
