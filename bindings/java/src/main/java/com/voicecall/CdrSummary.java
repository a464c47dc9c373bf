package com.voicecall;

import com.voicecall.internal.Shown;
import com.voicecall.internal.Value;
import java.util.List;

/**
 * What a CDR says when its fields are taken together. What the record does not tell is null.
 */
public final class CdrSummary {
    private final String scene;
    private final boolean answered;
    private final Long talkSeconds;
    private final List<Leg> legs;
    private final Long billableMinutes;
    private final String price;
    private final RecordingSource recording;
    private final Explanation explanation;

    CdrSummary(Value summary) {
        scene = summary.text("/scene");
        answered = summary.flag("/answered", false);
        talkSeconds = summary.integer("/talk_seconds");
        legs = summary.items("/legs", Leg::new);
        billableMinutes = summary.integer("/billable_minutes");
        price = summary.text("/price/amount");
        recording = recording(summary);
        explanation = Explanation.at(summary, "/explanation");
    }

    /**
     * What kind of call it was.
     *
     * @return {@code callback}, {@code play} (nothing in a record tells notifications and verification codes apart) or
     *     {@code unknown}
     */
    public String scene() {
        return scene;
    }

    /**
     * Whether the call reached the person it was for: B in a callback, else the callee.
     *
     * @return whether it did
     */
    public boolean answered() {
        return answered;
    }

    /**
     * How long the parties could talk.
     *
     * @return seconds; 0 when there was no answer
     */
    public Long talkSeconds() {
        return talkSeconds;
    }

    /**
     * The legs: A and B of a callback, else one.
     *
     * @return the legs
     */
    public List<Leg> legs() {
        return legs;
    }

    /**
     * The billable minutes of all legs. Partly inferred, see {@link Leg#inferred()}.
     *
     * @return minutes
     */
    public Long billableMinutes() {
        return billableMinutes;
    }

    /**
     * The minutes times the price that was asked with.
     *
     * @return exact decimal text
     */
    public String price() {
        return price;
    }

    /**
     * Where the recording is, for {@link VoiceCallClient#downloadRecording(RecordingSource, java.nio.file.Path)}. It is kept
     * for 7 days.
     *
     * @return the recording; null when the call was not recorded
     */
    public RecordingSource recording() {
        return recording;
    }

    /**
     * Why the call ended.
     *
     * @return the reason
     */
    public Explanation explanation() {
        return explanation;
    }

    private static RecordingSource recording(Value summary) {
        return !summary.has("/recording")
                ? null
                : new RecordingSource(
                        summary.text("/recording/fileName"),
                        summary.text("/recording/recordDomain"),
                        summary.text("/recording/recordFileDownloadUrl"));
    }

    @Override
    public String toString() {
        return new Shown("CdrSummary")
                .plain("scene", scene)
                .plain("answered", answered)
                .plain("talkSeconds", talkSeconds)
                .plain("billableMinutes", billableMinutes)
                .plain("price", price)
                .plain("explanation", explanation)
                .toString();
    }
}
