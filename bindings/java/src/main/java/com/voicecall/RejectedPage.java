package com.voicecall;

import com.voicecall.internal.Value;
import java.util.List;

/**
 * A page of texts that could not be taken.
 */
public final class RejectedPage {
    private final List<RejectedText> texts;
    private final String next;

    RejectedPage(Value value) {
        texts = value.items("/texts", RejectedText::new);
        next = value.text("/next");
    }

    /**
     * The texts.
     *
     * @return the oldest first
     */
    public List<RejectedText> texts() {
        return texts;
    }

    /**
     * The mark to go on behind, for the next page.
     *
     * @return the mark; null on the last page
     */
    public String next() {
        return next;
    }
}
