package com.voicecall;

import com.voicecall.internal.Library;
import com.voicecall.internal.Native;
import com.voicecall.internal.Status;
import com.voicecall.internal.Utf8;
import com.voicecall.internal.Value;
import java.util.Objects;

/** The platform's code tables. */
public final class Codes {
    private Codes() {
    }

    /**
     * Looks a code up. An unknown one is no error: the platform has more codes than it documents.
     *
     * @param table {@code result} (of an answer), {@code state} (stateCode of a disconnect event), {@code release_point}
     *     (ulFailReason of a CDR) or {@code q850} (callOutUnaswRsn and fwdUnaswRsn of a CDR)
     * @param code the code as text, e.g. {@code 1010002}
     * @return what the table says
     * @throws VoiceCallException there is no such table
     */
    public static Code find(String table, String code) {
        return find(table, code, null, null);
    }

    /**
     * Looks a result code up by all that came with it: one of them has two meanings.
     *
     * @param table as for {@link #find(String, String)}
     * @param code the code as text
     * @param httpStatus what came with the code; null: not known
     * @param text the platform's text that came with it; null: not known
     * @return what the table says
     * @throws VoiceCallException there is no such table
     */
    public static Code find(String table, String code, Integer httpStatus, String text) {
        byte[] inTable = Utf8.terminated(Objects.requireNonNull(table, "table"));
        byte[] wanted = Utf8.terminated(Objects.requireNonNull(code, "code"));
        Library.require();
        long[] row = new long[1];
        long[] error = new long[1];
        int status = Native.voicecall_code_find(
                inTable, wanted, httpStatus == null ? 0 : httpStatus, Utf8.terminated(text), row, error);
        Status.found(status, error);
        try (Value value = new Value(row[0])) {
            return new Code(value);
        }
    }
}
