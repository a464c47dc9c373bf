package com.voicecall;

import java.time.Duration;
import java.util.function.Consumer;

/** How a recording is fetched. */
public final class DownloadOptions {
    static final DownloadOptions NONE = builder().build();

    private final boolean overwrite;
    private final Duration timeout;
    private final Consumer<DownloadProgress> progress;

    private DownloadOptions(Builder builder) {
        overwrite = builder.overwrite;
        timeout = builder.timeout;
        progress = builder.progress;
    }

    /**
     * Begins options that ask for nothing.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    boolean overwrite() {
        return overwrite;
    }

    Duration timeout() {
        return timeout;
    }

    Consumer<DownloadProgress> progress() {
        return progress;
    }

    /** Sets options by name. For one thread. */
    public static final class Builder {
        private boolean overwrite;
        private Duration timeout;
        private Consumer<DownloadProgress> progress;

        private Builder() {
        }

        /**
         * Whether a file that exists is replaced. Default: no, which is an error.
         *
         * @param overwrite the value
         * @return this builder
         */
        public Builder overwrite(boolean overwrite) {
            this.overwrite = overwrite;
            return this;
        }

        /**
         * Longest time for the whole download. Default: none but those of each step.
         *
         * @param timeout the time; null for the default
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        /**
         * Told on the thread that downloads how far it is; what it throws stops the download, and comes out there.
         *
         * @param progress is told; null: nobody
         * @return this builder
         */
        public Builder progress(Consumer<DownloadProgress> progress) {
            this.progress = progress;
            return this;
        }

        /**
         * The options. The builder can be used further.
         *
         * @return what was set, unchangeable
         */
        public DownloadOptions build() {
            return new DownloadOptions(this);
        }
    }
}
