/*
 * What the vectors need beyond the library's own JSON: places in a value, comparison, and bytes.
 */
#ifndef JSON_H
#define JSON_H

#include "check.h"

/* A place in a value: for walking through a document. */
struct place {
    const voicecall_value *value;
    char pointer[300];
};

struct place root_of(const voicecall_value *value);
struct place member(struct place place, const char *name);
struct place item(struct place place, size_t index);

/* VOICECALL_TYPE_..., 0 when there is nothing. */
int32_t type_at(struct place place);
size_t length_at(struct place place);
/* The text, NULL when there is none. */
const char *text_at(struct place place);
const char *text_and_length_at(struct place place, size_t *length);
int64_t integer_at(struct place place, int64_t otherwise);
/* The name of a member, NULL behind the last one. */
const char *key_at(struct place place, size_t index);

/* A new value of what is there; the caller frees it. */
voicecall_value *copy_of(struct place place);

/* Whether both are equal as JSON; a member that is null is the same as one that is not there. */
bool equal(struct place left, struct place right);

/* Prints what is there, for messages; lives until the next call. */
const char *shown(struct place place);

/* Bytes of a Base64 text; the caller frees them. */
char *from_base64(const char *text, size_t *length);

/* A whole file, with a NUL behind it; the caller frees it. Stops the program when it cannot be read. */
char *read_file(const char *path, size_t *length);

#endif
