package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.voicecall.internal.Native;
import com.voicecall.internal.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of error and every delivery, from a platform that misbehaves. */
class ErrorTest {
    private static final String BLACKLISTED =
            "{\"resultcode\":\"1013004\",\"resultdesc\":\"callee 8613800000021 is on a black list\"}";

    @Test
    void aBrokenRuleIsToldBeforeAnythingIsSent() {
        try (Peer peer = Peer.answering(Given.SUCCESS);
                VoiceCallClient client = Given.client(peer.url())) {
            VoiceNotification request = Given.notification().userData("x".repeat(300)).build();
            VoiceCallException error = Fails.with(
                    ErrorKind.INVALID_ARGUMENT, Delivery.NOT_SENT, () -> client.createVoiceNotification(request));
            assertEquals("/userData", error.field());
            assertEquals("length", error.rule());
            assertEquals("300", error.measured());
            assertEquals("invalid_argument", error.kindName());
            assertEquals(Retry.AFTER_FIX, error.retry());
            assertNull(error.httpStatus());
            assertEquals(0, peer.requests());
        }
    }

    @Test
    void whatIsMandatoryAndMissingIsNamed() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE)) {
            VoiceCallException error = Fails.with(
                    ErrorKind.INVALID_ARGUMENT,
                    Delivery.NOT_SENT,
                    () -> client.createVoiceCallback(VoiceCallback.builder().build()));
            assertEquals("/displayNbr", error.field());
            assertEquals("required", error.rule());
        }
    }

    @Test
    void aBadSettingIsNamed() {
        assertEquals("/appSecret", configuration(Config.builder().appKey("k").build()).field());
        assertEquals("/timeoutMs", configuration(Given.config(Given.NOWHERE).timeout(Duration.ZERO).build()).field());
        Config mars = Given.config(Given.NOWHERE).createdZone("mars").build();
        assertEquals(CreatedZone.UNKNOWN, mars.createdZone());
        assertEquals("/createdZone", configuration(mars).field());
    }

    @Test
    void aVariableThatIsMissingIsNamed() {
        VoiceCallException error = Fails.with(
                ErrorKind.CONFIGURATION, Delivery.NOT_SENT, () -> VoiceCallClient.config(Map.of("VOICECALL_APP_KEY", "k")));
        assertEquals("the environment has no VOICECALL_APP_SECRET", error.getMessage());
        assertEquals("/appSecret", error.field());
        Config config = VoiceCallClient.config(Map.of(
                        "VOICECALL_APP_KEY", "k", "VOICECALL_APP_SECRET", "s", "VOICECALL_ENDPOINT", "http://127.0.0.1:9"))
                .build();
        assertEquals("http://127.0.0.1:9", config.endpoint());
    }

    @Test
    void nobodyListeningMeansNotSent() throws Exception {
        ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        free.close();
        Fails.calling("http://127.0.0.1:" + free.getLocalPort(), ErrorKind.CONNECT, Delivery.NOT_SENT);
    }

    @Test
    void aPeerWithoutTlsMeansNotSent() {
        try (Peer peer = Peer.answering(Given.SUCCESS)) {
            Fails.calling(peer.url().replace("http:", "https:"), ErrorKind.TLS, Delivery.NOT_SENT);
        }
    }

    @Test
    void aPeerThatSaysNothingMeansUnknown() {
        try (Peer silent = Peer.silent();
                VoiceCallClient client = Given.client(silent.url())) {
            VoiceCallException error = Fails.with(
                    ErrorKind.TIMEOUT,
                    Delivery.UNKNOWN,
                    () -> client.createVoiceNotification(Given.notification().build(), Duration.ofMillis(200)));
            assertEquals(Retry.NEVER, error.retry());
            assertEquals(1, silent.requests());
        }
    }

    @Test
    void aConnectionThatBreaksMeansUnknown() {
        VoiceCallException error = Fails.calling((request, to) -> { }, ErrorKind.CONNECTION_LOST, Delivery.UNKNOWN);
        assertTrue(error.advice().contains("Do not place the call again"), error.advice());
        Fails.calling(
                (request, to) -> Peer.write(to, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"resu"),
                ErrorKind.CONNECTION_LOST,
                Delivery.UNKNOWN);
    }

    @Test
    void anAnswerThatCannotBeReadIsTold() {
        Fails.calling((request, to) -> Peer.write(to, "SSH-2.0-OpenSSH_9.6\r\n"), ErrorKind.PROTOCOL, Delivery.UNKNOWN);
        Fails.calling((request, to) -> Peer.answer(to, "<html>", "200 OK"), ErrorKind.PROTOCOL, Delivery.UNKNOWN);
        Fails.calling((request, to) -> Peer.answer(to, "<html>", "404 Not Found"), ErrorKind.PROTOCOL, Delivery.ANSWERED);
    }

    @Test
    void aRefusalIsExplained() {
        VoiceCallException error = Fails.calling(
                (request, to) -> Peer.answer(to, BLACKLISTED, "403 Forbidden"), ErrorKind.REJECTED, Delivery.ANSWERED);
        assertEquals("1013004", error.resultCode());
        assertEquals("callee *********0021 is on a black list", error.resultDesc());
        assertEquals(403, error.httpStatus());
        assertFalse(error.meaning().isEmpty());
        assertFalse(error.toString().contains("13800000021"), "no number in the whole text");
    }

    @Test
    void eachSortOfRefusalHasItsKind() {
        refused("1013001", ErrorKind.THROTTLED, Delivery.ANSWERED);
        refused("1010003", ErrorKind.AUTHENTICATION, Delivery.ANSWERED);
        refused("1023002", ErrorKind.REJECTED, Delivery.UNKNOWN);
    }

    @Test
    void aClosedClientRefusesEverything() {
        VoiceCallClient client = Given.client(Given.NOWHERE);
        client.close();
        client.close();
        Fails.with(ErrorKind.CLOSED, Delivery.NOT_SENT, () -> client.terminateCall("session-0001"));
        Fails.with(ErrorKind.CLOSED, Delivery.NOT_SENT, () -> client.terminateCallAsync("session-0001").join());
        Fails.with(ErrorKind.CLOSED, Delivery.NOT_SENT, () -> client.preview(Given.notification().build()));
        RecordingSource source = RecordingSource.at("http://127.0.0.1:9/a.wav");
        Fails.with(ErrorKind.CLOSED, Delivery.NOT_SENT, () -> client.downloadRecording(source, Path.of("never.wav")));
        WebhookReceiver receiver = Given.receiver();
        receiver.close();
        receiver.close();
        Fails.with(ErrorKind.CLOSED, Delivery.NOT_SENT, () -> receiver.receive(Map.of(), new byte[0]));
    }

    @Test
    void aWebhookCutShortIsMalformed() {
        Fails.with(ErrorKind.MALFORMED_WEBHOOK, Delivery.NOT_SENT, () -> Webhook.parse("{\"eventType\":"));
    }

    @Test
    void aWebhookWithoutItsSignatureIsRefused() {
        try (WebhookReceiver receiver = Given.receiver()) {
            VoiceCallException error = receiver.receive(Map.of(), Given.fee(1)).error();
            assertEquals(ErrorKind.SIGNATURE, error.kind());
            assertEquals(Delivery.NOT_SENT, error.delivery());
        }
    }

    @Test
    void aFileThatExistsOrCannotBeMadeIsNamed(@TempDir Path folder) throws Exception {
        Path exists = Files.writeString(folder.resolve("a.wav"), "sound");
        try (Peer peer = Peer.answering("sound");
                VoiceCallClient client = Given.client(peer.url())) {
            RecordingSource source = RecordingSource.at(peer.url() + "/a.wav");
            VoiceCallException error = Fails.with(
                    ErrorKind.INVALID_ARGUMENT, Delivery.NOT_SENT, () -> client.downloadRecording(source, exists));
            assertEquals("/path", error.field());
            Path inNoFolder = exists.resolve("b.wav");
            Fails.with(ErrorKind.STORAGE, Delivery.ANSWERED, () -> client.downloadRecording(source, inNoFolder));
        }
    }

    @Test
    void anAsynchronousCallFailsWithTheSameException() {
        try (Peer peer = Peer.answering(BLACKLISTED);
                VoiceCallClient client = Given.client(peer.url())) {
            Fails.with(
                    ErrorKind.REJECTED,
                    Delivery.ANSWERED,
                    () -> client.createVoiceNotificationAsync(Given.notification().build()).join());
        }
    }

    @Test
    void theMarkOfAnAttemptIsToldWhenItsOutcomeIsUnknown() {
        try (Peer peer = new Peer((request, to) -> { });
                VoiceCallClient client = new VoiceCallClient(Given.config(peer.url()).attemptTag(true).build())) {
            VoiceCallException error = Fails.with(
                    ErrorKind.CONNECTION_LOST,
                    Delivery.UNKNOWN,
                    () -> client.createVoiceNotification(Given.notification().build()));
            assertNotNull(error.attemptTag());
        }
    }

    @Test
    void namesOfKindsAreThoseOfTheLibrary() {
        Set<String> here = new TreeSet<>();
        EnumSet.complementOf(EnumSet.of(ErrorKind.UNEXPECTED)).forEach(kind -> here.add(kind.id()));
        Set<String> there = new TreeSet<>();
        // Numbers of kinds have three digits.
        for (int status = 100; status < 1000; status++) {
            there.add(Utf8.text(Native.voicecall_status_name(status)));
        }
        there.remove("unexpected");
        assertEquals(there, here);
    }

    @Test
    void aWordOfALaterLibraryIsNoError() {
        assertEquals(ErrorKind.UNEXPECTED, ErrorKind.of("moon"));
        assertEquals(Delivery.UNKNOWN, Delivery.of("moon"));
        assertEquals(Retry.NEVER, Retry.of("moon"));
        for (ErrorKind kind : ErrorKind.values()) {
            assertSame(kind, ErrorKind.of(kind.id()));
        }
    }

    @Test
    void anExceptionCanBeMadeForTestsAndTravels() throws Exception {
        VoiceCallException made = VoiceCallException.builder(ErrorKind.REJECTED, "no")
                .delivery(Delivery.ANSWERED)
                .resultCode("1013004")
                .httpStatus(403)
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(made);
        VoiceCallException read =
                (VoiceCallException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertEquals(ErrorKind.REJECTED, read.kind());
        assertEquals("rejected", read.kindName());
        assertEquals(Delivery.ANSWERED, read.delivery());
        assertEquals("1013004", read.resultCode());
        assertEquals(403, read.httpStatus());
        assertFalse(read.advice().isEmpty());
    }

    private static VoiceCallException configuration(Config config) {
        return Fails.with(ErrorKind.CONFIGURATION, Delivery.NOT_SENT, () -> new VoiceCallClient(config));
    }

    private static void refused(String code, ErrorKind kind, Delivery delivery) {
        try (Peer peer = Peer.answering("{\"resultcode\":\"" + code + "\",\"resultdesc\":\"no\"}")) {
            assertEquals(code, Fails.calling(peer.url(), kind, delivery).resultCode());
        }
    }
}
