/* A member of another enumeration does not compile. */
#include "voicecall_calls.h"

voicecall_voice_callback request(void);
voicecall_voice_callback request(void) {
    const voicecall_voice_callback request = {
#ifdef REFUSED
        .callee_media = VOICECALL_LAST_MIN_TO_UE_BOTH,
#else
        .callee_media = VOICECALL_CALLEE_MEDIA_ALL,
#endif
    };
    return request;
}
