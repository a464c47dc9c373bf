/* A number does not compile where a text belongs. */
#include "voicecall_calls.h"

voicecall_voice_verification_code request(void);
voicecall_voice_verification_code request(void) {
    const voicecall_voice_verification_code request = {
#ifdef REFUSED
        .verify_code = 20408,
#else
        .verify_code = "20408",
#endif
    };
    return request;
}
