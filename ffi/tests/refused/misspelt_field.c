/* A misspelt member does not compile. */
#include "voicecall_calls.h"

voicecall_voice_callback request(void);
voicecall_voice_callback request(void) {
    const voicecall_voice_callback request = {
#ifdef REFUSED
        .calleNbr = "+8613800000021",
#else
        .callee_nbr = "+8613800000021",
#endif
    };
    return request;
}
