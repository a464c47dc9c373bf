package com.voicecall;

import java.util.Objects;

/**
 * Why something failed: what happened, whether a phone may have rung, and what to do. Names no secret and no full phone
 * number. Look at {@link #delivery()} before placing a call again.
 *
 * <p>Unchecked, because most programs can do nothing about it where it occurs, and because futures and lambdas would wrap it.
 * What does not apply is null.
 *
 * @serial exclude
 */
public final class VoiceCallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorKind kind;
    private final String kindName;
    private final Delivery delivery;
    private final Retry retry;
    private final String advice;
    private final String field;
    private final String rule;
    private final String measured;
    private final String resultCode;
    private final String resultDesc;
    private final String meaning;
    private final String attemptTag;
    private final Integer httpStatus;

    private VoiceCallException(Builder builder) {
        super(builder.message);
        kind = builder.kind;
        kindName = builder.kindName;
        delivery = builder.delivery;
        retry = builder.retry;
        advice = builder.advice;
        field = builder.field;
        rule = builder.rule;
        measured = builder.measured;
        resultCode = builder.resultCode;
        resultDesc = builder.resultDesc;
        meaning = builder.meaning;
        attemptTag = builder.attemptTag;
        httpStatus = builder.httpStatus;
    }

    /**
     * Begins an exception such as the library throws it, for tests of programs that handle it.
     *
     * @param kind what kind of thing went wrong
     * @param message what happened
     * @return a builder with delivery {@link Delivery#NOT_SENT}, retry {@link Retry#NEVER} and the advice of the kind
     */
    public static Builder builder(ErrorKind kind, String message) {
        return new Builder(Objects.requireNonNull(kind, "kind"), Objects.requireNonNull(message, "message"));
    }

    /**
     * What kind of thing went wrong.
     *
     * @return the kind; {@link ErrorKind#UNEXPECTED} for one that this version does not know
     */
    public ErrorKind kind() {
        return kind;
    }

    /**
     * The same as text, stable and the same in every language, e.g. {@code invalid_argument}.
     *
     * @return the name of the kind, also of one that this version does not know
     */
    public String kindName() {
        return kindName;
    }

    /**
     * Whether the request reached the platform. After {@link Delivery#UNKNOWN} the phone may be ringing: do not place the
     * call again by program.
     *
     * @return what is known
     */
    public Delivery delivery() {
        return delivery;
    }

    /**
     * Whether placing the call again makes sense.
     *
     * @return the advice
     */
    public Retry retry() {
        return retry;
    }

    /**
     * What to do.
     *
     * @return one or two English sentences
     */
    public String advice() {
        return advice;
    }

    /**
     * JSON pointer to the argument or setting at fault, e.g. {@code /playInfoList/2/templateParas}.
     *
     * @return the pointer, or null
     */
    public String field() {
        return field;
    }

    /**
     * The rule that the field breaks, e.g. {@code length}.
     *
     * @return the rule, or null
     */
    public String rule() {
        return rule;
    }

    /**
     * What was found at the field, in the unit of the rule.
     *
     * @return a number or a word, or null
     */
    public String measured() {
        return measured;
    }

    /**
     * The platform's result code; of {@link ErrorKind#INVALID_ARGUMENT} the one that the platform would have answered.
     *
     * @return the code, or null
     */
    public String resultCode() {
        return resultCode;
    }

    /**
     * The platform's text for the result code, phone numbers masked.
     *
     * @return the text, or null
     */
    public String resultDesc() {
        return resultDesc;
    }

    /**
     * What the result code means.
     *
     * @return the meaning in English, or null
     */
    public String meaning() {
        return meaning;
    }

    /**
     * The mark that the request carried in its user data, by which the call is recognised in webhooks; only with the setting
     * {@link Config#attemptTag()}.
     *
     * @return the mark, or null
     */
    public String attemptTag() {
        return attemptTag;
    }

    /**
     * The HTTP status of the platform's answer.
     *
     * @return the status; null when there was no answer
     */
    public Integer httpStatus() {
        return httpStatus;
    }

    /** Sets attributes by name. For one thread. */
    public static final class Builder {
        private final ErrorKind kind;
        private final String message;
        private String kindName;
        private Delivery delivery = Delivery.NOT_SENT;
        private Retry retry = Retry.NEVER;
        private String advice;
        private String field;
        private String rule;
        private String measured;
        private String resultCode;
        private String resultDesc;
        private String meaning;
        private String attemptTag;
        private Integer httpStatus;

        private Builder(ErrorKind kind, String message) {
            this.kind = kind;
            this.message = message;
            kindName = kind.id();
            advice = kind.advice();
        }

        /**
         * Sets {@link VoiceCallException#kindName()}.
         *
         * @param kindName the value
         * @return this builder
         */
        public Builder kindName(String kindName) {
            this.kindName = Objects.requireNonNull(kindName, "kindName");
            return this;
        }

        /**
         * Sets {@link VoiceCallException#delivery()}.
         *
         * @param delivery the value
         * @return this builder
         */
        public Builder delivery(Delivery delivery) {
            this.delivery = Objects.requireNonNull(delivery, "delivery");
            return this;
        }

        /**
         * Sets {@link VoiceCallException#retry()}.
         *
         * @param retry the value
         * @return this builder
         */
        public Builder retry(Retry retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * Sets {@link VoiceCallException#advice()}.
         *
         * @param advice the value
         * @return this builder
         */
        public Builder advice(String advice) {
            this.advice = Objects.requireNonNull(advice, "advice");
            return this;
        }

        /**
         * Sets {@link VoiceCallException#field()}.
         *
         * @param field the value, or null
         * @return this builder
         */
        public Builder field(String field) {
            this.field = field;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#rule()}.
         *
         * @param rule the value, or null
         * @return this builder
         */
        public Builder rule(String rule) {
            this.rule = rule;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#measured()}.
         *
         * @param measured the value, or null
         * @return this builder
         */
        public Builder measured(String measured) {
            this.measured = measured;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#resultCode()}.
         *
         * @param resultCode the value, or null
         * @return this builder
         */
        public Builder resultCode(String resultCode) {
            this.resultCode = resultCode;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#resultDesc()}.
         *
         * @param resultDesc the value, or null
         * @return this builder
         */
        public Builder resultDesc(String resultDesc) {
            this.resultDesc = resultDesc;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#meaning()}.
         *
         * @param meaning the value, or null
         * @return this builder
         */
        public Builder meaning(String meaning) {
            this.meaning = meaning;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#attemptTag()}.
         *
         * @param attemptTag the value, or null
         * @return this builder
         */
        public Builder attemptTag(String attemptTag) {
            this.attemptTag = attemptTag;
            return this;
        }

        /**
         * Sets {@link VoiceCallException#httpStatus()}.
         *
         * @param httpStatus the value, or null
         * @return this builder
         */
        public Builder httpStatus(Integer httpStatus) {
            this.httpStatus = httpStatus;
            return this;
        }

        /**
         * The exception, as of here.
         *
         * @return what can be thrown
         */
        public VoiceCallException build() {
            return new VoiceCallException(this);
        }
    }
}
