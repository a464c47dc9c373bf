package com.voicecall.testing;

import com.voicecall.Config;
import com.voicecall.internal.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A local VoiceCall platform for tests: the command {@code voicecall sandbox}. Nobody is rung. */
public final class Sandbox implements AutoCloseable {
    private static final int SECONDS_TO_STOP = 5;

    private final Process process;
    private final String endpoint;
    private final String admin;
    private final String appKey;
    private final String appSecret;
    private final List<String> displayNumbers;
    private final List<String> voiceFiles;
    private final List<String> templates;

    private Sandbox(Process process, Value ready) {
        this.process = process;
        endpoint = ready.text("/endpoint");
        admin = ready.text("/admin");
        appKey = ready.text("/app_key");
        appSecret = ready.text("/app_secret");
        displayNumbers = ready.items("/display_numbers", (value, pointer) -> value.text(pointer));
        voiceFiles = ready.items("/voice_files", (value, pointer) -> value.text(pointer));
        templates = ready.items("/templates", (value, pointer) -> value.text(pointer + "/id"));
    }

    /**
     * Starts a platform on a free port, and waits until it listens. Its clock is the real one, and the command is found on the
     * PATH.
     *
     * @return the platform
     * @throws UncheckedIOException there is no such command
     * @throws IllegalStateException it did not start
     */
    public static Sandbox start() {
        return start(1, "voicecall");
    }

    /**
     * Starts a platform with a clock of its own.
     *
     * @param speed how many times faster than real time its clock runs
     * @param command the command {@code voicecall}: a name on the PATH, or a file
     * @return the platform
     * @throws UncheckedIOException there is no such command
     * @throws IllegalStateException it did not start
     */
    public static Sandbox start(double speed, String command) {
        Process process = run(command, "sandbox", "--json", "--speed", Double.toString(speed));
        boolean isReady = false;
        try (Value ready = Value.parse(firstLine(process))) {
            Sandbox sandbox = new Sandbox(process, ready);
            isReady = true;
            return sandbox;
        } finally {
            if (!isReady) {
                stop(process);
            }
        }
    }

    /**
     * Base URL of the five calls.
     *
     * @return the address
     */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Base URL of the admin API, by which tests look into the platform.
     *
     * @return the address
     */
    public String admin() {
        return admin;
    }

    /**
     * Key of its application.
     *
     * @return the key
     */
    public String appKey() {
        return appKey;
    }

    /**
     * Secret of its application.
     *
     * @return the secret, which protects nothing
     */
    public String appSecret() {
        return appSecret;
    }

    /**
     * Numbers that may be shown to called parties.
     *
     * @return the numbers
     */
    public List<String> displayNumbers() {
        return displayNumbers;
    }

    /**
     * Voice files that requests may name.
     *
     * @return their names
     */
    public List<String> voiceFiles() {
        return voiceFiles;
    }

    /**
     * Templates that requests may name.
     *
     * @return their ids
     */
    public List<String> templates() {
        return templates;
    }

    /**
     * Settings of a client for this platform.
     *
     * @return key, secret and endpoint
     */
    public Config config() {
        return Config.builder().appKey(appKey).appSecret(appSecret).endpoint(endpoint).build();
    }

    /** Stops the platform. Everything in it is gone. */
    @Override
    public void close() {
        stop(process);
    }

    private static Process run(String... command) {
        try {
            return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException exception) {
            throw new UncheckedIOException("the command " + command[0] + " cannot be started", exception);
        }
    }

    private static String firstLine(Process process) {
        try {
            String line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
            if (line == null) {
                throw new IllegalStateException("the sandbox ended instead of starting");
            }
            return line;
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** It stops when its standard input closes, so that it also ends with the program that started it. */
    private static void stop(Process process) {
        try {
            process.getOutputStream().close();
            if (process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException exception) {
            // It has ended already.
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
