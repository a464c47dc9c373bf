/* The driver in C, over the generic call; see README.md beside this file. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <voicecall_calls.h>

enum { LONGEST_LINE = 64 * 1024, MOST_WORDS = 8 };

/* Which JSON pointers the words of an operation go to, in order; and what else its request has to have. */
static const struct operation {
    const char *name, *fixed, *pointers[3];
} operations[] = {
    {"create_voice_callback", "{}", {"/displayNbr", "/callerNbr", "/calleeNbr"}},
    {"create_voice_notification", "{\"playInfoList\":[{\"notifyVoice\":\"notifyvoice.wav\"}]}", {"/displayNbr", "/calleeNbr"}},
    {"create_voice_verification_code",
     "{\"languageType\":2,\"preTone\":\"pretone.wav\",\"verifyCode\":\"20408\"}",
     {"/displayNbr", "/calleeNbr"}},
    {"terminate_call", "{}", {"/sessionid"}},
    {"get_recording_download_url", "{}", {"/fileName", "/recordDomain"}},
};

static const char *text_at(const voicecall_value *value, const char *pointer)
{
    const char *text = NULL;
    return voicecall_value_get_text(value, pointer, &text, NULL, NULL) == VOICECALL_OK ? text : NULL;
}

static voicecall_status arguments_of(
    const struct operation *operation, char **words, voicecall_value **arguments, voicecall_error **error)
{
    voicecall_status status = voicecall_value_parse(operation->fixed, VOICECALL_NUL_TERMINATED, arguments, error);
    for (size_t i = 0; status == VOICECALL_OK && i < 3 && operation->pointers[i] != NULL; i++)
        status = voicecall_value_set_text(*arguments, operation->pointers[i], words[i], VOICECALL_NUL_TERMINATED, error);
    if (status == VOICECALL_OK && strcmp(operation->name, "create_voice_callback") == 0)
        status = voicecall_value_set_text(*arguments, "/displayCalleeNbr", words[0], VOICECALL_NUL_TERMINATED, error);
    return status;
}

static voicecall_status perform(const voicecall_client *client, char **words, voicecall_value **answer, voicecall_error **error)
{
    voicecall_value *arguments = NULL;
    voicecall_status status = VOICECALL_INTERNAL;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (strcmp(operations[i].name, words[0]) != 0) continue;
        status = arguments_of(&operations[i], words + 2, &arguments, error);
        if (status == VOICECALL_OK)
            status = voicecall_client_call(client, words[0], arguments, atoll(words[1]), answer, error);
    }
    voicecall_value_free(arguments);
    return status;
}

/* `webhook`, X-AKSK, body. */
static voicecall_status receive(const voicecall_webhook *webhook, char **words, voicecall_error **error)
{
    static const char *const names[] = {"x-aksk"};
    const char *values[] = {words[1]};
    voicecall_received *received = NULL;
    voicecall_event *event = NULL;
    voicecall_status status =
        voicecall_webhook_receive(webhook, names, values, 1, words[2], strlen(words[2]), VOICECALL_NOW, &received, error);
    if (status == VOICECALL_OK) status = voicecall_received_event(received, &event, error);
    if (status == VOICECALL_OK) printf("ok\t%s\n", voicecall_event_type(event));
    voicecall_event_free(event);
    voicecall_received_free(received);
    return status;
}

static void obey(const voicecall_client *client, const voicecall_webhook *webhook, char **words)
{
    voicecall_value *answer = NULL;
    voicecall_error *error = NULL;
    voicecall_status status = VOICECALL_OK;
    if (strcmp(words[0], "settle") == 0) {
        printf("ok\n"); /* Nothing waits to be collected. */
    } else if (strcmp(words[0], "webhook") == 0) {
        status = receive(webhook, words, &error);
    } else {
        status = perform(client, words, &answer, &error);
        if (status == VOICECALL_OK) {
            const char *session = text_at(answer, "/sessionId"), *url = text_at(answer, "/url");
            printf("ok\t%s\n", session != NULL ? session : url != NULL ? url : "");
        }
    }
    if (status != VOICECALL_OK)
        printf("%s\t%s\n", voicecall_status_name(status), voicecall_delivery_name(voicecall_error_delivery(error)));
    fflush(stdout);
    voicecall_value_free(answer);
    voicecall_error_free(error);
}

static void set(voicecall_value *config, const char *pointer, const char *variable)
{
    const char *text = getenv(variable);
    if (text != NULL) voicecall_value_set_text(config, pointer, text, VOICECALL_NUL_TERMINATED, NULL);
}

/* Addresses and keys are those of the client; the address is the one that the pushes were signed for. */
static voicecall_status open_webhook(voicecall_webhook **webhook)
{
    voicecall_value *config = NULL;
    const char *const url = getenv("VOICECALL_PUSH_URL");
    voicecall_status status = voicecall_value_new(&config, NULL);
    if (url != NULL && status == VOICECALL_OK) {
        voicecall_value_set_json(config, "/urls", "[]", VOICECALL_NUL_TERMINATED, NULL);
        voicecall_value_set_text(config, "/urls/-", url, VOICECALL_NUL_TERMINATED, NULL);
        voicecall_value_set_json(config, "/applications", "[{}]", VOICECALL_NUL_TERMINATED, NULL);
        set(config, "/applications/0/appKey", "VOICECALL_APP_KEY");
        set(config, "/applications/0/appSecret", "VOICECALL_APP_SECRET");
        voicecall_value_set_json(config, "/replayEntries", "1000", VOICECALL_NUL_TERMINATED, NULL);
    }
    if (status == VOICECALL_OK) status = voicecall_webhook_new(config, webhook, NULL);
    voicecall_value_free(config);
    return status;
}

int main(void)
{
    static char line[LONGEST_LINE];
    voicecall_value *config = NULL;
    voicecall_client *client = NULL;
    voicecall_webhook *webhook = NULL;
    voicecall_error *error = NULL;
    if (voicecall_value_new(&config, NULL) != VOICECALL_OK) return EXIT_FAILURE;
    set(config, "/appKey", "VOICECALL_APP_KEY");
    set(config, "/appSecret", "VOICECALL_APP_SECRET");
    set(config, "/endpoint", "VOICECALL_ENDPOINT");
    set(config, "/caFile", "VOICECALL_CA_FILE");
    if (voicecall_client_new(config, &client, &error) != VOICECALL_OK) {
        fprintf(stderr, "driver: %s\n", voicecall_error_message(error));
        return EXIT_FAILURE;
    }
    if (open_webhook(&webhook) != VOICECALL_OK) return EXIT_FAILURE;
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *words[MOST_WORDS] = {NULL};
        size_t count = 0;
        line[strcspn(line, "\n")] = '\0';
        for (char *rest = line; rest != NULL && count < MOST_WORDS; count++) {
            words[count] = rest;
            rest = strchr(rest, '\t');
            if (rest != NULL) *rest++ = '\0';
        }
        obey(client, webhook, words);
    }
    voicecall_webhook_free(webhook);
    voicecall_client_free(client);
    voicecall_value_free(config);
    return EXIT_SUCCESS;
}
