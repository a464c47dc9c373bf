package com.voicecall;

import com.voicecall.internal.Shown;
import com.voicecall.internal.Value;

/**
 * One leg of a call: the platform and one phone. What the record does not tell is null.
 */
public final class Leg {
    private final String name;
    private final String number;
    private final String displayNumber;
    private final boolean answered;
    private final Long talkSeconds;
    private final Long billableMinutes;
    private final boolean inferred;

    Leg(Value value, String pointer) {
        name = value.text(pointer + "/leg");
        number = value.text(pointer + "/number");
        displayNumber = value.text(pointer + "/display_number");
        answered = value.flag(pointer + "/answered", false);
        talkSeconds = value.integer(pointer + "/talk_seconds");
        billableMinutes = value.integer(pointer + "/billable_minutes");
        inferred = value.flag(pointer + "/inferred", true);
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
     * The called number. Personal data.
     *
     * @return the number
     */
    public String number() {
        return number;
    }

    /**
     * The number shown to the called party.
     *
     * @return the number
     */
    public String displayNumber() {
        return displayNumber;
    }

    /**
     * Whether it was answered.
     *
     * @return whether it was
     */
    public boolean answered() {
        return answered;
    }

    /**
     * Seconds from the answer to the end of the call.
     *
     * @return seconds; 0 when unanswered
     */
    public Long talkSeconds() {
        return talkSeconds;
    }

    /**
     * Whole minutes, each started minute counted.
     *
     * @return minutes
     */
    public Long billableMinutes() {
        return billableMinutes;
    }

    /**
     * Whether the start of this leg's billing is inferred. The bill decides.
     *
     * @return whether it is
     */
    public boolean inferred() {
        return inferred;
    }

    @Override
    public String toString() {
        return new Shown("Leg")
                .plain("name", name)
                .lastFour("number", number)
                .plain("answered", answered)
                .plain("talkSeconds", talkSeconds)
                .plain("billableMinutes", billableMinutes)
                .toString();
    }
}
