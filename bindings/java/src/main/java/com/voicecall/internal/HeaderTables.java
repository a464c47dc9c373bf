package com.voicecall.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The headers of a request as the library takes them: a table of names and one of values. */
public final class HeaderTables {
    private final TextTable names;
    private final TextTable values;

    /**
     * Copies the headers. A name without values, or with null for them, is left out.
     *
     * @param headers of the request
     */
    public HeaderTables(Map<String, List<String>> headers) {
        List<String> named = new ArrayList<>();
        List<String> valued = new ArrayList<>();
        Objects.requireNonNull(headers, "headers").forEach((name, all) -> {
            for (String value : all == null ? List.<String>of() : all) {
                named.add(name);
                valued.add(value);
            }
        });
        names = new TextTable(named);
        values = new TextTable(valued);
    }

    public TextTable names() {
        return names;
    }

    public TextTable values() {
        return values;
    }
}
