package com.voicecall.internal;

/** What {@code toString} says of an object: what is set, masked as the library masks it in its own texts. */
public final class Shown {
    private static final int READABLE_DIGITS = 4;

    private final StringBuilder text;
    private boolean isFirst = true;

    public Shown(String type) {
        text = new StringBuilder(type).append('{');
    }

    public Shown plain(String name, Object value) {
        return value == null ? this : add(name, value);
    }

    /** A phone number: all digits but the last four are masked. */
    public Shown lastFour(String name, Object value) {
        return value == null ? this : add(name, masked(value.toString()));
    }

    public Shown hidden(String name, Object value) {
        return value == null ? this : add(name, "***");
    }

    @Override
    public String toString() {
        return text + "}";
    }

    private Shown add(String name, Object value) {
        text.append(isFirst ? "" : ", ").append(name).append('=').append(value);
        isFirst = false;
        return this;
    }

    private static StringBuilder masked(String number) {
        StringBuilder masked = new StringBuilder(number);
        int readable = READABLE_DIGITS;
        for (int i = number.length() - 1; i >= 0; i--) {
            if (number.charAt(i) >= '0' && number.charAt(i) <= '9' && readable-- <= 0) {
                masked.setCharAt(i, '*');
            }
        }
        return masked;
    }
}
