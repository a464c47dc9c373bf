/* Generated from ffi/ by cbindgen and bindings/xtask; run `cargo xtask gen`. */
/*
 * libvoicecall: a client for the Huawei Cloud VoiceCall service. It places calls, ends them, fetches recordings, and
 * reads the webhooks that the platform pushes.
 *
 * A call costs money and rings a human being. Two promises: the library never rings twice by itself, and it never
 * loses a call detail record (CDR). After every error voicecall_error_delivery() tells whether a phone may have rung.
 *
 * Most programs include voicecall_calls.h (structures for requests, answers and events; C99) or voicecall.hpp (C++17)
 * instead; both stand on the functions here, which do not change when the service gets a new operation or field.
 *
 * Names
 *   Everything begins with voicecall_ or VOICECALL_. After that comes the type that a function works on, which is also
 *   the type of its first parameter: voicecall_client_close(client, ...). Operations, fields and settings have the
 *   names that they have on the wire.
 *
 * Ownership
 *   Handles (voicecall_client and so on) are opaque. Each comment says one of three things: "owned by the caller, free
 *   with ...", "borrowed until ...", "copied before return". Nothing else is ever to be freed, and never with free().
 *
 * Strings
 *   UTF-8. In: ending with a NUL, or with a length in bytes; then VOICECALL_NUL_TERMINATED is a length too, and NULL
 *   with length 0 is the empty text. Bytes that are not UTF-8 are refused (headers of a push excepted).
 *   Out: borrowed, with a NUL behind them that their length does not count. Only where a text itself may hold a NUL, as
 *   any text in JSON, does the length tell more.
 *
 * NULL
 *   Every pointer is checked. NULL is VOICECALL_INVALID_ARGUMENT with the parameter's name in the message, unless the
 *   comment says that it may be NULL. Functions that answer directly take NULL for "nothing":
 *   voicecall_error_message(NULL) is "". Freeing NULL does nothing.
 *
 * Errors
 *   Functions that can fail return voicecall_status: VOICECALL_OK, VOICECALL_ABSENT (there is no such value; not an
 *   error) or a kind of error. Their last parameter gets an error, owned by the caller, free with
 *   voicecall_error_free(); it may be NULL, and is written on errors only. All other out-parameters are written on
 *   success only, and no two of one call may be the same variable. There are no partial successes, and no hidden last
 *   error.
 *
 * Threads
 *   voicecall_client, voicecall_webhook, voicecall_intake, voicecall_queue: any number of threads at once.
 *   voicecall_event, voicecall_received, voicecall_receipt, voicecall_error: never change, so any number at once.
 *   voicecall_value, voicecall_done: one at a time, may move; while nobody changes or prints a voicecall_value, any number
 *   may read it. Freeing needs a handle that nobody else uses.
 *   The library starts threads only for work under way: for calls and actions that a program submits, which never call
 *   into the program; one while something waits for a call of an intake; and one while a name is looked up in DNS. They
 *   end by themselves.
 *
 * Panics
 *   A fault of the library itself is VOICECALL_INTERNAL, never the end of the process, and the handles go on working;
 *   what happened is told on standard error, which the library uses for nothing else. Only when memory runs out does
 *   the process end. The library installs no handlers, and writes to no file that it was not told. Of the environment
 *   it looks at the proxy variables when a client is made, and heeds them only for the setting proxy "environment";
 *   SQLite, in which an intake keeps its store, looks for a folder for temporary files. Beside the file of a store it
 *   keeps two more, -wal and -shm. A process that forks uses an intake on one side only.
 *
 * Versions
 *   A program goes on working with every later library of the same VOICECALL_ABI_VERSION, which is the number in the
 *   name of the shared library. Numbers never change their meaning; new ones may be added, so expect unknown ones.
 */

#ifndef VOICECALL_H
#define VOICECALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header; voicecall_version() tells the library's. */
#define VOICECALL_VERSION "0.1.0"
#define VOICECALL_VERSION_MAJOR 0
#define VOICECALL_VERSION_MINOR 1
#define VOICECALL_VERSION_PATCH 0
#define VOICECALL_VERSION_NUMBER \
    (VOICECALL_VERSION_MAJOR << 16 | VOICECALL_VERSION_MINOR << 8 | VOICECALL_VERSION_PATCH)

/** As a length: the text goes to its first NUL. */
#define VOICECALL_NUL_TERMINATED SIZE_MAX

/** As a time: the clock's. */
#define VOICECALL_NOW INT64_MIN

/** As the position of a record: the whole message. */
#define VOICECALL_WHOLE_MESSAGE SIZE_MAX

/** As an integer: the field is not there. */
#define VOICECALL_NO_INTEGER INT64_MIN

/** What functions return: VOICECALL_OK, VOICECALL_ABSENT or a kind of error. */
typedef int32_t voicecall_status;

/** The values of voicecall_status. */
enum {
    /** Success. */
    VOICECALL_OK = 0,
    /** There is no such value, record or member. Not an error: no voicecall_error is made. */
    VOICECALL_ABSENT = 1,
    /** An argument breaks a rule of the service; field and rule say which. Nothing was sent, no phone has rung. */
    VOICECALL_INVALID_ARGUMENT = 101,
    /**
     * The client was set up in a way that cannot work: a missing key, an unusable endpoint, an unreadable CA file.
     * Nothing was sent, no phone has rung.
     */
    VOICECALL_CONFIGURATION = 102,
    /**
     * No connection to the platform: the name did not resolve, the port refused, no route, the proxy said no. Nothing
     * was sent, no phone has rung.
     */
    VOICECALL_CONNECT = 201,
    /**
     * The TLS handshake failed: unknown CA, wrong name, expired certificate, no common version. Nothing was sent unless
     * delivery says `unknown`.
     */
    VOICECALL_TLS = 202,
    /**
     * A time-out ran out. With delivery `not_sent` nothing left this machine; with `unknown` the phone may be ringing.
     */
    VOICECALL_TIMEOUT = 203,
    /** The connection broke after the request, or a part of it, was handed to it: the phone may be ringing. */
    VOICECALL_CONNECTION_LOST = 204,
    /**
     * The platform refused; result code, meaning and advice tell why. No phone has rung, unless delivery says `unknown`
     * (result code 1023002: the platform itself timed out).
     */
    VOICECALL_REJECTED = 301,
    /**
     * The platform does not accept key, digest or time, or has locked this address out. Never repeat in a loop: too
     * many failures lock the address out for 30 minutes.
     */
    VOICECALL_AUTHENTICATION = 302,
    /** A limit of calls, ports or flow was reached; the same call may pass later. */
    VOICECALL_THROTTLED = 303,
    /** An answer that cannot be read as the platform's: not JSON, no result code, success without a session id. */
    VOICECALL_PROTOCOL = 304,
    /** The client was closed before or during the call, or a download was stopped by its progress callback. */
    VOICECALL_CLOSED = 401,
    /** A webhook body that is not JSON, too large, too deep or of a wrong shape. */
    VOICECALL_MALFORMED_WEBHOOK = 501,
    /** A webhook whose signature does not hold. */
    VOICECALL_SIGNATURE = 502,
    /** A local file could not be read, created or written. */
    VOICECALL_STORAGE = 601,
    /** A fault of this library. Please report it. */
    VOICECALL_INTERNAL = 901,
};

