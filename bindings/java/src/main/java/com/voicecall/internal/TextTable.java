package com.voicecall.internal;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A list of texts as an array of addresses, which are good as long as this is reachable. */
public final class TextTable {
    /** Keeps the memory that the addresses lead to. */
    private final Memory memory;

    private final long[] addresses;

    /**
     * Texts of the program itself.
     *
     * @param texts ASCII, none empty
     */
    public TextTable(String... texts) {
        this(List.of(texts));
    }

    /**
     * Texts of anybody. What is no Unicode is replaced, and so is a NUL: they come from a stranger's headers, and must not
     * throw.
     *
     * @param texts any texts, null for an empty one
     */
    public TextTable(List<String> texts) {
        addresses = new long[texts.size()];
        StringBuilder all = new StringBuilder();
        for (String text : texts) {
            all.append(text == null ? "" : text.replace('\0', '\uFFFD')).append('\0');
        }
        byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
        memory = new Memory(Math.max(1, bytes.length));
        memory.write(0, bytes, 0, bytes.length);
        long start = com.sun.jna.Pointer.nativeValue(memory);
        int at = 0;
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = start + at;
            while (bytes[at++] != 0) {
                continue;
            }
        }
    }

    public long[] addresses() {
        return addresses;
    }

    public int size() {
        return addresses.length;
    }
}
