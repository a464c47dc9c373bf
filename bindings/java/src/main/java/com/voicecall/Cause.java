package com.voicecall;

import com.voicecall.internal.Value;

/**
 * One code and what it means. A code that no table has is a value without meaning, not an error.
 */
public class Cause {
    private final String field;
    private final Long code;
    private final String table;
    private final String nameZh;
    private final String meaning;
    private final String advice;

    Cause(Value value, String pointer) {
        field = value.text(pointer + "/field");
        code = value.integer(pointer + "/code");
        table = value.text(pointer + "/table");
        nameZh = value.text(pointer + "/name_zh");
        meaning = value.text(pointer + "/meaning");
        advice = value.text(pointer + "/advice");
    }

    /**
     * Name of the field that holds the code.
     *
     * @return the name
     */
    public String field() {
        return field;
    }

    /**
     * The code.
     *
     * @return the number
     */
    public Long code() {
        return code;
    }

    /**
     * The table that has the code, or would have it.
     *
     * @return the table; null for a SIP status, of which the platform has no table
     */
    public String table() {
        return table;
    }

    /**
     * The platform's name for it, in Chinese.
     *
     * @return the name, or null
     */
    public String nameZh() {
        return nameZh;
    }

    /**
     * What it means.
     *
     * @return the meaning in English, or null
     */
    public String meaning() {
        return meaning;
    }

    /**
     * What to do.
     *
     * @return the advice in English, or null
     */
    public String advice() {
        return advice;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "{" + field + "=" + code + ", " + meaning + "}";
    }
}
