/* Recordings: whole or not at all, with progress, and stopped by it. */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "given.h"
#include "server.h"

enum { SIZE = 300000 };

/* A folder of its own for each test. */
static char folder[200];
static char path[260];

static void make_folder(void) {
    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/voicecall-XXXXXX", temporary != NULL ? temporary : "/tmp");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/recording.wav", folder);
}

static long long size_of_file(void) {
    struct stat status;
    return stat(path, &status) == 0 ? (long long)status.st_size : -1;
}

/* Fails when something is left in the folder. */
static void remove_folder(void) {
    unlink(path);
    CHECK_INT(rmdir(folder), 0);
}

/* Sends the asker from the platform's route to a file of SIZE bytes. */
static int answer_recording(int socket, const struct request *request, void *user) {
    const char *url = *(const char *const *)user;
    char location[200];
    if (strstr(request->head, "GET /rest/provision/") == request->head) {
        CHECK(strstr(request->head, "fileName=f.wav&recordDomain=d.example.com") != NULL);
        snprintf(location, sizeof location, "Location: %s/file\r\n", url);
        server_respond(socket, "301 Moved Permanently", location, "", 0);
    } else {
        static const char bytes[SIZE];
        CHECK(strstr(request->head, "x-aksk") == NULL && strstr(request->head, "X-AKSK") == NULL);
        server_respond(socket, "200 OK", "Content-Type: audio/wav\r\n", bytes, SIZE);
    }
    return 0;
}

struct seen {
    int calls;
    uint64_t bytes;
    int64_t total;
    uint64_t stop_at;
};

static int32_t watch(uint64_t bytes, int64_t total, void *user) {
    struct seen *seen = user;
    seen->calls++;
    seen->bytes = bytes;
    seen->total = total;
    return seen->stop_at != 0 && bytes >= seen->stop_at;
}

static void a_recording_is_fetched_by_name_with_progress(void) {
    const char *url = NULL;
    struct server *server = server_start(answer_recording, &url);
    url = server_url(server);
    voicecall_client *client = given_client(url);
    voicecall_value *source = check_value("{\"fileName\":\"f.wav\",\"recordDomain\":\"d.example.com\"}");
    voicecall_error *error = NULL;
    struct seen seen = {0, 0, 0, 0};
    uint64_t bytes = 0;
    make_folder();
    CHECK_OK(voicecall_client_download_recording(client, source, path, 10000, 0, watch, &seen, &bytes, &error));
    CHECK_INT((int64_t)bytes, SIZE);
    CHECK_INT(size_of_file(), SIZE);
    CHECK(seen.calls > 1 && seen.bytes == SIZE && seen.total == SIZE);
    /* A file that is there stays, unless told otherwise. */
    CHECK_FAILS(voicecall_client_download_recording(client, source, path, 0, 0, NULL, NULL, NULL, &error),
                VOICECALL_INVALID_ARGUMENT, "exists");
    CHECK_OK(voicecall_client_download_recording(client, source, path, 0, VOICECALL_DOWNLOAD_OVERWRITE, NULL, NULL, NULL, &error));
    CHECK_FAILS(voicecall_client_download_recording(client, source, path, 0, 6, NULL, NULL, NULL, &error),
                VOICECALL_INVALID_ARGUMENT, "`flags`");
    remove_folder();
    voicecall_value_free(source);
    voicecall_client_free(client);
    server_stop(server);
}

static void progress_stops_a_download_and_nothing_is_left(void) {
    const char *url = NULL;
    struct server *server = server_start(answer_recording, &url);
    url = server_url(server);
    voicecall_client *client = given_client(url);
    voicecall_value *source = check_value("{}");
    voicecall_error *error = NULL;
    char direct[100];
    struct seen seen = {0, 0, 0, 100000};
    uint64_t bytes = 77;
    snprintf(direct, sizeof direct, "%s/file", url);
    CHECK_OK(voicecall_value_set_text(source, "/recordFileDownloadUrl", direct, VOICECALL_NUL_TERMINATED, &error));
    make_folder();
    CHECK_FAILS(voicecall_client_download_recording(client, source, path, 0, 0, watch, &seen, &bytes, &error),
                VOICECALL_CLOSED, "stopped");
    CHECK(bytes == 77 && seen.bytes >= 100000 && seen.bytes < SIZE);
    CHECK_INT(size_of_file(), -1);
    remove_folder();
    voicecall_value_free(source);
    voicecall_client_free(client);
    server_stop(server);
}

static void a_source_or_path_that_cannot_be_is_refused(void) {
    static const struct {
        const char *source, *path, *message;
    } cases[] = {
        {"{}", "/nowhere/f.wav", "fileName"},
        {"{\"fileName\":\"f\",\"recordDomain\":\"d\",\"x\":1}", "/nowhere/f.wav", "no such field"},
        {"{\"recordFileDownloadUrl\":7}", "/nowhere/f.wav", "recordFileDownloadUrl"},
        {"{\"recordFileDownloadUrl\":\"ftp://example.com/f\"}", "/nowhere/f.wav", "http"},
        {"{\"fileName\":\"f\",\"recordDomain\":\"d\"}", "\xff", "`path` is not UTF-8"},
    };
    voicecall_client *client = given_client("http://127.0.0.1:9");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        voicecall_value *source = check_value(cases[i].source);
        voicecall_error *error = NULL;
        CHECK_FAILS(voicecall_client_download_recording(client, source, cases[i].path, 0, 0, NULL, NULL, NULL, &error),
                    VOICECALL_INVALID_ARGUMENT, cases[i].message);
        voicecall_value_free(source);
    }
    voicecall_client_free(client);
}

int main(void) {
    static const struct test tests[] = {
        {"a recording is fetched by name, with progress", a_recording_is_fetched_by_name_with_progress},
        {"progress stops a download, and nothing is left", progress_stops_a_download_and_nothing_is_left},
        {"a source or path that cannot be is refused", a_source_or_path_that_cannot_be_is_refused},
    };
    return CHECK_RUN(tests);
}