/** What is known about the request's arrival at the platform. */
enum {
    /** Nothing reached the platform. Placing the call again rings nobody twice. */
    VOICECALL_DELIVERY_NOT_SENT = 1,
    /** The platform answered, and its answer is the outcome. */
    VOICECALL_DELIVERY_ANSWERED = 2,
    /**
     * Bytes may have arrived and no complete answer came: the phone may be ringing. The library never repeats such a
     * request; wait for a webhook, or ask the person, before placing the call again.
     */
    VOICECALL_DELIVERY_UNKNOWN = 3,
};

/** Whether placing the call again makes sense. */
enum {
    /** It would end the same way, or might ring a second time. */
    VOICECALL_RETRY_NEVER = 1,
    /** The condition may pass: wait, then place a new call. */
    VOICECALL_RETRY_LATER = 2,
    /** Something has to be corrected first. */
    VOICECALL_RETRY_AFTER_FIX = 3,
};

/** The texts of an error, for voicecall_error_text(). */
enum {
    /** Stable text id of the kind, e.g. `invalid_argument`. Always there. */
    VOICECALL_ERROR_KIND = 1,
    /** One English sentence. Holds no secret and no full phone number. Always there. */
    VOICECALL_ERROR_MESSAGE = 2,
    /** `not_sent`, `answered` or `unknown`. Always there. */
    VOICECALL_ERROR_DELIVERY = 3,
    /** `never`, `later` or `after_fix`. Always there. */
    VOICECALL_ERROR_RETRY = 4,
    /** What to do. Always there. */
    VOICECALL_ERROR_ADVICE = 5,
    /** JSON pointer to the argument or setting at fault, e.g. `/playInfoList/2/templateParas`. */
    VOICECALL_ERROR_FIELD = 6,
    /** The rule that the field breaks, e.g. `length`. */
    VOICECALL_ERROR_RULE = 7,
    /** What was found at the field, in the unit of the rule. */
    VOICECALL_ERROR_MEASURED = 8,
    /** The platform's result code; on VOICECALL_INVALID_ARGUMENT the code that the platform would have answered. */
    VOICECALL_ERROR_RESULT_CODE = 9,
    /** The platform's text for the result code, phone numbers masked. */
    VOICECALL_ERROR_RESULT_DESC = 10,
    /** What the result code means. */
    VOICECALL_ERROR_MEANING = 11,
    /** The mark that the request carried in its user data; only with the setting attemptTag. */
    VOICECALL_ERROR_ATTEMPT_TAG = 12,
};

/** The types of a value, for voicecall_value_type(). */
enum {
    /** `null`. */
    VOICECALL_TYPE_NULL = 1,
    /** `true` or `false`. */
    VOICECALL_TYPE_FLAG = 2,
    /** A whole number of 64 bits. */
    VOICECALL_TYPE_INTEGER = 3,
    /** Any other number. */
    VOICECALL_TYPE_FRACTION = 4,
    /** A text. */
    VOICECALL_TYPE_TEXT = 5,
    /** A list. */
    VOICECALL_TYPE_LIST = 6,
    /** An object. */
    VOICECALL_TYPE_OBJECT = 7,
};

/** The kinds of event, for voicecall_event_kind(). */
enum {
    /** Something happened in a call that still lives, or it ended. One record. */
    VOICECALL_EVENT_STATUS = 1,
    /** The records (CDRs) of finished calls, none to many. */
    VOICECALL_EVENT_FEE = 2,
    /** A kind of push that this version does not know. No record; acknowledge it like any other. */
    VOICECALL_EVENT_UNKNOWN = 3,
};

/**
 * Grows when a program has to be compiled anew, or changed, to go on working; it is the number in the name of the
 * shared library. New functions do not make it grow.
 */
#define VOICECALL_ABI_VERSION 0

/**
 * As a flag: replace a file that exists.
 */
#define VOICECALL_DOWNLOAD_OVERWRITE 1

/**
 * A connection to the platform for one application. Any number of threads may use it at once.
 */
typedef struct voicecall_client voicecall_client;

/**
 * One finished job. One thread at a time may use it.
 */
typedef struct voicecall_done voicecall_done;

/**
 * Why a function failed: what happened, whether a phone may have rung, and what to do. Never changes; any number of
 * threads may read it at once.
 */
typedef struct voicecall_error voicecall_error;

/**
 * What a push of the platform says. A status event has one record, a CDR push any number, an event of an unknown kind
 * none. Never changes; any number of threads may read it at once.
 */
typedef struct voicecall_event voicecall_event;

/**
 * Keeps pushes in a store: recognises what comes twice, and says yes to the platform only when everything is on the
 * disk. Any number of threads may use it at once, and any number of processes one store. Every function waits for the
 * disk on the thread that calls it.
 */
typedef struct voicecall_intake voicecall_intake;

/**
 * Collects what was submitted to it and is finished. Any number of threads may use it at once; one queue serves any number
 * of clients and intakes.
 */
typedef struct voicecall_queue voicecall_queue;

/**
 * What became of a push: what was new, what was known, what cannot be read, and the reply to send back. Never changes;
 * any number of threads may read it at once.
 */
typedef struct voicecall_receipt voicecall_receipt;

/**
 * A push that was received: the verdict on its signature, its event, and the reply to send back. Never changes; any
 * number of threads may read it at once.
 */
typedef struct voicecall_received voicecall_received;

/**
 * A JSON document: settings, arguments, answers, records. One thread at a time, may move between threads; while
 * nobody changes it, any number of threads may read it. Its memory is wiped when it is freed.
 */
typedef struct voicecall_value voicecall_value;

/**
 * Receives pushes: judges signatures, remembers nonces, and knows what to answer. Any number of threads may use it at
 * once. The HTTP server is the program's own.
 */
typedef struct voicecall_webhook voicecall_webhook;

/**
 * Told how far a download is: bytes in the file so far, bytes of the whole recording (-1 where the server does not
 * tell), and the `user` pointer. Called on the thread that downloads. Return 0 to go on, anything else to stop. It
 * must return: no longjmp, no C++ exception.
 */
typedef int32_t (*voicecall_progress)(uint64_t bytes, int64_t total, void *user);

/**
 * Takes a piece of an export: its bytes, which are borrowed until it returns, their number, and the `user` pointer.
 * Called on the thread that exports. Return 0 to go on, anything else to stop. It must return: no longjmp, no C++
 * exception.
 */
typedef int32_t (*voicecall_write)(const char *bytes, size_t length, void *user);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is running, e.g. "0.1.0"; VOICECALL_VERSION is the one that the program was
 * compiled with.
 *
 * Returns a text that lives for ever.
 */
const char *voicecall_version(void);

/**
 * The ABI version of the library that is running. A program may compare it with VOICECALL_ABI_VERSION at its start;
 * the dynamic linker has done so by the library's name.
 */
int32_t voicecall_abi_version(void);

