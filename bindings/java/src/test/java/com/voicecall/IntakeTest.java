package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of pushes: what is kept, what is answered, and what can be asked. */
class IntakeTest {
    private static final String ENDED = "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"session-0001\",\"icid\":\"i-1\","
            + "\"callerNum\":\"+867550000088\",\"calleeNum\":\"+8613800000021\",\"callOutAnswerTime\":\"2019-01-24 03:04:31\","
            + "\"fwdAnswerTime\":\"2019-01-24 03:04:38\",\"callEndTime\":\"2019-01-24 03:04:49\",\"ulFailReason\":\"0\","
            + "\"fwdDstNum\":\"+8613800000022\"}]}";
    private static final String WITH_A_BAD_RECORD =
            "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"session-0002\",\"icid\":\"i-2\"},{\"icid\":7}]}";

    @TempDir
    private Path folder;

    private IntakeConfig config() {
        return IntakeConfig.builder().store("sqlite:" + folder.resolve("calls.db")).build();
    }

    private static Receipt receive(Intake intake, String body) {
        return intake.receive(Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatComesTwiceIsKnownAlsoAfterReopening() {
        try (Intake intake = new Intake(config())) {
            Receipt receipt = receive(intake, ENDED);
            assertEquals(200, receipt.reply().status());
            assertEquals(1, receipt.accepted());
            assertTrue(receipt.isNew(0));
            assertFalse(receipt.isNew(1));
            assertEquals("session-0001", receipt.newCdrs().get(0).sessionId());
            assertEquals("not_checked", receipt.verdict().name());
            assertEquals(1, receive(intake, ENDED).duplicates());
        }
        try (Intake intake = new Intake(config())) {
            Receipt receipt = receive(intake, ENDED);
            assertEquals(0, receipt.accepted());
            assertEquals(1, receipt.duplicates());
            assertEquals(0, receipt.conflicts());
            assertEquals(List.of(), receipt.newCdrs());
            assertEquals(1, receipt.events().size());
        }
    }

    @Test
    void aBadRecordIsKeptBesideItsGoodNeighbourAndABrokenBodyToo() {
        try (Intake intake = new Intake(config())) {
            Receipt receipt = receive(intake, WITH_A_BAD_RECORD);
            assertEquals(200, receipt.reply().status());
            assertEquals(1, receipt.accepted());
            assertEquals(1, receipt.rejected());
            assertNull(receipt.error());
            Receipt broken = receive(intake, "{");
            assertEquals(500, broken.reply().status());
            assertEquals(ErrorKind.MALFORMED_WEBHOOK, broken.error().kind());
            assertEquals(List.of(), broken.events());
        }
    }

    @Test
    void aSignatureThatDoesNotHoldIsRefused() {
        WebhookConfig webhook = WebhookConfig.builder()
                .urls(Given.PUSH_URL)
                .applications(Application.builder().appKey(Given.APP_KEY).appSecret(Given.APP_SECRET).build())
                .policy(Policy.REQUIRE)
                .build();
        try (Intake intake = new Intake(config(), webhook)) {
            Receipt refused = receive(intake, ENDED);
            assertEquals(401, refused.reply().status());
            assertEquals(ErrorKind.SIGNATURE, refused.error().kind());
            assertEquals("missing_header", refused.verdict().reason());
            byte[] body = ENDED.getBytes(StandardCharsets.UTF_8);
            assertTrue(intake.receive(Given.signed(Given.APP_SECRET), body).verdict().isValid());
        }
    }

    @Test
    void theStoryOfACallIsToldCountedAndExported() throws IOException {
        try (Intake intake = new Intake(config())) {
            assertNull(intake.call("session-0001"));
            receive(intake, ENDED);
            Call call = intake.call("session-0001");
            assertEquals("billed", call.state());
            assertEquals("callback", call.scene());
            assertTrue(call.answered() && call.isOver());
            assertEquals(11, call.talkSeconds());
            assertEquals(Instant.parse("2019-01-24T03:04:49Z"), call.endedAt());
            assertEquals("+8613800000022", call.legs().get(1).number());
            assertTrue(call.json().contains("\"i-1\""));
            assertFalse(call.toString().contains("13800000022"));
            receive(intake, WITH_A_BAD_RECORD);
            CallPage page = intake.calls(CallFilter.builder().limit(1).build());
            assertEquals(1, page.calls().size());
            assertNull(intake.calls(CallFilter.builder().limit(1).after(page.next()).build()).next());
            assertEquals(1, intake.calls(CallFilter.builder().number("+8613800000022").build()).calls().size());
            assertEquals(2, intake.calls(null).calls().size());
            assertEquals(List.of(), intake.unsettled());
            Total total = intake.totals(CallFilter.builder().from("2019-01-01").build(), List.of("month"), "0.18", CreatedZone.BEIJING).get(0);
            assertEquals("2019-01", total.group().get("month"));
            assertEquals(1, total.answered());
            assertTrue(total.price() != null);
            assertThrows(
                    IllegalArgumentException.class, () -> intake.totals(null, List.of(), null, CreatedZone.UNKNOWN));
            assertEquals("+8613800000022", intake.storedNumber("+8613800000022"));
            RejectedPage rejected = intake.rejected("record", 1, null);
            assertEquals(1, rejected.texts().size());
            assertEquals("{", new String(rejected.texts().get(0).raw(), StandardCharsets.UTF_8).substring(0, 1));
            assertEquals(1L, rejected.texts().get(0).position());
            assertTrue(rejected.texts().get(0).receivedAt() != null && rejected.next() == null);
            assertThrows(VoiceCallException.class, () -> intake.rejected("moon", null, null));
            assertEquals("/limit", assertThrows(VoiceCallException.class, () -> intake.rejected(null, 0, null)).field());
            ByteArrayOutputStream csv = new ByteArrayOutputStream();
            assertEquals(2, intake.export(csv, ExportFormat.CSV, null, null));
            assertTrue(csv.toString(StandardCharsets.UTF_8).contains("session-0001"));
            OutputStream full = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("full");
                }
            };
            assertEquals("full", assertThrows(IOException.class, () -> intake.export(full, ExportFormat.NDJSON, null, null)).getMessage());
            intake.check();
            intake.probe();
        }
    }

