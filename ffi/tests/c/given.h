/*
 * What many tests begin with. Numbers, keys and secrets are fictitious.
 */
#ifndef GIVEN_H
#define GIVEN_H

#include "check.h"

#define APP_KEY "ExampleAppKey0001"
#define APP_SECRET "example-secret-0001"
#define OPERATION "create_voice_notification"

/* A client of the platform at this address. */
voicecall_client *given_client(const char *endpoint);

/* Arguments of OPERATION that are valid. */
voicecall_value *given_arguments(void);

/* A status event (disconnect with state code 7002) and a push of one CDR with a recording. */
extern const char STATUS_BODY[];
extern const char FEE_BODY[];

voicecall_event *given_event(const char *body);

#endif
