/* A client is moved, never copied. */
#include "voicecall.hpp"

voicecall::Client take(voicecall::Client &client) {
#ifdef REFUSED
    return client;
#else
    return std::move(client);
#endif
}
