package com.voicecall;

import com.voicecall.internal.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/**
 * A text that came and could not be taken. What it holds is nobody's promise: personal data, and whatever else somebody sent.
 */
public final class RejectedText {
    private final long id;
    private final String rejectedClass;
    private final Instant receivedAt;
    private final Long position;
    private final String field;
    private final String reason;
    private final String verdict;
    private final Long size;
    private final byte[] raw;

    RejectedText(Value value, String at) {
        id = value.integer(at + "/id", 0);
        rejectedClass = value.text(at + "/class");
        receivedAt = Call.time(value, at + "/received_at");
        position = value.integer(at + "/position");
        field = value.text(at + "/field");
        reason = value.text(at + "/reason");
        verdict = value.text(at + "/verdict");
        size = value.integer(at + "/size");
        String text = value.text(at + "/raw");
        raw = text == null
                ? Base64.getDecoder().decode(value.text(at + "/raw_base64", ""))
                : text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * By which {@link Intake#admitRejected} takes it in.
     *
     * @return the id
     */
    public long id() {
        return id;
    }

    /**
     * Why it was not taken.
     *
     * @return {@code record} (a record of a CDR push that cannot be read), {@code malformed} (a body that is no push) or
     *     {@code refused} (the policy refused its signature)
     */
    public String rejectedClass() {
        return rejectedClass;
    }

    /**
     * When it came first.
     *
     * @return the time
     */
    public Instant receivedAt() {
        return receivedAt;
    }

    /**
     * Its position in its CDR push.
     *
     * @return the position, from 0; null for a whole body
     */
    public Long position() {
        return position;
    }

    /**
     * The field at fault.
     *
     * @return a JSON pointer into the push; null where none is
     */
    public String field() {
        return field;
    }

    /**
     * What is wrong with it. Quotes nothing of it.
     *
     * @return one English sentence
     */
    public String reason() {
        return reason;
    }

    /**
     * The verdict on the signature.
     *
     * @return {@code valid}, {@code unsigned}, {@code not_checked} or {@code refused}
     */
    public String verdict() {
        return verdict;
    }

    /**
     * Bytes that came.
     *
     * @return the number; more than in {@link #raw()} where it was too long to be kept whole
     */
    public long size() {
        return size == null ? 0 : size;
    }

    /**
     * What is kept of it.
     *
     * @return its bytes
     */
    public byte[] raw() {
        return raw.clone();
    }

    @Override
    public String toString() {
        return "RejectedText{" + rejectedClass + ": " + reason + "}";
    }
}