/**
 * The text id of a status: "ok", "absent", or the kind of error, e.g. "invalid_argument". The same in every language.
 *
 * Returns a text that lives for ever; "unexpected" for a number that this version does not know. Never NULL.
 */
const char *voicecall_status_name(int32_t status);

/**
 * The text id of a delivery: "not_sent", "answered" or "unknown".
 *
 * Returns a text that lives for ever; "unexpected" for a number that this version does not know. Never NULL.
 */
const char *voicecall_delivery_name(int32_t delivery);

/**
 * The text id of a retry advice: "never", "later" or "after_fix".
 *
 * Returns a text that lives for ever; "unexpected" for a number that this version does not know. Never NULL.
 */
const char *voicecall_retry_name(int32_t retry);

/**
 * The status that the function returned: one of VOICECALL_INVALID_ARGUMENT and so on. VOICECALL_OK for NULL.
 */
voicecall_status voicecall_error_status(const voicecall_error *error);

/**
 * Whether the request reached the platform: one of VOICECALL_DELIVERY_NOT_SENT and so on. After
 * VOICECALL_DELIVERY_UNKNOWN the phone may be ringing: do not place the call again by program. 0 for NULL.
 */
int32_t voicecall_error_delivery(const voicecall_error *error);

/**
 * Whether placing the call again makes sense: one of VOICECALL_RETRY_NEVER and so on. 0 for NULL.
 */
int32_t voicecall_error_retry(const voicecall_error *error);

/**
 * The HTTP status of the platform's answer; 0 when there was no answer, and for NULL.
 */
int32_t voicecall_error_http_status(const voicecall_error *error);

/**
 * One English sentence that tells what happened; "" for NULL. Names no secret and no full phone number.
 *
 * Returns a text that is borrowed until the error is freed. Never NULL.
 */
const char *voicecall_error_message(const voicecall_error *error);

/**
 * One of the error's texts.
 *
 * `attribute`: one of VOICECALL_ERROR_MESSAGE and so on.
 * `length`: gets the number of bytes; may be NULL.
 *
 * Returns a text that is borrowed until the error is freed; NULL when the error has no such text, for NULL, and for
 * an unknown `attribute` (`length` is then not written).
 */
const char *voicecall_error_text(const voicecall_error *error, int32_t attribute, size_t *length);

/**
 * All attributes as a value: an object with the members kind, delivery, message, retry, advice and, where they apply,
 * field, rule, measured, result_code, result_desc, http_status, meaning, attempt_tag. The names are the same in every
 * language.
 *
 * `attributes`: gets a new value, owned by the caller, free with voicecall_value_free().
 */
voicecall_status voicecall_error_value(const voicecall_error *error,
                                       voicecall_value **attributes,
                                       voicecall_error **failure);

/**
 * Frees an error. NULL is fine. Must not be called twice with the same error.
 */
void voicecall_error_free(voicecall_error *error);

/**
 * Makes a value: an empty object.
 *
 * `value`: gets the new value, owned by the caller, free with voicecall_value_free().
 */
voicecall_status voicecall_value_new(voicecall_value **value, voicecall_error **error);

/**
 * Reads JSON text into a new value. Of a member that comes twice the last one counts; no more than 128 levels of
 * nesting.
 *
 * `json`, `length`: the text, copied before return.
 * `value`: gets the new value, owned by the caller, free with voicecall_value_free().
 *
 * Memory: `json` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED it ends with a NUL.
 */
voicecall_status voicecall_value_parse(const char *json,
                                       size_t length,
                                       voicecall_value **value,
                                       voicecall_error **error);

/**
 * Prints a value, or what is at a pointer in it, as compact JSON.
 *
 * `json`: gets a text that is borrowed until the value is changed, printed again or freed.
 * `length`: gets the number of bytes; may be NULL.
 *
 * Returns VOICECALL_ABSENT when there is nothing at the pointer.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_print(voicecall_value *value,
                                       const char *pointer,
                                       const char **json,
                                       size_t *length,
                                       voicecall_error **error);

/**
 * Tells the type of what is at a pointer.
 *
 * `type`: gets one of VOICECALL_TYPE_NULL and so on.
 *
 * Returns VOICECALL_ABSENT when there is nothing at the pointer.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_type(const voicecall_value *value,
                                      const char *pointer,
                                      int32_t *type,
                                      voicecall_error **error);

/**
 * Counts the items of the list, or the members of the object, at a pointer.
 *
 * Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
 * types.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_length(const voicecall_value *value,
                                        const char *pointer,
                                        size_t *length,
                                        voicecall_error **error);

/**
 * Gives the name of a member of the object at a pointer. Members keep the order in which they came:
 *
 *     for (i = 0; voicecall_value_key(value, "", i, &key, NULL, NULL) == VOICECALL_OK; i++) ...
 *
 * In a pointer, write ~ in a name as ~0 and / as ~1.
 *
 * `key`: gets a text that is borrowed until the value is changed or freed.
 * `length`: gets the number of bytes; may be NULL.
 *
 * Returns VOICECALL_ABSENT behind the last member, and when there is nothing, or null, at the pointer;
 * VOICECALL_INVALID_ARGUMENT for other types.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_key(const voicecall_value *value,
                                     const char *pointer,
                                     size_t index,
                                     const char **key,
                                     size_t *length,
                                     voicecall_error **error);

/**
 * Reads the text at a pointer.
 *
 * `text`: gets a text that is borrowed until the value is changed or freed.
 * `length`: gets the number of bytes; may be NULL.
 *
 * Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
 * types.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_get_text(const voicecall_value *value,
                                          const char *pointer,
                                          const char **text,
                                          size_t *length,
                                          voicecall_error **error);

/**
 * Reads the whole number at a pointer.
 *
 * Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
 * types, fractions and numbers of more than 64 bits.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_get_integer(const voicecall_value *value,
                                             const char *pointer,
                                             int64_t *integer,
                                             voicecall_error **error);

/**
 * Reads the truth value at a pointer.
 *
 * Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
 * types.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_get_flag(const voicecall_value *value,
                                          const char *pointer,
                                          bool *flag,
                                          voicecall_error **error);

/**
 * Puts a text at a pointer. What is missing on the way is made: a list where the next step is 0 or -, an object
 * otherwise; null counts as missing. The step - stands for the end of a list. A list gets no holes: only an item that
 * is there, or the end, can be set. On an error nothing has changed.
 *
 * `text`, `length`: the text, copied before return.
 *
 * Returns VOICECALL_INVALID_ARGUMENT, with the pointer in VOICECALL_ERROR_FIELD, for what is no UTF-8.
 *
 * Memory: `pointer` is NULL or ends with a NUL. `text` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED
 * it ends with a NUL.
 */
voicecall_status voicecall_value_set_text(voicecall_value *value,
                                          const char *pointer,
                                          const char *text,
                                          size_t length,
                                          voicecall_error **error);

