package com.voicecall.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** The fields of one record, while it is read. */
public final class Row {
    /** Records that are read in one call: enough to make the call cheap, few enough to keep its arrays small. */
    private static final int MOST = 16;

    private final Handle event;
    private final long[] texts;
    private final long[] lengths;
    private final long[] integers;

    /** The last text of each field. */
    private final String[] made;

    /** Where the record's columns begin, and its position in the event. */
    private int begin;

    private int index;

    private Row(Handle event, int fields) {
        this.event = event;
        texts = new long[MOST * fields];
        lengths = new long[MOST * fields];
        integers = new long[MOST * fields];
        made = new String[fields];
    }

    /** Reads all records of an event; {@code record} makes an object of each. */
    public static <T> List<T> readAll(Handle event, TextTable fields, Function<Row, T> record) {
        long address = event.begin();
        try {
            int count = Math.toIntExact(Native.voicecall_event_record_count(address));
            List<T> records = new ArrayList<>(count);
            Row row = new Row(event, fields.size());
            for (int first = 0; first < count; first += MOST) {
                row.readSome(address, fields, first, Math.min(MOST, count - first), record, records);
            }
            return Collections.unmodifiableList(records);
        } finally {
            event.end();
        }
    }

    /** The event that the record is of. */
    public Handle event() {
        return event;
    }

    /** The record's position in it. */
    public int index() {
        return index;
    }

    /**
     * A text. The records of a push are of one application and one second: where a field says what it said in the record
     * before, it is the same object.
     */
    public String text(int field) {
        String text = Utf8.text(texts[begin + field], lengths[begin + field]);
        if (text != null && text.equals(made[field])) {
            return made[field];
        }
        made[field] = text;
        return text;
    }

    public Long integer(int field) {
        long integer = integers[begin + field];
        return integer == Numbers.NO_INTEGER ? null : (Long) integer;
    }

    public Instant time(int field) {
        long seconds = integers[begin + field];
        return seconds == Numbers.NO_INTEGER ? null : Instant.ofEpochSecond(seconds);
    }

    private <T> void readSome(
            long address, TextTable fields, int first, int count, Function<Row, T> record, List<T> records) {
        long[] error = new long[1];
        int status = Native.voicecall_event_read(
                address, first, count, fields.addresses(), fields.size(), texts, lengths, integers, error);
        Status.found(status, error);
        for (int i = 0; i < count; i++) {
            begin = i * fields.size();
            index = first + i;
            records.add(record.apply(this));
        }
    }
}
