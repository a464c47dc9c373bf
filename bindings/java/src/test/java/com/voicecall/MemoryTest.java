package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.voicecall.internal.Handle;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What nobody closes is freed all the same, and nothing is freed while it is used. */
@Timeout(120)
class MemoryTest {
    private static final long MEGABYTE = 1024 * 1024;

    @Test
    void aForgottenHandleIsFreedOnce() throws Exception {
        CountDownLatch freed = new CountDownLatch(1);
        WeakReference<Handle> forgotten = new WeakReference<>(new Handle(7, address -> freed.countDown()));
        while (!freed.await(10, TimeUnit.MILLISECONDS)) {
            System.gc();
        }
        assertEquals(null, forgotten.get());
    }

    @Test
    void aHandleThatIsUsedIsFreedAfterwards() {
        AtomicInteger freed = new AtomicInteger();
        Handle handle = new Handle(7, address -> freed.addAndGet((int) address));
        assertEquals(7, handle.begin());
        assertEquals(7, handle.begin());
        handle.end();
        handle.close();
        handle.close();
        assertTrue(handle.isClosed());
        assertEquals(0, freed.get(), "one use goes on");
        assertEquals(0, handle.begin(), "no use begins any more");
        handle.end();
        assertEquals(7, freed.get());
        assertEquals(0, handle.begin());
        assertEquals(7, freed.get(), "it is freed once");
    }

    /** The text of these messages alone is 75 MB, which the library holds as long as their events live. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void tenThousandForgottenEventsTakeNoMemory() throws Exception {
        byte[] body = Given.fee(50);
        // Some before: the heap takes its size, and keeps it.
        read(body, 3_000);
        long before = settled();
        read(body, 10_000);
        long growth = settled() - before;
        System.out.println("growth after 10,000 events: " + growth / 1024 + " KB");
        assertTrue(growth < 32 * MEGABYTE, "the process has grown by " + growth / MEGABYTE + " MB");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void forgottenClientsAndErrorsAreFreed() throws Exception {
        fail(2000);
        long before = settled();
        fail(2000);
        long growth = settled() - before;
        assertTrue(growth < 32 * MEGABYTE, "the process has grown by " + growth / MEGABYTE + " MB");
    }

    private static void read(byte[] body, int times) {
        try (WebhookReceiver receiver = new WebhookReceiver(WebhookConfig.builder().build())) {
            for (int i = 0; i < times; i++) {
                FeeEvent fee = (FeeEvent) receiver.receive(Map.of(), body).events().get(0);
                assertEquals("session-49", fee.cdrs().get(49).sessionId());
                if (i % 1000 == 0) {
                    Cdr record = fee.cdrs().get(0);
                    fee = null;
                    System.gc();
                    assertFalse(record.raw().isEmpty(), "a record holds its event");
                }
            }
        }
    }

    private static void fail(int times) {
        for (int i = 0; i < times; i++) {
            VoiceCallClient client = Given.client(Given.NOWHERE);
            assertThrows(VoiceCallException.class, () -> client.createVoiceCallback(VoiceCallback.builder().build()));
        }
    }

    /** The resident memory of this process when all garbage is gone and what it held is freed. */
    private static long settled() throws Exception {
        for (int i = 0; i < 3; i++) {
            CountDownLatch freed = new CountDownLatch(1);
            new Handle(1, address -> freed.countDown());
            while (!freed.await(10, TimeUnit.MILLISECONDS)) {
                System.gc();
            }
        }
        String row = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Long.parseLong(row.replaceAll("\\D", ""));
    }
}