/**
 * Puts a whole number at a pointer; see voicecall_value_set_text().
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_set_integer(voicecall_value *value,
                                             const char *pointer,
                                             int64_t integer,
                                             voicecall_error **error);

/**
 * Puts a truth value at a pointer; see voicecall_value_set_text().
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_set_flag(voicecall_value *value,
                                          const char *pointer,
                                          bool flag,
                                          voicecall_error **error);

/**
 * Reads JSON text and puts it at a pointer: null, fractions, whole lists and objects; see voicecall_value_set_text().
 *
 * `json`, `length`: the text, copied before return.
 *
 * Memory: `pointer` is NULL or ends with a NUL. `json` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED
 * it ends with a NUL.
 */
voicecall_status voicecall_value_set_json(voicecall_value *value,
                                          const char *pointer,
                                          const char *json,
                                          size_t length,
                                          voicecall_error **error);

/**
 * Removes what is at a pointer; later items of a list move up. The whole value ("") cannot be removed.
 *
 * Returns VOICECALL_ABSENT when there is nothing at the pointer.
 *
 * Memory: `pointer` is NULL or ends with a NUL.
 */
voicecall_status voicecall_value_remove(voicecall_value *value, const char *pointer, voicecall_error **error);

/**
 * Frees a value. NULL is fine. Must not be called twice with the same value.
 */
void voicecall_value_free(voicecall_value *value);

/**
 * Makes a client. Nothing is connected before the first call.
 *
 * `config`: an object with appKey, appSecret and any other setting (see voicecall_config in voicecall_calls.h);
 * copied before return.
 * `client`: gets the new client, owned by the caller, free with voicecall_client_free().
 *
 * Returns VOICECALL_CONFIGURATION, or VOICECALL_INVALID_ARGUMENT for a wrong type, with the setting in
 * VOICECALL_ERROR_FIELD.
 */
voicecall_status voicecall_client_new(const voicecall_value *config,
                                      voicecall_client **client,
                                      voicecall_error **error);

/**
 * Performs an operation of the platform and waits for its answer. After an error look at voicecall_error_delivery()
 * before doing it again: a phone may be ringing.
 *
 * `operation`: its official name in snake case, e.g. "create_voice_callback". All of them are in voicecall_calls.h, and
 * in the message about a name that is none.
 * `arguments`: an object with the operation's arguments under their wire names: truth values are truth values, URLs
 * are plain; undocumented ones under "extra". Copied before return.
 * `timeout_ms`: longest time for this call in milliseconds; 0 = the client's timeoutMs.
 * `answer`: gets {"sessionId":...} and what else the platform says of a placed call, {"url":...} of a recording, or
 * {}. A new value, owned by the caller, free with voicecall_value_free().
 *
 * Memory: `operation` is NULL or ends with a NUL.
 */
voicecall_status voicecall_client_call(const voicecall_client *client,
                                       const char *operation,
                                       const voicecall_value *arguments,
                                       int64_t timeout_ms,
                                       voicecall_value **answer,
                                       voicecall_error **error);

/**
 * The same as voicecall_client_call() for programs that write and read JSON themselves: the arguments are text, and the
 * answer is printed right away. It spares a value on the way in and a call on the way out.
 *
 * `operation`, `timeout_ms`: as for voicecall_client_call().
 * `arguments`, `length`: the JSON text of an object, as for voicecall_client_call(); copied before return.
 * `answer`: gets the answer as voicecall_client_call() gives it. A new value, owned by the caller, free with
 * voicecall_value_free().
 * `json`: gets the answer's text, borrowed until the answer is changed, printed or freed; may be NULL.
 * `json_length`: gets its number of bytes; may be NULL.
 *
 * Memory: `operation` is NULL or ends with a NUL. `arguments` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED it
 * ends with a NUL.
 */
voicecall_status voicecall_client_call_json(const voicecall_client *client,
                                            const char *operation,
                                            const char *arguments,
                                            size_t length,
                                            int64_t timeout_ms,
                                            voicecall_value **answer,
                                            const char **json,
                                            size_t *json_length,
                                            voicecall_error **error);

/**
 * Submits a call and returns at once: voicecall_queue_next() gives its outcome, which is that of voicecall_client_call_json().
 * At most the setting maxInFlight calls of a client run at once; the others wait in order.
 *
 * The call's time counts from now. When it is over before the call's turn comes, nothing is sent: VOICECALL_TIMEOUT with
 * VOICECALL_DELIVERY_NOT_SENT.
 *
 * `operation`, `arguments`, `length`, `timeout_ms`: as for voicecall_client_call_json(); copied before return.
 * `queue`: gets the outcome. Neither the client nor the queue has to live until then.
 * `id`: by which the caller knows the job again and can cancel it: voicecall_queue_cancel(). No other job of this queue that
 * is under way may have it.
 *
 * Returns an error only for arguments that cannot be read; then there is no job.
 *
 * Memory: `operation` is NULL or ends with a NUL. `arguments` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED it
 * ends with a NUL.
 */
voicecall_status voicecall_client_submit(const voicecall_client *client,
                                         const char *operation,
                                         const char *arguments,
                                         size_t length,
                                         int64_t timeout_ms,
                                         const voicecall_queue *queue,
                                         int64_t id,
                                         voicecall_error **error);

/**
 * Shows the exact request that voicecall_client_call() would send. Sends nothing.
 *
 * `operation`, `arguments`: as for voicecall_client_call().
 * `request`: gets a value that is a text (read it at the pointer ""): request line, headers, body; digest, codes and
 * template values hidden, phone numbers masked; then a line `# warning: ` with its text for each parameter that has no
 * effect and each address with unusual characters. A new value, owned by the caller, free with voicecall_value_free().
 *
 * Memory: `operation` is NULL or ends with a NUL.
 */
voicecall_status voicecall_client_preview(const voicecall_client *client,
                                          const char *operation,
                                          const voicecall_value *arguments,
                                          voicecall_value **request,
                                          voicecall_error **error);

/**
 * Ends the calls and downloads in flight on other threads, which then return VOICECALL_CLOSED, and refuses new ones.
 * From any thread, as often as you like. The client still has to be freed.
 */
voicecall_status voicecall_client_close(const voicecall_client *client, voicecall_error **error);

/**
 * Frees a client, its connections and its secret. No other function may still be using it: close it first and wait
 * for the threads. NULL is fine. Must not be called twice with the same client.
 */
void voicecall_client_free(voicecall_client *client);

/**
 * Fetches a recording into a file: whole or not at all. A connection that breaks on the way is taken up where it
 * broke, if the server allows it.
 *
 * `source`: an object with fileName and recordDomain, or with recordFileDownloadUrl: the member "recording" of
 * voicecall_event_summary(). Copied before return.
 * `path`: the file. On an error there is no file that was not there before.
 * `timeout_ms`: longest time for the whole download in milliseconds; 0 = none but those of each step.
 * `flags`: 0 or VOICECALL_DOWNLOAD_OVERWRITE.
 * `progress`, `user`: see voicecall_progress; both may be NULL. A stopped download returns VOICECALL_CLOSED.
 * `bytes`: gets the length of the file; may be NULL.
 *
 * Memory: `path` is NULL or ends with a NUL. `progress` is NULL or may be called with `user` until this function
 * returns.
 */
