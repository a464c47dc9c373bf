package com.voicecall;

import com.voicecall.internal.Value;

/**
 * A call that is about to be placed, registered under a mark.
 */
public final class Attempt {
    private final String tag;
    private final String userData;

    Attempt(Value value) {
        tag = value.text("/attemptTag");
        userData = value.text("/request/userData");
    }

    /**
     * The mark by which the call's webhooks recognise it.
     *
     * @return the mark
     */
    public String tag() {
        return tag;
    }

    /**
     * The user data to place the request with: its own, and the mark. With a client without {@code attemptTag}.
     *
     * @return the text
     */
    public String userData() {
        return userData;
    }
}
