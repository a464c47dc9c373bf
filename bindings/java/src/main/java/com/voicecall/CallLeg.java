package com.voicecall;

import com.voicecall.internal.Shown;
import com.voicecall.internal.Value;
import java.time.Instant;

/**
 * One leg of a call as far as its story goes. What is not known is null.
 */
public final class CallLeg {
    private final String name;
    private final String number;
    private final String displayNumber;
    private final String state;
    private final Instant callingAt;
    private final Instant ringingAt;
    private final Instant answeredAt;
    private final Long talkSeconds;
    private final Long billableMinutes;

    CallLeg(Value value, String at) {
        name = value.text(at + "/leg");
        number = value.text(at + "/number");
        displayNumber = value.text(at + "/display_number");
        state = value.text(at + "/state");
        callingAt = Call.time(value, at + "/calling_at");
        ringingAt = Call.time(value, at + "/ringing_at");
        answeredAt = Call.time(value, at + "/answered_at");
        talkSeconds = value.integer(at + "/talk_seconds");
        billableMinutes = value.integer(at + "/billable_minutes");
    }

    /**
     * Which leg it is.
     *
     * @return {@code a}: the first leg, or the only one; {@code b}: the second leg of a callback
     */
    public String name() {
        return name;
    }

    /**
     * The called number, as the store keeps it. Personal data.
     *
     * @return the number
     */
    public String number() {
        return number;
    }

    /**
     * The number shown there.
     *
     * @return the number
     */
    public String displayNumber() {
        return displayNumber;
    }

    /**
     * How far this leg has come.
     *
     * @return the state
     */
    public String state() {
        return state;
    }

    /**
     * When the platform began to call.
     *
     * @return the time
     */
    public Instant callingAt() {
        return callingAt;
    }

    /**
     * When the phone rang.
     *
     * @return the time
     */
    public Instant ringingAt() {
        return ringingAt;
    }

    /**
     * When it was answered.
     *
     * @return the time
     */
    public Instant answeredAt() {
        return answeredAt;
    }

    /**
     * Seconds from the answer to the end; known from the CDR.
     *
     * @return seconds
     */
    public Long talkSeconds() {
        return talkSeconds;
    }

    /**
     * Whole minutes, each started one counted; known from the CDR.
     *
     * @return minutes
     */
    public Long billableMinutes() {
        return billableMinutes;
    }

    @Override
    public String toString() {
        return new Shown("CallLeg").plain("name", name).lastFour("number", number).plain("state", state).toString();
    }
}