voicecall_status voicecall_client_download_recording(const voicecall_client *client,
                                                     const voicecall_value *source,
                                                     const char *path,
                                                     int64_t timeout_ms,
                                                     uint32_t flags,
                                                     voicecall_progress progress,
                                                     void *user,
                                                     uint64_t *bytes,
                                                     voicecall_error **error);

/**
 * Signs a request for a program that sends it itself, with its own event loop say. Sends nothing. Never send the same
 * request twice: a nonce is for one. The promise not to ring twice is then the program's to keep.
 *
 * `config`: as for voicecall_client_new(); only appKey, appSecret, endpoint, createdZone and validation count.
 * `operation`, `arguments`: as for voicecall_client_call().
 * `nonce`: 1 to 128 digits and letters; NULL = a random one.
 * `unix_seconds`: the time, or VOICECALL_NOW.
 * `request`: gets an object with method, url, headers (an object) and body (a text, or null for GET), and, where a
 * parameter has no effect say, warnings (a list of texts). It holds the signature: do not print it, see
 * voicecall_client_preview(). A new value, owned by the caller, free with voicecall_value_free().
 *
 * Memory: `operation` and `nonce` are NULL or end with a NUL.
 */
voicecall_status voicecall_request_sign(const voicecall_value *config,
                                        const char *operation,
                                        const voicecall_value *arguments,
                                        const char *nonce,
                                        int64_t unix_seconds,
                                        voicecall_value **request,
                                        voicecall_error **error);

/**
 * Reads the platform's answer to an operation, for a program that sent the request itself.
 *
 * `operation`: as for voicecall_client_call().
 * `http_status`: the status of the answer.
 * `location`: the answer's Location header; NULL when it has none.
 * `body`, `length`: the whole body; NULL and 0 for none.
 * `answer`: as for voicecall_client_call(). A new value, owned by the caller, free with voicecall_value_free().
 *
 * Returns the same errors as voicecall_client_call() would for this answer.
 *
 * Memory: `operation` and `location` are NULL or end with a NUL. `body` is NULL or has `length` bytes.
 */
voicecall_status voicecall_response_read(const char *operation,
                                         int32_t http_status,
                                         const char *location,
                                         const char *body,
                                         size_t length,
                                         voicecall_value **answer,
                                         voicecall_error **error);

/**
 * Reads the body of a push, without looking at its signature; see voicecall_webhook_receive() for both.
 *
 * `body`, `length`: the raw bytes of the HTTP request, copied before return.
 * `event`: gets the new event, owned by the caller, free with voicecall_event_free().
 *
 * Returns VOICECALL_MALFORMED_WEBHOOK for what cannot be read. A faulty record of a CDR push does not fail its
 * neighbours, see voicecall_event_rejected().
 *
 * Memory: `body` is NULL or has `length` bytes.
 */
voicecall_status voicecall_event_parse(const char *body,
                                       size_t length,
                                       voicecall_event **event,
                                       voicecall_error **error);

/**
 * The kind of event: one of VOICECALL_EVENT_STATUS and so on. 0 for NULL.
 */
int32_t voicecall_event_kind(const voicecall_event *event);

/**
 * The type of the event as the platform names it, e.g. "disconnect" or "fee"; "" for NULL.
 *
 * Returns a text that is borrowed until the event is freed. Never NULL.
 */
const char *voicecall_event_type(const voicecall_event *event);

/**
 * The number of records: 1 for a status event, that of the CDRs for a CDR push, 0 otherwise and for NULL.
 */
size_t voicecall_event_record_count(const voicecall_event *event);

/**
 * Reads a field of a record as text: texts as they are, times as the platform wrote them, whole numbers in decimal.
 *
 * `record`: position of the record, from 0.
 * `field`: wire name of a documented field, e.g. "sessionId". Others are in voicecall_event_value().
 * `text`: gets a text that is borrowed until the event is freed.
 * `length`: gets the number of bytes; may be NULL.
 *
 * Returns VOICECALL_ABSENT behind the last record, and when the field did not come, or came as null or "".
 *
 * Memory: `field` is NULL or ends with a NUL.
 */
voicecall_status voicecall_event_get_text(const voicecall_event *event,
                                          size_t record,
                                          const char *field,
                                          const char **text,
                                          size_t *length,
                                          voicecall_error **error);

/**
 * Reads a field of a record as integer: whole numbers as they are, times as seconds since 1970-01-01T00:00:00Z.
 *
 * `record`, `field`: as for voicecall_event_get_text().
 *
 * Returns VOICECALL_ABSENT behind the last record, and when the field did not come, or came as null or "";
 * VOICECALL_INVALID_ARGUMENT for a field that holds text.
 *
 * Memory: `field` is NULL or ends with a NUL.
 */
voicecall_status voicecall_event_get_integer(const voicecall_event *event,
                                             size_t record,
                                             const char *field,
                                             int64_t *integer,
                                             voicecall_error **error);

/**
 * Reads many fields of many records at once: for languages in which each call into C costs, and for structures.
 *
 * `first`, `record_count`: the records; all of them must be there.
 * `fields`, `field_count`: wire names, as for voicecall_event_get_text().
 * `texts`, `lengths`: arrays of `record_count` * `field_count` items, the fields of the first record first; each may
 * be NULL. A text or time gets address and length, a text that is borrowed until the event is freed; anything else
 * NULL and 0.
 * `integers`: as before. A whole number gets itself, a time its seconds since 1970-01-01T00:00:00Z, anything else
 * VOICECALL_NO_INTEGER.
 *
 * Returns VOICECALL_ABSENT when there are fewer records.
 *
 * Memory: `fields` is NULL or has `field_count` items, each NULL or ending with a NUL. `texts`, `lengths` and
 * `integers` are NULL or have `record_count` * `field_count` items, and do not overlap.
 */
voicecall_status voicecall_event_read(const voicecall_event *event,
                                      size_t first,
                                      size_t record_count,
                                      const char *const *fields,
                                      size_t field_count,
                                      const char **texts,
                                      size_t *lengths,
                                      int64_t *integers,
                                      voicecall_error **error);

/**
 * The event, or one of its records, as a value: an object under wire names, whole numbers as numbers, times in RFC
 * 3339, undocumented fields as they came, absent ones left out. The whole of a CDR push also tells the rejected
 * records.
 *
 * `record`: position of the record, from 0, or VOICECALL_WHOLE_MESSAGE.
 * `value`: gets a new value, owned by the caller, free with voicecall_value_free().
 *
 * Returns VOICECALL_ABSENT behind the last record.
 */
voicecall_status voicecall_event_value(const voicecall_event *event,
                                       size_t record,
                                       voicecall_value **value,
                                       voicecall_error **error);

/**
 * The JSON text of the event, or of one of its records, as it came: what to store. Holds personal data.
 *
 * `record`: position of the record, from 0, or VOICECALL_WHOLE_MESSAGE.
 * `json`: gets a text that is borrowed until the event is freed.
 * `length`: gets the number of bytes; may be NULL.
 *
 * Returns VOICECALL_ABSENT behind the last record.
 */
voicecall_status voicecall_event_raw(const voicecall_event *event,
                                     size_t record,
                                     const char **json,
                                     size_t *length,
                                     voicecall_error **error);

