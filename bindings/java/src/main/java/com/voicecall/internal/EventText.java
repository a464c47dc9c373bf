package com.voicecall.internal;

import java.util.function.Function;

/** The texts of a message and of its records. */
public final class EventText {
    private EventText() {
    }

    public static String raw(Handle of, long record) {
        long[] json = new long[1];
        long[] length = new long[1];
        long[] error = new long[1];
        long event = of.begin();
        try {
            Status.found(Native.voicecall_event_raw(event, record, json, length, error), error);
            return Utf8.text(json[0], length[0]);
        } finally {
            of.end();
        }
    }

    public static String json(Handle of, long record) {
        return value(of, (event, value, error) -> Native.voicecall_event_value(event, record, value, error), Value::json);
    }

    /** What a record says when its fields are taken together. */
    public static <T> T summary(Handle of, long record, String pricePerMinute, Function<Value, T> read) {
        byte[] price = Utf8.terminated(pricePerMinute);
        return value(of, (event, value, error) -> Native.voicecall_event_summary(event, record, price, value, error), read);
    }

    /** Calls a function that makes a value of an object, and reads that. */
    public static <T> T value(Handle of, Maker maker, Function<Value, T> read) {
        long[] value = new long[1];
        long[] error = new long[1];
        long address = of.begin();
        try {
            Status.found(maker.make(address, value, error), error);
        } finally {
            of.end();
        }
        try (Value made = new Value(value[0])) {
            return read.apply(made);
        }
    }

    /** A function that makes a value of an object. */
    public interface Maker {
        int make(long address, long[] value, long[] error);
    }
}
