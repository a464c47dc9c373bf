package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pushes: what they say, whether they are trusted, and what is answered. */
class WebhookTest {
    private static final String DISCONNECT =
            "{\"eventType\":\"disconnect\",\"statusInfo\":{\"timestamp\":\"2019-01-24 03:04:49\",\"sessionId\":\"s\","
                    + "\"called\":\"+8613800000021\",\"stateCode\":8102,\"stateDesc\":\"busy\",\"future\":1}}";

    @Test
    void aSignedPushIsReadAndAnswered() {
        try (WebhookReceiver receiver = Given.receiver()) {
            Received received = receiver.receive(Given.signed(Given.APP_SECRET), Given.fee(2));
            assertEquals("valid", received.verdict().name());
            assertEquals(Given.APP_KEY, received.verdict().appKey());
            assertEquals(DigestForm.NEWEST, received.verdict().form());
            assertNull(received.error());
            FeeEvent fee = (FeeEvent) received.events().get(0);
            assertEquals(EventType.FEE, fee.type());
            assertEquals("李先生", fee.cdrs().get(1).userData());
            assertEquals(200, received.reply().status());
            assertTrue(received.reply(false).status() >= 500);
            assertTrue(received.reply().headers().keySet().stream().anyMatch("content-type"::equalsIgnoreCase));
        }
    }

    @Test
    void theCaseOfHeadersDoesNotMatter() {
        try (WebhookReceiver receiver = Given.receiver()) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            Given.signed(Given.APP_SECRET).forEach((name, value) -> headers.put(name.toUpperCase(Locale.ROOT), value));
            assertTrue(receiver.receive(headers, Given.fee(1)).verdict().isValid());
        }
    }

    @Test
    void headersAreTakenAsFrameworksHaveThem() {
        try (WebhookReceiver receiver = Given.receiver()) {
            byte[] body = Given.fee(1);
            Map<String, String> entries = Webhook.sign(Given.APP_KEY, Given.APP_SECRET, Given.PUSH_URL);
            assertTrue(receiver.receive(entries.entrySet(), body).verdict().isValid());
            Map<String, String> lookedUp = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            lookedUp.putAll(Webhook.sign(Given.APP_KEY, Given.APP_SECRET, Given.PUSH_URL));
            assertTrue(receiver.receive(lookedUp::get, body).verdict().isValid());
            assertEquals(401, receiver.receive(name -> null, body).reply().status());
        }
    }

    @Test
    void strangeHeadersHarmNobody() {
        try (WebhookReceiver receiver = Given.receiver()) {
            Map<String, List<String>> headers = new HashMap<>();
            headers.put("x\0y", List.of("\ud83d"));
            headers.put("", Collections.singletonList(null));
            headers.put(null, Arrays.asList("x", ""));
            headers.put("y", null);
            assertTrue(receiver.receive(headers, new byte[0]).verdict().isRefused());
        }
    }

    @Test
    void aPushOfAnotherSenderIsRefusedWithAReason() {
        try (WebhookReceiver receiver = Given.receiver()) {
            Received received = receiver.receive(Given.signed("another"), Given.fee(1));
            assertEquals("digest_mismatch", received.verdict().reason());
            assertFalse(received.verdict().message().isEmpty());
            assertTrue(received.events().isEmpty());
            assertTrue(received.reply().status() >= 400);
        }
    }

    @Test
    void aStatusEventTellsWhenAndWhy() {
        StatusEvent status = (StatusEvent) Webhook.parse(DISCONNECT);
        assertEquals(EventType.DISCONNECT, status.type());
        assertEquals(Instant.parse("2019-01-24T03:04:49Z"), status.timestamp());
        assertEquals(8102, status.stateCode());
        assertNull(status.digitInfo());
        assertTrue(status.explain().meaning().contains("busy"));
        assertEquals(DISCONNECT, status.raw());
    }

    @Test
    void anEventIsAValueThatHidesWhatIsPrivate() {
        WebhookEvent event = Webhook.parse(DISCONNECT);
        assertEquals(event, Webhook.parse(DISCONNECT));
        assertEquals(event.hashCode(), Webhook.parse(DISCONNECT).hashCode());
        assertNotEquals(event, Webhook.parse(DISCONNECT.replace("8102", "8103")));
        assertTrue(event.toString().contains("called=+*********0021"), event.toString());
        Cdr cdr = ((FeeEvent) Webhook.parse(Given.fee(1))).cdrs().get(0);
        assertEquals(cdr, ((FeeEvent) Webhook.parse(Given.fee(2))).cdrs().get(0));
        assertTrue(cdr.toString().contains("calleeNum=+*********0021"), cdr.toString());
        assertTrue(cdr.toString().contains("callOutStartTime=2019-01-24T03:04:24Z"), cdr.toString());
    }

    @Test
    void aRecordThatCannotBeReadDoesNotCostItsNeighbours() {
        FeeEvent fee = (FeeEvent) Webhook.parse(
                "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"a\"},{\"sessionId\":7},{\"sessionId\":\"c\"}]}");
        assertEquals(2, fee.cdrs().size());
        assertEquals("{\"sessionId\":\"c\"}", fee.cdrs().get(1).raw());
        RejectedRecord rejected = fee.rejected().get(0);
        assertEquals(1, rejected.index());
        assertEquals("{\"sessionId\":7}", rejected.raw());
        assertFalse(rejected.reason().isEmpty());
    }

    @Test
    void anUnknownEventIsKept() {
        UnknownEvent unknown = (UnknownEvent) Webhook.parse("{\"eventType\":\"moon\",\"x\":1}");
        assertEquals(EventType.UNKNOWN, unknown.type());
        assertEquals("moon", unknown.typeName());
    }

    @Test
    void aThousandRecordsAreRead() {
        FeeEvent fee = (FeeEvent) Webhook.parse(Given.fee(1000));
        assertEquals(1000, fee.cdrs().size());
        assertEquals("session-999", fee.cdrs().get(999).sessionId());
        assertEquals("session-16", fee.cdrs().get(16).sessionId());
    }

    @Test
    void anEventOutlivesItsReceiver() {
        Received received;
        try (WebhookReceiver receiver = new WebhookReceiver(WebhookConfig.builder().build())) {
            received = receiver.receive(Map.of(), Given.fee(1));
        }
        assertEquals("not_checked", received.verdict().name());
        CdrSummary summary = ((FeeEvent) received.events().get(0)).cdrs().get(0).summary("0.18");
        assertFalse(summary.legs().isEmpty());
    }

    @Test
    void aPriceThatIsNoNumberIsRefused() {
        Cdr cdr = ((FeeEvent) Webhook.parse(Given.fee(1))).cdrs().get(0);
        Fails.with(ErrorKind.CONFIGURATION, Delivery.NOT_SENT, () -> cdr.summary("cheap"));
    }
}
