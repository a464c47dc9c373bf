/*
 * A program with a SQLite of its own, here one that ends it: the stores of the statically linked library must not come to use
 * it. The functions are those with which every store begins.
 */
#include <stdio.h>
#include <stdlib.h>

#include <voicecall_calls.h>

int sqlite3_initialize(void) { abort(); }
int sqlite3_open_v2(void) { abort(); }
int sqlite3_prepare_v3(void) { abort(); }

int main(int argc, char **argv)
{
    char store[4096];
    voicecall_intake_config config = { 0 };
    voicecall_intake *intake = NULL;
    voicecall_error *error = NULL;
    voicecall_status status;

    if (argc != 2) return 2;
    snprintf(store, sizeof store, "sqlite:%s", argv[1]);
    config.store = store;
    status = voicecall_intake_open(&config, NULL, &intake, &error);
    if (status != VOICECALL_OK) fprintf(stderr, "%s\n", voicecall_error_message(error));
    voicecall_error_free(error);
    voicecall_intake_free(intake);
    return status == VOICECALL_OK ? 0 : 1;
}
