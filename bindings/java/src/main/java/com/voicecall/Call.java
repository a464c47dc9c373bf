package com.voicecall;

import com.voicecall.internal.Shown;
import com.voicecall.internal.Value;
import java.time.Instant;
import java.util.List;

/**
 * Everything that is known about one call. What is not known is null.
 */
public final class Call {
    private final String sessionId;
    private final String attemptTag;
    private final String state;
    private final String scene;
    private final String operation;
    private final String appKey;
    private final String userData;
    private final Instant placedAt;
    private final boolean answered;
    private final Long talkSeconds;
    private final Long billableMinutes;
    private final boolean inferred;
    private final List<CallLeg> legs;
    private final List<String> digits;
    private final boolean isOver;
    private final Instant endedAt;
    private final String hungUp;
    private final Explanation explanation;
    private final int conflicts;
    private final String json;

    Call(Value value, String at) {
        sessionId = value.text(at + "/session_id");
        attemptTag = value.text(at + "/attempt_tag");
        state = value.text(at + "/state");
        scene = value.text(at + "/scene");
        operation = value.text(at + "/operation");
        appKey = value.text(at + "/app_key");
        userData = value.text(at + "/user_data");
        placedAt = time(value, at + "/placed_at");
        answered = value.flag(at + "/answered", false);
        talkSeconds = value.integer(at + "/talk_seconds");
        billableMinutes = value.integer(at + "/billable_minutes");
        inferred = value.flag(at + "/inferred", false);
        legs = value.items(at + "/legs", CallLeg::new);
        digits = value.items(at + "/digits", (document, item) -> document.text(item + "/keys"));
        isOver = value.has(at + "/ending");
        endedAt = time(value, at + "/ending/at");
        hungUp = value.text(at + "/ending/hung_up");
        explanation = Explanation.at(value, at + "/ending/explanation");
        conflicts = value.integer(at + "/conflicts", 0);
        json = value.json(at);
    }

    /**
     * Identifies the call.
     *
     * @return the id; null for an attempt whose outcome is unknown: nothing has named it yet
     */
    public String sessionId() {
        return sessionId;
    }

    /**
     * The mark by which the attempt is recognised, if it had one.
     *
     * @return the mark
     */
    public String attemptTag() {
        return attemptTag;
    }

    /**
     * How far the call has come.
     *
     * @return {@code attempted}, {@code placed}, {@code calling}, {@code ringing}, {@code answered}, {@code ended} or
     *     {@code billed}
     */
    public String state() {
        return state;
    }

    /**
     * What kind of call it is.
     *
     * @return {@code callback}, {@code play} or {@code unknown}
     */
    public String scene() {
        return scene;
    }

    /**
     * The operation that placed it; known only if the placing was registered.
     *
     * @return its name
     */
    public String operation() {
        return operation;
    }

    /**
     * Key of the application; known from the CDR.
     *
     * @return the key
     */
    public String appKey() {
        return appKey;
    }

    /**
     * The request's user data, without the attempt tag.
     *
     * @return the text
     */
    public String userData() {
        return userData;
    }

    /**
     * When it was placed; known only if the placing was registered.
     *
     * @return the time
     */
    public Instant placedAt() {
        return placedAt;
    }

    /**
     * Whether it reached the person it was for: B of a callback, else the callee.
     *
     * @return whether it did
     */
    public boolean answered() {
        return answered;
    }

    /**
     * How long the parties could talk; known from the CDR.
     *
     * @return seconds
     */
    public Long talkSeconds() {
        return talkSeconds;
    }

    /**
     * The billable minutes of all legs; known from the CDR.
     *
     * @return minutes
     */
    public Long billableMinutes() {
        return billableMinutes;
    }

    /**
     * Whether the minutes are inferred. The bill decides.
     *
     * @return whether they are
     */
    public boolean inferred() {
        return inferred;
    }

    /**
     * The legs.
     *
     * @return A and B of a callback, else one
     */
    public List<CallLeg> legs() {
        return legs;
    }

    /**
     * The keys that were pressed.
     *
     * @return the keys, in order of time
     */
    public List<String> digits() {
        return digits;
    }

    /**
     * Whether it has ended.
     *
     * @return whether it has
     */
    public boolean isOver() {
        return isOver;
    }

    /**
     * When it ended.
     *
     * @return the time
     */
    public Instant endedAt() {
        return endedAt;
    }

    /**
     * The leg that hung up first. Inferred.
     *
     * @return {@code a} or {@code b}
     */
    public String hungUp() {
        return hungUp;
    }

    /**
     * Why it ended, and what to do.
     *
     * @return the explanation
     */
    public Explanation explanation() {
        return explanation;
    }

    /**
     * How many pushes contradict another about the same thing. They are kept, and do not count.
     *
     * @return the number
     */
    public int conflicts() {
        return conflicts;
    }

    /**
     * Everything, with its timeline and its CDRs; see {@code call} of {@code voicecall_intake_perform()} in
     * {@code voicecall.h}. Holds personal data.
     *
     * @return JSON text
     */
    public String json() {
        return json;
    }

    @Override
    public String toString() {
        return new Shown("Call")
                .plain("sessionId", sessionId)
                .plain("state", state)
                .plain("answered", answered)
                .plain("legs", legs)
                .toString();
    }

    static Instant time(Value value, String at) {
        String text = value.text(at);
        return text == null ? null : Instant.parse(text);
    }
}
