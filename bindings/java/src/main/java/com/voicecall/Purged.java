package com.voicecall;

import com.voicecall.internal.Value;

/**
 * How much was deleted.
 */
public final class Purged {
    private final long calls;
    private final long attempts;
    private final long others;

    Purged(Value value) {
        calls = value.integer("/calls", 0);
        attempts = value.integer("/attempts", 0);
        others = value.integer("/others", 0);
    }

    /**
     * Calls, each with its events, its CDR and what contradicted them.
     *
     * @return the number
     */
    public long calls() {
        return calls;
    }

    /**
     * Attempts.
     *
     * @return the number
     */
    public long attempts() {
        return attempts;
    }

    /**
     * Texts that could not be taken, and pushes that name no call.
     *
     * @return the number
     */
    public long others() {
        return others;
    }
}