/**
 * The records of a CDR push that could not be read. Acknowledge the push all the same and store them: they are CDRs
 * too, and the platform would send the whole message again every hour.
 *
 * `rejected`: gets a list of objects with the members index, field (JSON pointer into the message), reason, and raw
 * (the record as it came; holds personal data); empty for other events. A new value, owned by the caller, free with
 * voicecall_value_free().
 */
voicecall_status voicecall_event_rejected(const voicecall_event *event,
                                          voicecall_value **rejected,
                                          voicecall_error **error);

/**
 * What a record says when its fields are taken together.
 *
 * For a CDR an object with the members scene ("callback", "play" or "unknown"), answered, talk_seconds, legs (a list
 * of objects with leg, number, display_number, answered, talk_seconds, billable_minutes, inferred), billable_minutes,
 * inferred, price (amount, currency, inferred), recording (for voicecall_client_download_recording()) and explanation
 * (why the call ended: succeeded, cause and details; a cause has field, code, table, name_zh, meaning and advice). For
 * a status event explanation alone. Absent values are left out. A leg number is personal data.
 *
 * `record`: position of the record, from 0.
 * `price_per_minute`: price of a minute of one leg as decimal text, e.g. "0.18"; NULL: no price is told.
 * `summary`: gets a new value, owned by the caller, free with voicecall_value_free().
 *
 * Returns VOICECALL_ABSENT behind the last record.
 *
 * Memory: `price_per_minute` is NULL or ends with a NUL.
 */
voicecall_status voicecall_event_summary(const voicecall_event *event,
                                         size_t record,
                                         const char *price_per_minute,
                                         voicecall_value **summary,
                                         voicecall_error **error);

/**
 * Frees an event. NULL is fine. Must not be called twice with the same event.
 */
void voicecall_event_free(voicecall_event *event);

/**
 * Makes a receiver of pushes.
 *
 * `config`: an object with urls (a list: the addresses that the platform pushes to, exactly as registered),
 * applications (a list of objects with appKey and appSecret) and any other setting (see voicecall_webhook_config in
 * voicecall_calls.h). Without both it reads pushes and checks no signature. Copied before return.
 * `webhook`: gets the new receiver, owned by the caller, free with voicecall_webhook_free(). It should live as long
 * as the program receives, because it remembers nonces.
 *
 * Returns VOICECALL_CONFIGURATION, or VOICECALL_INVALID_ARGUMENT for a wrong type, with the setting in
 * VOICECALL_ERROR_FIELD.
 */
voicecall_status voicecall_webhook_new(const voicecall_value *config,
                                       voicecall_webhook **webhook,
                                       voicecall_error **error);

/**
 * Receives a push: judges its signature and reads its body. Succeeds for every push, also for one that is refused or
 * cannot be read: look at voicecall_received_event(), and send voicecall_received_reply() back.
 *
 * `header_names`, `header_values`, `header_count`: the headers of the request, in any letter case and order. NULL and
 * 0 for none. All copied before return.
 * `body`, `length`: the raw bytes of the HTTP request, copied before return.
 * `unix_seconds`: the time, or VOICECALL_NOW.
 * `received`: gets the result, owned by the caller, free with voicecall_received_free().
 *
 * Memory: `header_names` and `header_values` are NULL or have `header_count` items, each NULL or ending with a NUL.
 * `body` is NULL or has `length` bytes.
 */
voicecall_status voicecall_webhook_receive(const voicecall_webhook *webhook,
                                           const char *const *header_names,
                                           const char *const *header_values,
                                           size_t header_count,
                                           const char *body,
                                           size_t length,
                                           int64_t unix_seconds,
                                           voicecall_received **received,
                                           voicecall_error **error);

/**
 * Frees a receiver. No other function may still be using it. NULL is fine. Must not be called twice with the same
 * receiver.
 */
void voicecall_webhook_free(voicecall_webhook *webhook);

/**
 * The event of a push, or the reason why there is none.
 *
 * `event`: gets the event, owned by the caller, free with voicecall_event_free().
 *
 * Returns VOICECALL_SIGNATURE when the push was refused for its signature, and VOICECALL_MALFORMED_WEBHOOK when its
 * body cannot be read.
 */
voicecall_status voicecall_received_event(const voicecall_received *received,
                                          voicecall_event **event,
                                          voicecall_error **error);

/**
 * The verdict on the signature of a push.
 *
 * `verdict`: gets an object with the member verdict ("valid", "unsigned", "not_checked" or "refused"); of a valid one
 * app_key, url (the registered address that it covers), form ("newest" or "older"), zone, secret_index (which of the
 * application's secrets it was made with, 0 for the one that was set first) and repeated (whether the same push was
 * received before, byte for byte; its event is handed over again); of an unsigned one message; of a refused one reason
 * ("missing_header", "unreadable_header", "unknown_application", "digest_mismatch", "stale" or "replayed"), message
 * and, where they apply, hint ("trailing_slash" or "other_application") and age_seconds. A new value, owned by the
 * caller, free with voicecall_value_free().
 */
voicecall_status voicecall_received_verdict(const voicecall_received *received,
                                            voicecall_value **verdict,
                                            voicecall_error **error);

/**
 * What to answer to a push.
 *
 * `stored`: whether the event is now where it will not be lost. If not, an event is answered so that the platform
 * sends CDRs again (status events it never does); what was refused or cannot be read is answered so in any case.
 * `reply`: gets an object with the members status (an integer), headers (an object) and body (a text, maybe empty). A
 * new value, owned by the caller, free with voicecall_value_free().
 */
voicecall_status voicecall_received_reply(const voicecall_received *received,
                                          bool stored,
                                          voicecall_value **reply,
                                          voicecall_error **error);

/**
 * Frees a push that was received; its events live on until they are freed themselves. NULL is fine. Must not be
 * called twice with the same push.
 */
void voicecall_received_free(voicecall_received *received);

/**
 * Signs a push as the platform does, in the newest form and UTC, for tests of a receiver.
 *
 * `app_key`, `app_secret`: of the application that pushes.
 * `url`: the address that is pushed to, as registered.
 * `nonce`: 1 to 128 digits and letters; NULL = a random one.
 * `unix_seconds`: the time, or VOICECALL_NOW.
 * `headers`: gets an object with the headers of the push. A new value, owned by the caller, free with
 * voicecall_value_free().
 *
 * Memory: `app_key`, `app_secret`, `url` and `nonce` are NULL or end with a NUL.
 */
voicecall_status voicecall_webhook_sign(const char *app_key,
                                        const char *app_secret,
                                        const char *url,
                                        const char *nonce,
                                        int64_t unix_seconds,
                                        voicecall_value **headers,
                                        voicecall_error **error);

