/* A plain number does not compile where 0 would differ from "not set", without braces either. */
#include "voicecall_calls.h"

voicecall_config config(void);
voicecall_config config(void) {
    const voicecall_config config = {
#ifdef REFUSED
        .retries = 5,
#else
        .retries = VOICECALL_INT(5),
#endif
    };
    return config;
}
