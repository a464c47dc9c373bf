package com.voicecall.internal;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the native library and binds {@link Native} to it. In this order: the file that the system property
 * {@value #PROPERTY} or the environment variable {@value #VARIABLE} names; the one in this package for this platform; the one
 * that the system finds by name.
 */
public final class Library {
    static final String PROPERTY = "voicecall.library";
    static final String VARIABLE = "VOICECALL_LIBRARY";
    private static final String NAME = "voicecall";

    /** What an earlier attempt found out; a second one would find the same. */
    private static String fault;

    private static volatile boolean isBound;

    private Library() {
    }

    /**
     * Makes sure that the functions of {@link Native} can be called.
     *
     * @throws UnsatisfiedLinkError when there is no library, or one that does not fit; the message tells which and why
     */
    public static void require() {
        if (!isBound) {
            bind();
        }
    }

    /** The folder of this platform in the package, e.g. {@code linux-x64}. */
    static String platform() {
        String system = system(System.getProperty("os.name"));
        return system + (hasMusl(system) ? "-musl-" : "-") + processor(System.getProperty("os.arch"));
    }

    static String system(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("windows") ? "win" : lower.startsWith("mac") ? "osx" : lower.replaceAll("[^a-z0-9]", "");
    }

    /** Whether this process runs on musl: it has mapped its loader. A machine may have those of both C libraries. */
    private static boolean hasMusl(String system) {
        if (!system.equals("linux")) {
            return false;
        }
        try (Stream<String> mapped = Files.lines(Path.of("/proc/self/maps"))) {
            return mapped.anyMatch(line -> line.contains("/ld-musl-"));
        } catch (IOException | UncheckedIOException exception) {
            return false;
        }
    }

    static String processor(String name) {
        switch (name) {
            case "amd64":
            case "x86_64":
                return "x64";
            case "aarch64":
                return "arm64";
            default:
                return name.replaceAll("[^A-Za-z0-9_]", "");
        }
    }

    private static synchronized void bind() {
        if (isBound) {
            return;
        }
        if (fault == null) {
            try {
                bind(load());
                isBound = true;
                return;
            } catch (UnsatisfiedLinkError error) {
                fault = error.getMessage();
            }
        }
        throw new UnsatisfiedLinkError(fault);
    }

    private static void bind(NativeLibrary library) {
        // Handles and lengths are longs.
        if (com.sun.jna.Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("com.voicecall needs a Java runtime of 64 bits");
        }
        // Functions of another ABI version may take other arguments: calling them could end the process.
        int version = library.getFunction("voicecall_abi_version").invokeInt(new Object[0]);
        if (version != Numbers.ABI_VERSION) {
            throw new UnsatisfiedLinkError(library.getFile() + " has the ABI version " + version + "; this package needs "
                    + Numbers.ABI_VERSION + ": use library and package of the same release");
        }
        com.sun.jna.Native.register(Native.class, library);
    }

    private static NativeLibrary load() {
        String file = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (file != null && !file.isEmpty()) {
            return load(file, "the file " + file + ", which " + PROPERTY + " or " + VARIABLE + " names, cannot be loaded");
        }
        String resource = "/natives/" + platform() + "/" + System.mapLibraryName(NAME);
        try (InputStream packaged = Library.class.getResourceAsStream(resource)) {
            if (packaged != null) {
                return unpack(packaged, resource);
            }
        } catch (IOException exception) {
            throw new UnsatisfiedLinkError(resource + " of this package cannot be unpacked: " + exception);
        }
        return load(NAME, "there is no native library: this package has none for " + platform() + " (" + resource
                + "), and the system finds none of the name " + NAME + "; name one with -D" + PROPERTY + "=FILE or the"
                + " environment variable " + VARIABLE);
    }

    /** The system's loader reads files only, and only the owner may be able to change this one. */
    private static NativeLibrary unpack(InputStream packaged, String resource) throws IOException {
        Path folder = Files.createTempDirectory("voicecall");
        Path file = folder.resolve(System.mapLibraryName(NAME));
        try {
            Files.copy(packaged, file);
            return load(file.toString(), resource + " of this package cannot be loaded");
        } finally {
            // What is loaded can be deleted everywhere but on Windows.
            if (!file.toFile().delete()) {
                folder.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
            }
            folder.toFile().delete();
        }
    }

    private static NativeLibrary load(String name, String fault) {
        try {
            return NativeLibrary.getInstance(name, Collections.emptyMap());
        } catch (UnsatisfiedLinkError error) {
            throw new UnsatisfiedLinkError(fault + ": " + reason(error));
        }
    }

    /** What the system said. JNA adds where else it looked, which is the whole class path. */
    private static String reason(UnsatisfiedLinkError error) {
        return error.getMessage()
                .lines()
                .filter(line -> !line.startsWith("Unable to load library") && !line.startsWith("Native library ("))
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