/**
 * Makes an intake: opens its store, which is made if it is not there.
 *
 * `config`: an object with store, e.g. "sqlite:calls.db", and any other setting (see voicecall_intake_config in
 * voicecall_calls.h). SQLite only: postgres:// is for the command `voicecall listen`. Copied before return.
 * `webhook_config`: as for voicecall_webhook_new(); NULL: pushes are read and no signature is checked. Copied before
 * return.
 * `intake`: gets the new intake, owned by the caller, free with voicecall_intake_free().
 *
 * Returns VOICECALL_CONFIGURATION, or VOICECALL_INVALID_ARGUMENT for a wrong type, with the setting in
 * VOICECALL_ERROR_FIELD; VOICECALL_STORAGE when the store cannot be opened, is damaged, belongs to another program, or
 * was written by a newer version.
 */
voicecall_status voicecall_intake_new(const voicecall_value *config,
                                      const voicecall_value *webhook_config,
                                      voicecall_intake **intake,
                                      voicecall_error **error);

/**
 * Receives a push: judges its signature, reads it, and returns when everything in it is on the disk. Then send the reply
 * of voicecall_receipt_value() back: it says 200 if and only if each readable record is safe, whether it was new or
 * known. Succeeds for every push, also for one that is refused, cannot be read or cannot be stored.
 *
 * Pushes that arrive on other threads meanwhile are written together: what costs is the wait for the disk.
 *
 * `header_names`, `header_values`, `header_count`, `body`, `length`, `unix_seconds`: as for
 * voicecall_webhook_receive().
 * `receipt`: gets the result, owned by the caller, free with voicecall_receipt_free().
 *
 * Memory: `header_names` and `header_values` are NULL or have `header_count` items, each NULL or ending with a NUL.
 * `body` is NULL or has `length` bytes.
 */
voicecall_status voicecall_intake_receive(const voicecall_intake *intake,
                                          const char *const *header_names,
                                          const char *const *header_values,
                                          size_t header_count,
                                          const char *body,
                                          size_t length,
                                          int64_t unix_seconds,
                                          voicecall_receipt **receipt,
                                          voicecall_error **error);

/**
 * Asks the store, or tells it something.
 *
 * `action`: its name. What follows it here are the members of `arguments`, which have to be there unless they are called
 * optional, and those of `answer`.
 *
 * What became of calls:
 * "call": sessionId. Gives everything that is known of the call: session_id, attempt_tag, state ("attempted", "placed",
 * "calling", "ringing", "answered", "ended" or "billed"), scene, operation, app_key, user_data, placed_at, answered,
 * talk_seconds, billable_minutes, inferred, legs, digits, ending, timeline, cdrs, unknown_events, conflicts; what is not
 * known is left out. VOICECALL_ABSENT when nothing is.
 * "wait_for": sessionId, condition (a state, "a_answered", "b_answered" or "digits") and timeoutMs. Gives the call when
 * it has come so far; VOICECALL_ABSENT when it has not within this time, or cannot any more.
 * "calls": filter (optional; see voicecall_call_filter in voicecall_calls.h). Gives calls, the latest first, and next:
 * the filter's after for the next page, missing on the last.
 * "unsettled": olderThanMs (optional, 7 hours, after which the platform sends no CDR again). Gives calls: those without
 * a CDR, and attempts of unknown outcome, which have no session_id. The oldest first.
 * "rejected": filter (optional: class, "record", "malformed" or "refused"; limit, texts of a page; after). Gives texts: what
 * came and could not be taken, a list of objects with id, class, received_at, position, field, reason, verdict, size and raw, or
 * raw_base64 of what is no UTF-8; and next: the filter's after for the next page, missing on the last. The oldest first.
 * "retry_rejected": reads again what could not be read, and takes in what this version can read. Gives the numbers of texts
 * taken and left, and of records accepted, duplicates and conflicts.
 * "admit_rejected": ids (a list of ids as texts). Takes these in though their signature was refused; gives the same.
 * "totals": filter (optional), by (optional list of "month", "app_key", "display_number", "user_data"), zone (optional,
 * "utc" or "beijing": where a month begins), pricePerMinute and currency (optional, decimal text and text). Gives totals:
 * a list of objects with a member for each of by, and calls, answered, talk_seconds, billable_minutes, inferred,
 * without_minutes and, where asked for, price (amount, currency, inferred).
 *
 * What a program places, so that a call of which no push ever tells is noticed:
 * "attempt": operation, request (its arguments), attemptTag (optional). Before placing it. Gives attemptTag, which
 * stands for the attempt, and request: the arguments to be placed, with the tag in their userData. Place them with a
 * client that has no attemptTag of its own.
 * "placed": operation, request, sessionId, attemptTag (optional). When the platform has accepted it.
 * "withdraw": attemptTag. When the error's delivery is not VOICECALL_DELIVERY_UNKNOWN: nobody was rung.
 *
 * The store itself:
 * "purge": before (seconds since 1970-01-01T00:00:00Z). Deletes for good what ended or was received before it. Gives the
 * numbers of calls, attempts and others.
 * "check": looks the whole store over for damage. "probe": finds out whether it can write.
 * "stored_number": number. Gives number: as the store keeps it.
 *
 * `arguments`: an object. Copied before return; NULL = no arguments.
 * `answer`: gets an object, empty where nothing is said above. A new value, owned by the caller, free with
 * voicecall_value_free().
 *
 * Returns VOICECALL_STORAGE when the store cannot read or write; VOICECALL_CLOSED behind voicecall_intake_close().
 *
 * Memory: `action` is NULL or ends with a NUL.
 */
voicecall_status voicecall_intake_perform(const voicecall_intake *intake,
                                          const char *action,
                                          const voicecall_value *arguments,
                                          voicecall_value **answer,
                                          voicecall_error **error);

/**
 * As voicecall_intake_receive(), but returns at once: voicecall_queue_next() gives the outcome, and voicecall_done_receipt()
 * the receipt. Webhooks are received on threads of the intake; they never wait for what else was submitted.
 *
 * `header_names`, `header_values`, `header_count`, `body`, `length`, `unix_seconds`: as for voicecall_intake_receive();
 * copied before return.
 * `queue`, `id`: as for voicecall_client_submit().
 *
 * Memory: As voicecall_intake_receive().
 */
voicecall_status voicecall_intake_submit_receive(const voicecall_intake *intake,
                                                 const char *const *header_names,
                                                 const char *const *header_values,
                                                 size_t header_count,
                                                 const char *body,
                                                 size_t length,
                                                 int64_t unix_seconds,
                                                 const voicecall_queue *queue,
                                                 int64_t id,
                                                 voicecall_error **error);

/**
 * Submits what voicecall_intake_perform() does and returns at once: voicecall_queue_next() gives its outcome. "wait_for" holds no
 * thread while it waits. What a program places ("attempt", "placed", "withdraw") is written together with webhooks; questions
 * never hold those up.
 *
 * `action`, `arguments`: as for voicecall_intake_perform(); copied before return.
 * `queue`, `id`: as for voicecall_client_submit(). The intake's store is not closed before the job has ended.
 *
 * Returns an error only for a NULL or an unknown action; then there is no job.
 *
 * Memory: `action` is NULL or ends with a NUL.
 */
voicecall_status voicecall_intake_submit(const voicecall_intake *intake,
                                         const char *action,
                                         const voicecall_value *arguments,
                                         const voicecall_queue *queue,
                                         int64_t id,
                                         voicecall_error **error);

