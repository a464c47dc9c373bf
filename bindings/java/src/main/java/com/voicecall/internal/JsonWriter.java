package com.voicecall.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes what is set of an object as JSON in UTF-8. Its memory is wiped afterwards: it may hold secrets. */
public final class JsonWriter implements AutoCloseable {
    private static final char[] HEXADECIMAL = "0123456789abcdef".toCharArray();

    private static final byte[] EXTRA = Utf8.terminated("/extra");

    private byte[] bytes = new byte[512];
    private int length;
    private String extra;

    /**
     * The text of what is written.
     *
     * @param write writes it
     * @return its text, in a {@code try} that wipes it
     */
    public static JsonWriter of(Consumer<JsonWriter> write) {
        JsonWriter json = new JsonWriter();
        boolean isWhole = false;
        try {
            write.accept(json);
            if (json.extra != null) {
                json.extend();
            }
            isWhole = true;
            return json;
        } finally {
            if (!isWhole) {
                json.close();
            }
        }
    }

    /**
     * What is JSON text already.
     *
     * @param text the text
     * @return the same as bytes
     */
    public static JsonWriter of(String text) {
        JsonWriter json = new JsonWriter();
        json.replace(text);
        return json;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, 0, length, (byte) 0);
        length = 0;
    }

    /** Members beside the written ones, as the JSON text of an object; null for none. */
    public void extra(String json) {
        extra = json;
    }

    public void beginObject() {
        add('{');
    }

    public void endObject() {
        end('}');
    }

    public void member(String name, String value) {
        if (value != null) {
            name(name);
            text(value);
            add(',');
        }
    }

    public void member(String name, Long value) {
        if (value != null) {
            name(name);
            plain(value.toString());
        }
    }

    public void member(String name, Boolean value) {
        if (value != null) {
            name(name);
            plain(value.toString());
        }
    }

    /** A length of time in milliseconds. */
    public void member(String name, Duration value) {
        if (value != null) {
            member(name, (Long) Milliseconds.of(value));
        }
    }

    /** An object of its own. */
    public void object(String name, Consumer<JsonWriter> write) {
        if (write != null) {
            name(name);
            write.accept(this);
            add(',');
        }
    }

    /** A value that is JSON already. */
    public void json(String name, String json) {
        name(name);
        addAll(Utf8.bytes(json));
        add(',');
    }

    public void member(String name, List<String> values) {
        member(name, values, (value, to) -> to.text(value));
    }

    public <T> void member(String name, List<T> values, BiConsumer<T, JsonWriter> write) {
        if (values == null) {
            return;
        }
        name(name);
        add('[');
        for (T value : values) {
            write.accept(value, this);
            add(',');
        }
        end(']');
        add(',');
    }

    /** The further members are read as JSON of their own, so that they cannot reach what stands around them. */
    private void extend() {
        try (Value value = Value.parse(this)) {
            value.setJson(EXTRA, extra);
            replace(value.json());
        }
    }

    private void replace(String text) {
        close();
        bytes = Utf8.bytes(text);
        length = bytes.length;
    }

    private void name(String name) {
        text(name);
        add(':');
    }

    private void plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
        add(',');
    }

    private void text(String text) {
        add('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                int end = beyond(text, i);
                addAll(Utf8.bytes(text.substring(i, end)));
                i = end - 1;
            } else if (c < ' ' || c == '"' || c == '\\') {
                escaped(c);
            } else {
                add(c);
            }
        }
        add('"');
    }

    /** Where the characters beyond ASCII from here on end. */
    private static int beyond(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= 0x80) {
            end++;
        }
        return end;
    }

    private void escaped(char c) {
        add('\\');
        if (c >= ' ') {
            add(c);
            return;
        }
        add('u');
        add('0');
        add('0');
        add(HEXADECIMAL[c >> 4]);
        add(HEXADECIMAL[c & 15]);
    }

    /** Closes a list or an object; what stands in it ends with a comma. */
    private void end(char mark) {
        if (bytes[length - 1] == ',') {
            length--;
        }
        add(mark);
    }

    private void addAll(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void add(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    private void reserve(int count) {
        if (length + count <= bytes.length) {
            return;
        }
        byte[] smaller = bytes;
        bytes = Arrays.copyOf(smaller, Math.max(2 * smaller.length, length + count));
        Arrays.fill(smaller, (byte) 0);
    }
}
