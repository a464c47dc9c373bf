package com.voicecall;

import com.voicecall.internal.Shown;
import com.voicecall.internal.Value;

/**
 * What the check of a push's signature found. What does not apply is null.
 */
public final class Verdict {
    private final String name;
    private final String appKey;
    private final String url;
    private final DigestForm form;
    private final CreatedZone zone;
    private final Long secretIndex;
    private final boolean repeated;
    private final String reason;
    private final String message;
    private final String hint;
    private final Long ageSeconds;

    Verdict(Value value) {
        this(value, "");
    }

    Verdict(Value value, String at) {
        name = value.text(at + "/verdict");
        appKey = value.text(at + "/app_key");
        url = value.text(at + "/url");
        form = DigestForm.of(value.text(at + "/form"));
        zone = CreatedZone.of(value.text(at + "/zone"));
        secretIndex = value.integer(at + "/secret_index");
        repeated = value.flag(at + "/repeated", false);
        reason = value.text(at + "/reason");
        message = value.text(at + "/message");
        hint = value.text(at + "/hint");
        ageSeconds = value.integer(at + "/age_seconds");
    }

    /**
     * The verdict. A signature does not cover the body: check that the session id is that of a call that was placed.
     *
     * @return {@code valid}, {@code unsigned} (and none is required), {@code not_checked} or {@code refused}
     */
    public String name() {
        return name;
    }

    /**
     * Of a valid one: key of the application that signed.
     *
     * @return the key
     */
    public String appKey() {
        return appKey;
    }

    /**
     * Of a valid one: the registered address that the signature covers.
     *
     * @return the address
     */
    public String url() {
        return url;
    }

    /**
     * Of a valid one: what the digest was made over.
     *
     * @return the form
     */
    public DigestForm form() {
        return form;
    }

    /**
     * Of a valid one: the zone in which its time is recent.
     *
     * @return the zone; null when in neither
     */
    public CreatedZone zone() {
        return zone;
    }

    /**
     * Of a valid one: which of the application's secrets it was made with.
     *
     * @return 0 for the one that was set first
     */
    public Long secretIndex() {
        return secretIndex;
    }

    /**
     * Of a valid one: whether the same push was received before, byte for byte. Its event is handed over again, because the
     * first time may have come to nothing.
     *
     * @return true when it came before
     */
    public boolean isRepeated() {
        return repeated;
    }

    /**
     * Of a refused one: why.
     *
     * @return {@code missing_header}, {@code unreadable_header}, {@code unknown_application}, {@code digest_mismatch},
     *     {@code stale} or {@code replayed}
     */
    public String reason() {
        return reason;
    }

    /**
     * The same as a sentence, with the usual cause. Names no digest.
     *
     * @return one English sentence
     */
    public String message() {
        return message;
    }

    /**
     * What is nearly right.
     *
     * @return {@code trailing_slash} or {@code other_application}
     */
    public String hint() {
        return hint;
    }

    /**
     * Of a stale one: how far the signature's time is behind the clock.
     *
     * @return seconds; negative when ahead
     */
    public Long ageSeconds() {
        return ageSeconds;
    }

    /**
     * Whether the signature holds.
     *
     * @return true for {@code valid}
     */
    public boolean isValid() {
        return "valid".equals(name);
    }

    /**
     * Whether the push is not accepted.
     *
     * @return true for {@code refused}
     */
    public boolean isRefused() {
        return "refused".equals(name);
    }

    @Override
    public String toString() {
        return new Shown("Verdict").plain("name", name).plain("reason", reason).plain("hint", hint).toString();
    }
}
