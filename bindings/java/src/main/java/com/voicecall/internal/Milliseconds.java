package com.voicecall.internal;

import java.time.Duration;

/** Lengths of time as the library takes them. */
public final class Milliseconds {
    private static final int NANOSECONDS = 1_000_000;

    private Milliseconds() {
    }

    /**
     * A started millisecond counts: the library takes 0 for "not set", so nothing may be rounded to it. What is too long for
     * the number is longer than the library allows, too.
     */
    static long of(Duration time) {
        try {
            return time.toMillis() + (time.getNano() % NANOSECONDS > 0 ? 1 : 0);
        } catch (ArithmeticException exception) {
            return time.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * The longest time for one call; 0 for the client's own.
     *
     * @param timeout the time; null for the client's own
     * @return milliseconds
     * @throws IllegalArgumentException it is not longer than nothing
     */
    public static long ofCall(Duration timeout) {
        if (timeout == null) {
            return 0;
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is not longer than nothing; null is the client's");
        }
        return of(timeout);
    }
}
