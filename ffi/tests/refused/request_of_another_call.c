/* A request of another call does not compile. */
#include "voicecall_calls.h"

voicecall_status call(const voicecall_client *client, const voicecall_voice_callback *request, voicecall_placed_call *call);
voicecall_status call(const voicecall_client *client, const voicecall_voice_callback *request, voicecall_placed_call *call) {
#ifdef REFUSED
    return voicecall_create_voice_notification(client, request, call, NULL);
#else
    return voicecall_create_voice_callback(client, request, call, NULL);
#endif
}
