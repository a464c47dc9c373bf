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
