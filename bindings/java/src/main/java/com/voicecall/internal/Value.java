package com.voicecall.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A JSON document of the library. Places in it are JSON pointers, e.g. {@code /explanation/code}. For one thread, in a
 * {@code try} that frees it.
 */
public final class Value implements AutoCloseable {
    private static final byte[] ROOT = {0};

    private final long handle;

    /** The whole document as text, where the library gave it along. */
    private final String printed;

    /** What functions write: an address, a number; a length; an error. */
    private final long[] out = new long[1];

    private final long[] length = new long[1];
    private final long[] error = new long[1];

    /**
     * Takes a value over.
     *
     * @param handle what the library gave
     */
    public Value(long handle) {
        this(handle, null);
    }

    /**
     * Takes a value over whose text is known.
     *
     * @param handle what the library gave
     * @param printed the whole document as compact JSON
     */
    public Value(long handle, String printed) {
        this.handle = handle;
        this.printed = printed;
    }

    public long handle() {
        return handle;
    }

    @Override
    public void close() {
        Native.voicecall_value_free(handle);
    }

    /**
     * Reads JSON text.
     *
     * @param json the text
     * @return its value
     */
    public static Value parse(String json) {
        try (JsonWriter text = JsonWriter.of(json)) {
            return parse(text);
        }
    }

    static Value parse(JsonWriter json) {
        Library.require();
        long[] value = new long[1];
        long[] error = new long[1];
        Status.found(Native.voicecall_value_parse(json.bytes(), json.length(), value, error), error);
        return new Value(value[0]);
    }

    /**
     * The value of what is written.
     *
     * @param write writes it
     * @return its value
     */
    public static Value of(Consumer<JsonWriter> write) {
        try (JsonWriter json = JsonWriter.of(write)) {
            return parse(json);
        }
    }

    /** The text at a pointer; null when there is nothing, or null. */
    public String text(byte[] pointer) {
        int status = Native.voicecall_value_get_text(handle, pointer, out, length, error);
        return Status.found(status, error) ? Utf8.text(out[0], length[0]) : null;
    }

    public String text(String pointer) {
        return text(Utf8.terminated(pointer));
    }

    public String text(String pointer, String otherwise) {
        String text = text(pointer);
        return text == null ? otherwise : text;
    }

    /** The whole number at a pointer; null when there is nothing, or null. */
    public Long integer(byte[] pointer) {
        int status = Native.voicecall_value_get_integer(handle, pointer, out, error);
        return Status.found(status, error) ? (Long) out[0] : null;
    }

    public Long integer(String pointer) {
        return integer(Utf8.terminated(pointer));
    }

    public int integer(String pointer, int otherwise) {
        Long integer = integer(pointer);
        return integer == null ? otherwise : integer.intValue();
    }

    public boolean flag(String pointer, boolean otherwise) {
        byte[] flag = new byte[1];
        int status = Native.voicecall_value_get_flag(handle, Utf8.terminated(pointer), flag, error);
        return Status.found(status, error) ? flag[0] != 0 : otherwise;
    }

    /** Whether anything but null is there. */
    public boolean has(String pointer) {
        int[] type = new int[1];
        int status = Native.voicecall_value_type(handle, Utf8.terminated(pointer), type, error);
        return Status.found(status, error) && type[0] != Numbers.TYPE_NULL;
    }

    /** Makes something of every item of a list; {@code item} gets the item's pointer. */
    public <T> List<T> items(String pointer, BiFunction<Value, String, T> item) {
        int status = Native.voicecall_value_length(handle, Utf8.terminated(pointer), length, error);
        int count = Status.found(status, error) ? Math.toIntExact(length[0]) : 0;
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.apply(this, pointer + "/" + i));
        }
        return Collections.unmodifiableList(items);
    }

    /** The members of an object of texts. */
    public Map<String, String> texts(String pointer) {
        Map<String, String> texts = new LinkedHashMap<>();
        String key = key(pointer, 0);
        for (int i = 1; key != null; i++) {
            texts.put(key, text(pointer + "/" + key.replace("~", "~0").replace("/", "~1")));
            key = key(pointer, i);
        }
        return Collections.unmodifiableMap(texts);
    }

    /** The whole document as compact JSON. */
    public String json() {
        return printed == null ? json(ROOT) : printed;
    }

    /** What is at a pointer as compact JSON; null when there is nothing. */
    public String json(String pointer) {
        return json(Utf8.terminated(pointer));
    }

    private String json(byte[] pointer) {
        int status = Native.voicecall_value_print(handle, pointer, out, length, error);
        return Status.found(status, error) ? Utf8.text(out[0], length[0]) : null;
    }

    private String key(String pointer, int index) {
        int status = Native.voicecall_value_key(handle, Utf8.terminated(pointer), index, out, length, error);
        return Status.found(status, error) ? Utf8.text(out[0], length[0]) : null;
    }

    /** Puts JSON text at a pointer. */
    void setJson(byte[] pointer, String json) {
        byte[] bytes = Utf8.bytes(json);
        Status.found(Native.voicecall_value_set_json(handle, pointer, bytes, bytes.length, error), error);
    }
}