    @Test
    void aWaitEndsWithThePushWithItsTimeAndWithTheIntake() {
        Intake intake = new Intake(config());
        assertNull(intake.waitFor("session-0001", "billed", Duration.ofMillis(10)));
        CompletableFuture<Call> billed =
                CompletableFuture.supplyAsync(() -> intake.waitFor("session-0001", "billed", Duration.ofMinutes(1)));
        receive(intake, ENDED);
        assertEquals("billed", billed.join().state());
        CompletableFuture<Call> never =
                CompletableFuture.supplyAsync(() -> intake.waitFor("session-0009", "ended", Duration.ofMinutes(1)));
        intake.close();
        intake.close();
        VoiceCallException closed = (VoiceCallException) assertThrows(CompletionException.class, never::join).getCause();
        assertEquals(ErrorKind.CLOSED, closed.kind());
        assertEquals(ErrorKind.CLOSED, assertThrows(VoiceCallException.class, () -> intake.calls(null)).kind());
    }

    @Test
    void anAttemptCarriesItsMarkAndAPlacedCallBeginsItsStory() {
        try (Intake intake = new Intake(config())) {
            VoiceNotification request = Given.notification().userData("order-7").extra("{\"bindNbr\":\"x\"}").build();
            Attempt attempt = intake.attempt(request);
            assertEquals("order-7-" + attempt.tag(), attempt.userData());
            receive(intake, "{\"eventType\":\"callout\",\"statusInfo\":{\"sessionId\":\"session-0009\","
                    + "\"timestamp\":\"2019-01-24 03:04:49\",\"userData\":\"" + attempt.userData() + "\"}}");
            Call call = intake.call("session-0009");
            assertEquals("create_voice_notification", call.operation());
            assertEquals("order-7", call.userData());
            assertEquals(attempt.tag(), call.attemptTag());
            try (Peer peer = Peer.answering(Given.SUCCESS); VoiceCallClient client = Given.client(peer.url())) {
                PlacedCall placed = client.createVoiceNotification(request);
                intake.placed(request, placed, null);
                assertEquals("placed", intake.call(placed.sessionId()).state());
            }
            intake.withdraw(intake.attempt(request).tag());
        }
    }

    @Test
    void whatIsPurgedIsGoneAndMistakesAreNamed() {
        try (Intake intake = new Intake(config())) {
            receive(intake, ENDED);
            assertEquals(0, intake.purge(Instant.parse("2019-01-01T00:00:00Z")).calls());
            assertEquals(1, intake.purge(Instant.parse("2019-02-01T00:00:00Z")).calls());
            assertNull(intake.call("session-0001"));
            VoiceCallException soon =
                    assertThrows(VoiceCallException.class, () -> intake.waitFor("s", "soon", Duration.ofMillis(1)));
            assertEquals("/condition", soon.field());
        }
        IntakeConfig postgres = IntakeConfig.builder().store("postgres://127.0.0.1:9/d").build();
        VoiceCallException refused = assertThrows(VoiceCallException.class, () -> new Intake(postgres));
        assertEquals(ErrorKind.CONFIGURATION, refused.kind());
        assertEquals("/store", refused.field());
        assertThrows(NullPointerException.class, () -> new Intake(null));
    }
}
