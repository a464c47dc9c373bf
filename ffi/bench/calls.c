/*
 * CPU per call on keep-alive connections over loopback: this library against a libcurl easy handle that signs with
 * OpenSSL and posts the same body. And the time of a preview, which is a call without the network.
 *
 * Prints one line a result: name, value, unit.
 */
#define _POSIX_C_SOURCE 200809L

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "voicecall.h"

/* Many short rounds: on a machine that others use too, some of them are undisturbed. */
enum { ROUNDS = 100, CALLS = 300, PREVIEWS = 1000 };

static voicecall_client *client;
static voicecall_value *arguments;
static CURL *handle;
static char url[200];

static void call_ours(void) {
    voicecall_value *answer = NULL;
    const char *session = NULL;
    must(voicecall_client_call(client, OPERATION, arguments, 0, &answer, NULL) == VOICECALL_OK, "a call of ours");
    must(voicecall_value_get_text(answer, "/sessionId", &session, NULL, NULL) == VOICECALL_OK, "a session id");
    voicecall_value_free(answer);
}

static size_t collect(char *bytes, size_t size, size_t count, void *user) {
    char *body = user;
    size_t used = strlen(body);
    must(used + size * count < 4096, "room for the answer");
    memcpy(body + used, bytes, size * count);
    body[used + size * count] = '\0';
    return size * count;
}

/* What a careful program does with libcurl: a fresh nonce and time, the digest, headers, the post, the session id. */
static void call_curl(void) {
    static const char digits[] = "0123456789ABCDEF";
    unsigned char random[16], digest[EVP_MAX_MD_SIZE], encoded[100];
    char nonce[33], created[32], message[80], header[400], body[4096] = "";
    unsigned int size = 0;
    time_t now = time(NULL);
    struct tm utc;
    must(RAND_bytes(random, sizeof random) == 1, "random numbers");
    for (int i = 0; i < 16; i++) {
        nonce[2 * i] = digits[random[i] >> 4];
        nonce[2 * i + 1] = digits[random[i] & 15];
    }
    nonce[32] = '\0';
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    snprintf(message, sizeof message, "%s%s", nonce, created);
    HMAC(EVP_sha256(), APP_SECRET, sizeof APP_SECRET - 1, (const unsigned char *)message, strlen(message), digest, &size);
    EVP_EncodeBlock(encoded, digest, (int)size);
    snprintf(header, sizeof header,
             "X-AKSK: UsernameToken Username=\"%s\",PasswordDigest=\"%s\",Nonce=\"%s\",Created=\"%s\"", APP_KEY, encoded, nonce,
             created);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json;charset=UTF-8");
    headers = curl_slist_append(headers, "Authorization: AKSK realm=\"SDP\",profile=\"UsernameToken\",type=\"Appkey\"");
    headers = curl_slist_append(headers, header);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, ARGUMENTS);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, body);
    must(curl_easy_perform(handle) == CURLE_OK, "a call of libcurl");
    must(strstr(body, "\"sessionId\":\"") != NULL, "a session id");
    curl_slist_free_all(headers);
}

/* The best of some rounds, which alternate so that the machine's moods meet both alike. */
static void measure_calls(double *ours, double *curl) {
    *ours = *curl = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_us();
        for (int i = 0; i < CALLS; i++) {
            call_ours();
        }
        double middle = cpu_us();
        for (int i = 0; i < CALLS; i++) {
            call_curl();
        }
        double end = cpu_us();
        *ours = (middle - start) / CALLS < *ours ? (middle - start) / CALLS : *ours;
        *curl = (end - middle) / CALLS < *curl ? (end - middle) / CALLS : *curl;
    }
}

static double measure_preview(void) {
    double best = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_us();
        for (int i = 0; i < PREVIEWS; i++) {
            voicecall_value *request = NULL;
            must(voicecall_client_preview(client, OPERATION, arguments, &request, NULL) == VOICECALL_OK, "a preview");
            voicecall_value_free(request);
        }
        double took = (cpu_us() - start) / PREVIEWS;
        best = took < best ? took : best;
    }
    return best;
}

int main(void) {
    voicecall_value *config = NULL;
    double ours, curl;
    int port = platform_start(1);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
    must(voicecall_value_new(&config, NULL) == VOICECALL_OK, "a value");
    voicecall_value_set_text(config, "/appKey", APP_KEY, VOICECALL_NUL_TERMINATED, NULL);
    voicecall_value_set_text(config, "/appSecret", APP_SECRET, VOICECALL_NUL_TERMINATED, NULL);
    voicecall_value_set_text(config, "/endpoint", url, VOICECALL_NUL_TERMINATED, NULL);
    must(voicecall_client_new(config, &client, NULL) == VOICECALL_OK, "a client");
    must(voicecall_value_parse(ARGUMENTS, VOICECALL_NUL_TERMINATED, &arguments, NULL) == VOICECALL_OK, "arguments");
    snprintf(url + strlen(url), sizeof url - strlen(url), "/rest/httpsessions/callnotify/v2.0");
    curl_global_init(CURL_GLOBAL_ALL);
    handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");

    measure_calls(&ours, &curl);
    printf("call %.2f us\n", ours);
    printf("call_libcurl %.2f us\n", curl);
    printf("call_ratio %.3f x\n", ours / curl);
    printf("preview %.2f us\n", measure_preview());

    curl_easy_cleanup(handle);
    curl_global_cleanup();
    voicecall_value_free(arguments);
    voicecall_value_free(config);
    voicecall_client_free(client);
    platform_stop();
    return 0;
}
