/* A plain number does not compile where 0 would differ from "not set". */
#include "voicecall_calls.h"

voicecall_voice_verification_code request(int64_t times);
voicecall_voice_verification_code request(int64_t times) {
    const voicecall_voice_verification_code request = {
#ifdef REFUSED
        .times = {times},
#else
        .times = VOICECALL_INT(times),
#endif
    };
    return request;
}
