#include "json.h"

#include <stdlib.h>
#include <string.h>

struct place root_of(const voicecall_value *value) {
    struct place place = {value, ""};
    return place;
}

struct place member(struct place place, const char *name) {
    struct place child = {place.value, ""};
    size_t used = strlen(place.pointer);
    memcpy(child.pointer, place.pointer, used);
    child.pointer[used++] = '/';
    for (; *name != '\0' && used + 3 < sizeof child.pointer; name++) {
        if (*name == '~' || *name == '/') {
            child.pointer[used++] = '~';
            child.pointer[used++] = *name == '~' ? '0' : '1';
        } else {
            child.pointer[used++] = *name;
        }
    }
    child.pointer[used] = '\0';
    return child;
}

struct place item(struct place place, size_t index) {
    char number[24];
    snprintf(number, sizeof number, "%zu", index);
    return member(place, number);
}

int32_t type_at(struct place place) {
    int32_t type = 0;
    voicecall_value_type(place.value, place.pointer, &type, NULL);
    return type;
}

size_t length_at(struct place place) {
    size_t length = 0;
    voicecall_value_length(place.value, place.pointer, &length, NULL);
    return length;
}

const char *text_at(struct place place) {
    return text_and_length_at(place, NULL);
}

const char *text_and_length_at(struct place place, size_t *length) {
    const char *text = NULL;
    voicecall_value_get_text(place.value, place.pointer, &text, length, NULL);
    return text;
}

int64_t integer_at(struct place place, int64_t otherwise) {
    voicecall_value_get_integer(place.value, place.pointer, &otherwise, NULL);
    return otherwise;
}

const char *key_at(struct place place, size_t index) {
    const char *key = NULL;
    voicecall_value_key(place.value, place.pointer, index, &key, NULL, NULL);
    return key;
}

/* Printing keeps its text in the value, so it is not for values that only are read; the runner has one thread. */
static const char *print(struct place place) {
    const char *json = NULL;
    voicecall_value_print((voicecall_value *)(uintptr_t)place.value, place.pointer, &json, NULL, NULL);
    return json;
}

voicecall_value *copy_of(struct place place) {
    return check_value(print(place));
}

static size_t members_that_are_not_null(struct place place) {
    size_t count = 0;
    const char *key;
    for (size_t i = 0; (key = key_at(place, i)) != NULL; i++) {
        count += type_at(member(place, key)) != VOICECALL_TYPE_NULL;
    }
    return count;
}

static bool equal_objects(struct place left, struct place right) {
    const char *key;
    for (size_t i = 0; (key = key_at(left, i)) != NULL; i++) {
        if (type_at(member(left, key)) != VOICECALL_TYPE_NULL && !equal(member(left, key), member(right, key))) {
            return false;
        }
    }
    return members_that_are_not_null(left) == members_that_are_not_null(right);
}

static bool equal_lists(struct place left, struct place right) {
    size_t length = length_at(left);
    for (size_t i = 0; i < length; i++) {
        if (!equal(item(left, i), item(right, i))) {
            return false;
        }
    }
    return length == length_at(right);
}

bool equal(struct place left, struct place right) {
    int32_t type = type_at(left);
    if (type != type_at(right)) {
        return false;
    }
    switch (type) {
    case VOICECALL_TYPE_OBJECT:
        return equal_objects(left, right);
    case VOICECALL_TYPE_LIST:
        return equal_lists(left, right);
    default: {
        char kept[70000];
        snprintf(kept, sizeof kept, "%s", shown(left));
        return strcmp(kept, shown(right)) == 0;
    }
    }
}

const char *shown(struct place place) {
    const char *json = print(place);
    return json != NULL ? json : "(nothing)";
}

char *from_base64(const char *text, size_t *length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *bytes = malloc(strlen(text) + 1);
    uint32_t bits = 0;
    int have = 0;
    *length = 0;
    for (; *text != '\0' && *text != '='; text++) {
        bits = bits << 6 | (uint32_t)(strchr(digits, *text) - digits);
        have += 6;
        if (have >= 8) {
            have -= 8;
            bytes[(*length)++] = (char)(bits >> have & 0xff);
        }
    }
    return bytes;
}

char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t have = 0, room = 0, got;
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    do {
        if (have + 1 >= room) {
            room = room == 0 ? 1 << 16 : room * 2;
            bytes = realloc(bytes, room);
        }
        got = fread(bytes + have, 1, room - have - 1, file);
        have += got;
    } while (got > 0);
    fclose(file);
    bytes[have] = '\0';
    *length = have;
    return bytes;
}
