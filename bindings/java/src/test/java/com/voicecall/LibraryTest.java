package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.voicecall.internal.Numbers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** How the native library is found. Each in a runtime of its own, because a library is found once. */
class LibraryTest {
    @Test
    void theVersionIsThatOfTheLibrary() {
        assertTrue(NativeLibrary.version().matches("\\d+\\.\\d+\\.\\d+"), NativeLibrary.version());
    }

    @Test
    void aFileThatIsNotThereIsNamedEachTime() throws Exception {
        String told = told("-Dvoicecall.library=/there/is/no/library.so");
        assertTrue(told.contains("the file /there/is/no/library.so, which voicecall.library or VOICECALL_LIBRARY names"), told);
        String[] lines = told.split("\n");
        assertEquals(2, lines.length, told);
        assertEquals(lines[0], lines[1], "the second attempt fails with the same message");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("libvoicecall.so"), "no library");
        assertTrue(told("-Dvoicecall.library=" + text).contains(text.toString()));
    }

    @Test
    void aPackageWithoutThisPlatformSaysHowToNameAFile() throws Exception {
        String told = told("-Dvoicecall.library=", "-Dos.arch=sparc");
        assertTrue(told.contains("-sparc") && told.contains("-Dvoicecall.library=FILE"), told);
    }

    /** The file is made by whoever runs the tests: its ABI version is none. */
    @Test
    @EnabledIfEnvironmentVariable(named = "VOICECALL_OTHER_ABI", matches = ".+")
    void aLibraryOfAnotherAbiVersionIsRefused() throws Exception {
        String library = System.getenv("VOICECALL_OTHER_ABI");
        String told = told("-Dvoicecall.library=" + library);
        assertTrue(told.contains(library + " has the ABI version 9999; this package needs " + Numbers.ABI_VERSION), told);
    }

    /** What a program without a library is told, two times. */
    private static String told(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), told);
        return told;
    }

    /** Needs the library two times. */
    static final class Program {
        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println(NativeLibrary.version());
                } catch (UnsatisfiedLinkError error) {
                    System.out.println(error.getMessage());
                }
            }
        }
    }
}
