package com.voicecall.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The headers of a request as the library takes them: a table of names and one of values. */
public final class HeaderTables {
    private final TextTable names;
    private final TextTable values;

    private HeaderTables(List<String> named, List<String> valued) {
        names = new TextTable(named);
        values = new TextTable(valued);
    }

    /**
     * Copies the headers. A name without values, or with null for them, is left out.
     *
     * @param headers of the request
     * @return the tables
     */
    public static HeaderTables of(Map<String, List<String>> headers) {
        List<String> named = new ArrayList<>();
        List<String> valued = new ArrayList<>();
        Objects.requireNonNull(headers, "headers").forEach((name, all) -> {
            for (String value : all == null ? List.<String>of() : all) {
                named.add(name);
                valued.add(value);
            }
        });
        return new HeaderTables(named, valued);
    }

    /**
     * Copies the headers.
     *
     * @param headers of the request
     * @return the tables
     */
    public static HeaderTables of(Iterable<? extends Map.Entry<String, String>> headers) {
        List<String> named = new ArrayList<>();
        List<String> valued = new ArrayList<>();
        for (Map.Entry<String, String> header : Objects.requireNonNull(headers, "headers")) {
            named.add(header.getKey());
            valued.add(header.getValue());
        }
        return new HeaderTables(named, valued);
    }

    /**
     * Looks up the only header that is read.
     *
     * @param headers gives the value of a header, null if there is none
     * @return the tables
     */
    public static HeaderTables of(Function<String, String> headers) {
        String value = Objects.requireNonNull(headers, "headers").apply(Numbers.SIGNATURE_HEADER);
        return value == null
                ? new HeaderTables(List.of(), List.of())
                : new HeaderTables(List.of(Numbers.SIGNATURE_HEADER), List.of(value));
    }

    public TextTable names() {
        return names;
    }

    public TextTable values() {
        return values;
    }
}
