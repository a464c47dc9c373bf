package com.voicecall.internal;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts on their way in and out. */
public final class Utf8 {
    private Utf8() {
    }

    /**
     * The bytes of a text. {@code String.getBytes} would make a question mark of half a surrogate pair without a word.
     *
     * @param text the text
     * @return its bytes
     * @throws IllegalArgumentException it is not Unicode
     */
    public static byte[] bytes(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(encoded.array(), encoded.limit());
        } catch (CharacterCodingException exception) {
            throw new IllegalArgumentException("a text is not Unicode: it holds half a surrogate pair");
        }
    }

    /**
     * The bytes with a NUL behind them.
     *
     * @param text the text, or null
     * @return the bytes; null for null
     * @throws IllegalArgumentException it is not Unicode, or holds a NUL
     */
    public static byte[] terminated(String text) {
        if (text == null) {
            return null;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL cannot stand here");
        }
        byte[] bytes = bytes(text);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /**
     * The text of so many bytes at an address.
     *
     * @param address where it is
     * @param length how many bytes it has
     * @return the text; null at no address
     */
    public static String text(long address, long length) {
        if (address == 0) {
            return null;
        }
        return length == 0 ? "" : new String(new Pointer(address).getByteArray(0, Math.toIntExact(length)), StandardCharsets.UTF_8);
    }

    /**
     * The text at an address, up to its NUL.
     *
     * @param address where it is
     * @return the text; null at no address
     */
    public static String text(long address) {
        return address == 0 ? null : new Pointer(address).getString(0, StandardCharsets.UTF_8.name());
    }

    /**
     * A copy of bytes that the library lends.
     *
     * @param address where they are
     * @param length how many
     * @return the copy
     */
    public static byte[] copy(long address, int length) {
        return length == 0 ? new byte[0] : new Pointer(address).getByteArray(0, length);
    }
}
