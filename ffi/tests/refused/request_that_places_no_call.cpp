/* What places no call is no call. */
#include "voicecall.hpp"

std::string session(const voicecall::Client &client, const voicecall::VoiceCallback &call, const voicecall::Recording &recording) {
#ifdef REFUSED
    (void)call;
    return client.create_voice_callback(recording).session_id;
#else
    (void)recording;
    return client.create_voice_callback(call).session_id;
#endif
}