/**
 * Ends waits on other threads, which then return VOICECALL_CLOSED, and refuses everything new; what is being written is
 * finished. From any thread, as often as you like. The intake still has to be freed.
 */
voicecall_status voicecall_intake_close(const voicecall_intake *intake, voicecall_error **error);

/**
 * Frees an intake and closes its store. No other function may still be using it: close it first and wait for the
 * threads. NULL is fine. Must not be called twice with the same intake.
 */
void voicecall_intake_free(voicecall_intake *intake);

/**
 * Writes stored CDRs for other programs, the one that ended first first.
 *
 * `arguments`: an object with format ("ndjson", "csv" or "csv_for_spreadsheets": with a byte order mark, and nothing
 * that a spreadsheet takes for a formula) and, where wanted, filter (see voicecall_call_filter in voicecall_calls.h),
 * pricePerMinute and currency. Copied before return.
 * `write`, `user`: see voicecall_write; `user` may be NULL. A stopped export returns VOICECALL_STORAGE.
 * `records`: gets the number of CDRs; may be NULL.
 *
 * Memory: `write` is NULL or may be called with `user` until this function returns.
 */
voicecall_status voicecall_intake_export(const voicecall_intake *intake,
                                         const voicecall_value *arguments,
                                         voicecall_write write,
                                         void *user,
                                         uint64_t *records,
                                         voicecall_error **error);

/**
 * Everything about the push but its event.
 *
 * `value`: gets an object with the members reply (status, headers and body: what to send back), accepted, duplicates,
 * conflicts and rejected (how many of its records were new, were known, contradict what is known and are kept beside it,
 * and could not be read and are kept raw; conflicts are among the duplicates), new (the positions of the new records),
 * verdict (as of voicecall_received_verdict()) and, where there is one, error (why there is no event). A new value, owned
 * by the caller, free with voicecall_value_free().
 */
voicecall_status voicecall_receipt_value(const voicecall_receipt *receipt,
                                         voicecall_value **value,
                                         voicecall_error **error);

/**
 * The event of the push, or the reason why there is none.
 *
 * `event`: gets the event, owned by the caller, free with voicecall_event_free(). It outlives the receipt.
 *
 * Returns VOICECALL_SIGNATURE when the push was refused for its signature, VOICECALL_MALFORMED_WEBHOOK when its body
 * cannot be read, both kept raw; VOICECALL_STORAGE when the store could not write: the platform sends CDRs again.
 */
voicecall_status voicecall_receipt_event(const voicecall_receipt *receipt,
                                         voicecall_event **event,
                                         voicecall_error **error);

/**
 * Whether the record at this position of the event came for the first time: to act once on what comes more than once. An
 * event of an unknown kind is at position 0. False behind the last record, where nothing was stored, and for NULL.
 */
bool voicecall_receipt_is_new(const voicecall_receipt *receipt,
                              size_t record);

/**
 * Frees a receipt; its events live on until they are freed themselves. NULL is fine. Must not be called twice with the
 * same receipt.
 */
void voicecall_receipt_free(voicecall_receipt *receipt);

/**
 * Makes a queue for voicecall_client_submit(), voicecall_intake_submit() and voicecall_intake_submit_receive().
 *
 * `queue`: gets the new queue, owned by the caller, free with voicecall_queue_free().
 */
voicecall_status voicecall_queue_new(voicecall_queue **queue, voicecall_error **error);

/**
 * Takes the next finished job; waits for one. Every job that was submitted comes exactly once, also one that was cancelled or
 * for which the system had no thread.
 *
 * `timeout_ms`: longest wait in milliseconds; 0 = as long as it takes.
 * `id`: gets the id under which the job was submitted.
 * `done`: gets the job, owned by the caller, free with voicecall_done_free().
 *
 * Returns VOICECALL_ABSENT when no job ended in this time.
 */
voicecall_status voicecall_queue_next(const voicecall_queue *queue,
                                      int64_t timeout_ms,
                                      int64_t *id,
                                      voicecall_done **done,
                                      voicecall_error **error);

/**
 * Cancels a job. It comes out of the queue all the same, usually within milliseconds, and its outcome tells what became of it:
 * VOICECALL_CLOSED with VOICECALL_DELIVERY_NOT_SENT when nothing was sent, because the job had not begun or had no connection
 * yet; with VOICECALL_DELIVERY_UNKNOWN when its request was on its way: the phone may be ringing. A job that is finished, or
 * that this queue does not know, is left alone. From any thread, as often as you like.
 *
 * `id`: as given when the job was submitted.
 */
voicecall_status voicecall_queue_cancel(const voicecall_queue *queue,
                                        int64_t id,
                                        voicecall_error **error);

/**
 * Frees a queue. Jobs under way go on, and their outcome is lost. No other function may still be using the queue. NULL is
 * fine. Must not be called twice with the same queue.
 */
void voicecall_queue_free(voicecall_queue *queue);

/**
 * How a job ended: returns what the function would have returned that does the same and waits. Takes the answer, or the error,
 * out of the job: a second time it is VOICECALL_INVALID_ARGUMENT.
 *
 * `answer`: gets the answer, a new value, owned by the caller, free with voicecall_value_free().
 * `json`: gets the answer's text, borrowed until the answer is changed, printed or freed; may be NULL.
 * `json_length`: gets its number of bytes; may be NULL.
 *
 * For a job of voicecall_intake_submit_receive() see voicecall_done_receipt().
 */
voicecall_status voicecall_done_answer(voicecall_done *done,
                                       voicecall_value **answer,
                                       const char **json,
                                       size_t *json_length,
                                       voicecall_error **error);

/**
 * The same for a job of voicecall_intake_submit_receive().
 *
 * `receipt`: gets what voicecall_intake_receive() gives, owned by the caller, free with voicecall_receipt_free().
 */
voicecall_status voicecall_done_receipt(voicecall_done *done, voicecall_receipt **receipt, voicecall_error **error);

/**
 * Frees a finished job. NULL is fine. Must not be called twice with the same job.
 */
void voicecall_done_free(voicecall_done *done);

/**
 * Looks a code of the platform up. An unknown code is no error: the platform has more codes than it documents.
 *
 * `table`: "result" (resultcode of an answer), "state" (stateCode of a disconnect event), "release_point"
 * (ulFailReason of a CDR) or "q850" (callOutUnaswRsn and fwdUnaswRsn of a CDR).
 * `code`: the code as text, e.g. "1010002".
 * `http_status`, `text`: what came with a result code; they tell the two meanings of 1010010 apart. 0 and NULL: not
 * known.
 * `row`: gets an object with the members known, outdated and, where the table has them, code (a range such as
 * "400~699" stands for all its codes), name_zh, text, http_status, meaning, advice, retry. A new value, owned by the
 * caller, free with voicecall_value_free().
 *
 * Memory: `table`, `code` and `text` are NULL or end with a NUL.
 */
voicecall_status voicecall_code_find(const char *table,
                                     const char *code,
                                     int32_t http_status,
                                     const char *text,
                                     voicecall_value **row,
                                     voicecall_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* VOICECALL_H */
