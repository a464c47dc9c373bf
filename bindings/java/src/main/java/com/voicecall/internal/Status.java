package com.voicecall.internal;

import com.voicecall.Delivery;
import com.voicecall.ErrorKind;
import com.voicecall.Retry;
import com.voicecall.VoiceCallException;

/** What a function of the library returned. */
public final class Status {
    private Status() {
    }

    /**
     * Whether there is what was asked for.
     *
     * @param status what the function returned
     * @param error what it wrote; taken over
     * @return true on success, false when there is no such value
     * @throws VoiceCallException what went wrong
     */
    public static boolean found(int status, long[] error) {
        switch (status) {
            case Numbers.OK:
                return true;
            case Numbers.ABSENT:
                return false;
            default:
                throw exception(status, error[0]);
        }
    }

    /** Makes an exception of the library's error, and frees that. */
    private static VoiceCallException exception(int status, long error) {
        try {
            String kind = Utf8.text(Native.voicecall_status_name(status));
            int httpStatus = Native.voicecall_error_http_status(error);
            return VoiceCallException.builder(ErrorKind.of(kind), Utf8.text(Native.voicecall_error_message(error)))
                    .kindName(kind)
                    .delivery(Delivery.of(text(error, Numbers.ERROR_DELIVERY)))
                    .retry(Retry.of(text(error, Numbers.ERROR_RETRY)))
                    .advice(text(error, Numbers.ERROR_ADVICE))
                    .field(text(error, Numbers.ERROR_FIELD))
                    .rule(text(error, Numbers.ERROR_RULE))
                    .measured(text(error, Numbers.ERROR_MEASURED))
                    .resultCode(text(error, Numbers.ERROR_RESULT_CODE))
                    .resultDesc(text(error, Numbers.ERROR_RESULT_DESC))
                    .meaning(text(error, Numbers.ERROR_MEANING))
                    .attemptTag(text(error, Numbers.ERROR_ATTEMPT_TAG))
                    .httpStatus(httpStatus == 0 ? null : httpStatus)
                    .build();
        } finally {
            Native.voicecall_error_free(error);
        }
    }

    private static String text(long error, int attribute) {
        long[] length = new long[1];
        return Utf8.text(Native.voicecall_error_text(error, attribute, length), length[0]);
    }
}
