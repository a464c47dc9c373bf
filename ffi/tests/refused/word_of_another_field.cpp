/* A member of another enumeration does not compile. */
#include "voicecall.hpp"

void fill(voicecall::VoiceCallback &request) {
#ifdef REFUSED
    request.callee_media = voicecall::LastMinToUe::both;
#else
    request.callee_media = voicecall::CalleeMedia::all;
#endif
}
