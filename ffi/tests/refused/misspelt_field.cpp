/* A misspelt member does not compile. */
#include "voicecall.hpp"

void fill(voicecall::VoiceCallback &request) {
#ifdef REFUSED
    request.calleNbr = "+8613800000021";
#else
    request.callee_nbr = "+8613800000021";
#endif
}
