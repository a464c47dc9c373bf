package com.voicecall;

import com.voicecall.internal.JsonWriter;
import com.voicecall.internal.Shown;
import java.util.Objects;

/** Which recording to fetch: by name, or from a direct address. */
public final class RecordingSource {
    private final String fileName;
    private final String recordDomain;
    private final String recordFileDownloadUrl;

    RecordingSource(String fileName, String recordDomain, String recordFileDownloadUrl) {
        this.fileName = fileName;
        this.recordDomain = recordDomain;
        this.recordFileDownloadUrl = recordFileDownloadUrl;
    }

    /**
     * A recording by its name.
     *
     * @param fileName {@link Cdr#recordObjectName()} of the CDR
     * @param recordDomain {@link Cdr#recordDomain()} of the CDR
     * @return the recording
     */
    public static RecordingSource named(String fileName, String recordDomain) {
        Objects.requireNonNull(fileName, "fileName");
        return new RecordingSource(fileName, Objects.requireNonNull(recordDomain, "recordDomain"), null);
    }

    /**
     * A recording by its direct address.
     *
     * @param url {@link Cdr#recordFileDownloadUrl()} of the CDR. Whoever has it can listen; do not log it.
     * @return the recording
     */
    public static RecordingSource at(String url) {
        return new RecordingSource(null, null, Objects.requireNonNull(url, "url"));
    }

    /**
     * Name of the file.
     *
     * @return the name; null for a direct address
     */
    public String fileName() {
        return fileName;
    }

    /**
     * Where the platform keeps it.
     *
     * @return the domain; null for a direct address
     */
    public String recordDomain() {
        return recordDomain;
    }

    /**
     * The direct address. Whoever has it can listen; do not log it.
     *
     * @return the address; null for a recording by name
     */
    public String recordFileDownloadUrl() {
        return recordFileDownloadUrl;
    }

    void write(JsonWriter to) {
        to.beginObject();
        to.member("fileName", fileName);
        to.member("recordDomain", recordDomain);
        to.member("recordFileDownloadUrl", recordFileDownloadUrl);
        to.endObject();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RecordingSource)) {
            return false;
        }
        RecordingSource that = (RecordingSource) other;
        return Objects.equals(fileName, that.fileName)
                && Objects.equals(recordDomain, that.recordDomain)
                && Objects.equals(recordFileDownloadUrl, that.recordFileDownloadUrl);
    }

    @Override
    public int hashCode() {
        return Objects.hash(fileName, recordDomain, recordFileDownloadUrl);
    }

    @Override
    public String toString() {
        return new Shown("RecordingSource")
                .plain("fileName", fileName)
                .plain("recordDomain", recordDomain)
                .hidden("recordFileDownloadUrl", recordFileDownloadUrl)
                .toString();
    }
}
