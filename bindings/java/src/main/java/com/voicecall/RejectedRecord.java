package com.voicecall;

import com.voicecall.internal.Value;

/**
 * A record of a CDR push that could not be read.
 */
public final class RejectedRecord {
    private final int index;
    private final String field;
    private final String reason;
    private final String raw;

    RejectedRecord(Value value, String pointer) {
        index = value.integer(pointer + "/index", 0);
        field = value.text(pointer + "/field");
        reason = value.text(pointer + "/reason");
        raw = value.text(pointer + "/raw");
    }

    /**
     * Position in the message's list of records.
     *
     * @return the position, from 0
     */
    public int index() {
        return index;
    }

    /**
     * JSON pointer to what is at fault, e.g. {@code /feeLst/1/callEndTime}.
     *
     * @return the pointer
     */
    public String field() {
        return field;
    }

    /**
     * What is wrong with it.
     *
     * @return one English sentence
     */
    public String reason() {
        return reason;
    }

    /**
     * The JSON text of the record, as it came. Holds personal data.
     *
     * @return JSON text
     */
    public String raw() {
        return raw;
    }

    @Override
    public String toString() {
        return "RejectedRecord{" + field + ": " + reason + "}";
    }
}
