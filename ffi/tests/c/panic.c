/* A fault inside the library: the process survives, the caller is told, and the client still works. */
#include "given.h"
#include "server.h"

/* In the library only when it is built with the feature `panic-on-purpose`. */
voicecall_status voicecall_test_panic(const voicecall_client *client, bool in_call, voicecall_error **error);
int32_t voicecall_test_panic_in_answer(void);

static void check_that_it_works(voicecall_client *client) {
    voicecall_value *arguments = given_arguments(), *answer = NULL;
    voicecall_error *error = NULL;
    CHECK_OK(voicecall_client_call(client, OPERATION, arguments, 0, &answer, &error));
    voicecall_value_free(answer);
    voicecall_value_free(arguments);
}

static void a_panic_is_an_internal_error_and_the_client_goes_on(void) {
    struct server *server = server_start(answer_success, NULL);
    voicecall_client *client = given_client(server_url(server));
    voicecall_error *error = NULL;
    check_that_it_works(client);
    CHECK_INT(voicecall_test_panic(client, false, &error), VOICECALL_INTERNAL);
    CHECK_INT(voicecall_error_status(error), VOICECALL_INTERNAL);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_NOT_SENT);
    CHECK(voicecall_error_text(error, VOICECALL_ERROR_ADVICE, NULL) != NULL);
    voicecall_error_free(error);
    error = NULL;
    CHECK_INT(voicecall_test_panic(client, false, NULL), VOICECALL_INTERNAL);
    check_that_it_works(client);
    voicecall_client_free(client);
    server_stop(server);
}

static void after_a_panic_in_a_call_a_phone_may_be_ringing(void) {
    voicecall_error *error = NULL;
    CHECK_INT(voicecall_test_panic(NULL, true, &error), VOICECALL_INTERNAL);
    CHECK_INT(voicecall_error_delivery(error), VOICECALL_DELIVERY_UNKNOWN);
    CHECK_INT(voicecall_error_retry(error), VOICECALL_RETRY_NEVER);
    voicecall_error_free(error);
}

static void a_panic_in_a_direct_answer_gives_the_stand_in(void) {
    CHECK_INT(voicecall_test_panic_in_answer(), 7);
}

int main(void) {
    static const struct test tests[] = {
        {"a panic is an internal error, and the client goes on", a_panic_is_an_internal_error_and_the_client_goes_on},
        {"after a panic in a call a phone may be ringing", after_a_panic_in_a_call_a_phone_may_be_ringing},
        {"a panic in a direct answer gives the stand-in", a_panic_in_a_direct_answer_gives_the_stand_in},
    };
    return CHECK_RUN(tests);
}
