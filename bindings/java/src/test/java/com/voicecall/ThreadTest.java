package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One client, many threads; ends and cancellations in the middle of calls. */
@Timeout(60)
class ThreadTest {
    private static final int CALLS = 32;

    /** The peer answers when all calls have come: calls that waited for one another would wait for ever. */
    @Test
    void thirtyTwoAsynchronousCallsRunAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(CALLS);
        Peer.Behaviour behaviour = (request, to) -> {
            all.countDown();
            all.await();
            Peer.answer(to, Given.SUCCESS, "200 OK");
        };
        try (Peer peer = new Peer(behaviour);
                VoiceCallClient client = Given.client(peer.url())) {
            List<CompletableFuture<PlacedCall>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(client.createVoiceNotificationAsync(Given.notification().build()));
            }
            for (CompletableFuture<PlacedCall> call : calls) {
                assertEquals("session-0001", call.get().sessionId());
            }
            assertEquals(CALLS, peer.requests());
        }
    }

    @Test
    void manyShortCallsOfManyThreadsAllSucceed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLS);
        try (Peer peer = Peer.answering(Given.SUCCESS);
                VoiceCallClient client = Given.client(peer.url())) {
            for (int i = 0; i < CALLS; i++) {
                threads.submit(() -> {
                    for (int call = 0; call < 5; call++) {
                        client.createVoiceNotification(Given.notification().build());
                    }
                });
            }
            threads.shutdown();
            assertTrue(threads.awaitTermination(Given.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(5 * CALLS, peer.requests());
        } finally {
            threads.shutdownNow();
        }
    }

    /** The garbage collector runs meanwhile: an array that a blocking function has must not hold it. */
    @Test
    void closingEndsCallsInFlight() throws Exception {
        try (Peer silent = Peer.silent()) {
            VoiceCallClient client = Given.client(silent.url());
            VoiceNotification request = Given.notification().build();
            CompletableFuture<PlacedCall> call = client.createVoiceNotificationAsync(request);
            CompletableFuture<PlacedCall> blocking =
                    CompletableFuture.supplyAsync(() -> client.createVoiceNotification(request), work -> new Thread(work).start());
            assertTrue(silent.isAsked(2), "both requests arrive");
            System.gc();
            client.close();
            Fails.with(ErrorKind.CLOSED, Delivery.UNKNOWN, call::join);
            Fails.with(ErrorKind.CLOSED, Delivery.UNKNOWN, blocking::join);
        }
    }

    @Test
    void closingWhileCallsBeginAndEndHarmsNobody() throws Exception {
        try (Peer peer = Peer.answering(Given.SUCCESS)) {
            for (int round = 0; round < 20; round++) {
                VoiceCallClient client = Given.client(peer.url());
                List<CompletableFuture<Boolean>> calls = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    calls.add(CompletableFuture.supplyAsync(() -> succeedsOrIsClosed(client), work -> new Thread(work).start()));
                }
                if (round % 2 == 0) {
                    CompletableFuture.anyOf(calls.toArray(new CompletableFuture<?>[0])).get();
                }
                client.close();
                for (CompletableFuture<Boolean> call : calls) {
                    assertTrue(call.get());
                }
            }
        }
    }

    @Test
    void aCallThatIsCancelledBeforeItBeginsIsNotSent() throws Exception {
        try (Peer silent = Peer.silent();
                VoiceCallClient client = new VoiceCallClient(Given.config(silent.url()).maxInFlight(1).build())) {
            CompletableFuture<PlacedCall> first = client.createVoiceNotificationAsync(Given.notification().build());
            assertTrue(silent.isAsked(1), "the request arrives");
            CompletableFuture<PlacedCall> second = client.createVoiceNotificationAsync(Given.notification().build());
            assertTrue(second.cancel(true));
            assertEquals(Delivery.NOT_SENT, outcome(second).delivery());
            assertTrue(first.cancel(true));
            assertEquals(1, silent.requests());
        }
    }

    @Test
    void cancellingEndsTheCallAtOnceAndTellsItsOutcome() throws Exception {
        try (Peer silent = Peer.silent();
                VoiceCallClient client = new VoiceCallClient(Given.config(silent.url()).attemptTag(true).build())) {
            CompletableFuture<PlacedCall> call = client.createVoiceNotificationAsync(Given.notification().build());
            assertTrue(silent.isAsked(1), "the request arrives");
            assertTrue(call.cancel(true));
            assertTrue(call.isCancelled());
            VoiceCallException outcome = outcome(call);
            assertEquals(Delivery.UNKNOWN, outcome.delivery());
            assertTrue(outcome.attemptTag() != null);
        }
    }

    /** What a cancelled call ended with; newer runtimes put one more exception around it. */
    private static VoiceCallException outcome(CompletableFuture<?> call) {
        Throwable thrown = assertThrows(CancellationException.class, call::join);
        while (!(thrown instanceof VoiceCallException)) {
            thrown = thrown.getCause();
        }
        return (VoiceCallException) thrown;
    }

    @Test
    void aDeadEndpointHoldsUpNoOtherClient() throws Exception {
        try (Peer silent = Peer.silent();
                Peer healthy = Peer.answering(Given.SUCCESS);
                VoiceCallClient stuck = Given.client(silent.url());
                VoiceCallClient client = Given.client(healthy.url())) {
            for (int i = 0; i < 256; i++) {
                stuck.createVoiceNotificationAsync(Given.notification().build());
            }
            Duration soon = Duration.ofSeconds(5);
            assertEquals("session-0001", client.createVoiceNotificationAsync(Given.notification().build(), soon).get().sessionId());
        }
    }

    @Test
    void cancellingStopsADownload(@TempDir Path folder) throws Exception {
        CompletableFuture<CompletableFuture<Long>> begun = new CompletableFuture<>();
        Peer.Behaviour behaviour = (request, to) -> {
            Peer.write(to, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "s".repeat(1000));
            begun.get().cancel(true);
            Peer.write(to, "s".repeat(999_000));
        };
        try (Peer slow = new Peer(behaviour);
                VoiceCallClient client = new VoiceCallClient(Given.config(slow.url()).build())) {
            Path path = folder.resolve("a.wav");
            RecordingSource source = RecordingSource.at(slow.url() + "/a.wav");
            begun.complete(client.downloadRecordingAsync(source, path, DownloadOptions.builder().build()));
            assertThrows(CancellationException.class, () -> begun.get().join());
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("voicecall-download")) {
                    thread.join(Given.PATIENCE.toMillis());
                }
            }
            assertFalse(Files.exists(path), "no file is left");
        }
    }

    private static boolean succeedsOrIsClosed(VoiceCallClient client) {
        try {
            return client.createVoiceNotification(Given.notification().build()).sessionId().equals("session-0001");
        } catch (VoiceCallException exception) {
            return exception.kind() == ErrorKind.CLOSED;
        }
    }
}
