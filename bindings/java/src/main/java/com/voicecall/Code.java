package com.voicecall;

import com.voicecall.internal.Value;

/** A code of the platform, and what its table says of it. What the table does not say is null. */
public final class Code {
    private final boolean isKnown;
    private final boolean isOutdated;
    private final String range;
    private final String nameZh;
    private final String text;
    private final Long httpStatus;
    private final String meaning;
    private final String advice;
    private final Retry retry;

    Code(Value row) {
        isKnown = row.flag("/known", false);
        isOutdated = row.flag("/outdated", false);
        range = row.text("/code");
        nameZh = row.text("/name_zh");
        text = row.text("/text");
        httpStatus = row.integer("/http_status");
        meaning = row.text("/meaning");
        advice = row.text("/advice");
        String advised = row.text("/retry");
        retry = advised == null ? null : Retry.of(advised);
    }

    /**
     * Whether the table has it.
     *
     * @return false for a code that is not documented
     */
    public boolean isKnown() {
        return isKnown;
    }

    /**
     * Whether the service's documentation has dropped it.
     *
     * @return true for one that is not there any more
     */
    public boolean isOutdated() {
        return isOutdated;
    }

    /**
     * The code as the table has it; a range such as {@code 400~699} stands for all its codes.
     *
     * @return the code or the range
     */
    public String range() {
        return range;
    }

    /**
     * The platform's name for it, in Chinese.
     *
     * @return the name
     */
    public String nameZh() {
        return nameZh;
    }

    /**
     * The platform's text for it.
     *
     * @return the text
     */
    public String text() {
        return text;
    }

    /**
     * The HTTP status that it comes with.
     *
     * @return the status
     */
    public Integer httpStatus() {
        return httpStatus == null ? null : httpStatus.intValue();
    }

    /**
     * What it means.
     *
     * @return the meaning in English
     */
    public String meaning() {
        return meaning;
    }

    /**
     * What to do.
     *
     * @return the advice in English
     */
    public String advice() {
        return advice;
    }

    /**
     * Whether placing the call again makes sense.
     *
     * @return the advice, of codes of answers only
     */
    public Retry retry() {
        return retry;
    }

    @Override
    public String toString() {
        return "Code{" + range + ", " + meaning + "}";
    }
}
