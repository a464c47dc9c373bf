package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What can be wrong with an argument before the service's rules begin is told with what Java has for it. */
class ArgumentTest {
    @Test
    void nullIsRefusedWithTheNameOfTheArgument() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE);
                WebhookReceiver receiver = Given.receiver()) {
            isNull("config", () -> new VoiceCallClient(null));
            isNull("executor", () -> new VoiceCallClient(Given.config(Given.NOWHERE).build(), null));
            isNull("config", () -> new WebhookReceiver(null));
            isNull("request", () -> client.createVoiceCallback(null));
            isNull("request", () -> client.createVoiceNotificationAsync(null));
            isNull("request", () -> client.createVoiceVerificationCode(null));
            isNull("request", () -> client.preview((VoiceCallback) null));
            isNull("sessionId", () -> client.terminateCall(null));
            isNull("request", () -> client.getRecordingDownloadUrl(null));
            isNull("source", () -> client.downloadRecording(null, Path.of("x.wav")));
            isNull("path", () -> client.downloadRecording(RecordingSource.at("u"), null));
            isNull("options", () -> client.downloadRecording(RecordingSource.at("u"), Path.of("x.wav"), null));
            isNull("body", () -> Webhook.parse((byte[]) null));
            isNull("body", () -> Webhook.parse((String) null));
            isNull("headers", () -> receiver.receive((Map<String, List<String>>) null, new byte[0]));
            isNull("headers", () -> receiver.receive((Iterable<Map.Entry<String, String>>) null, new byte[0]));
            isNull("headers", () -> receiver.receive((Function<String, String>) null, new byte[0]));
            isNull("body", () -> receiver.receive(Map.of(), null));
            isNull("appSecret", () -> Webhook.sign("k", null, Given.PUSH_URL));
            isNull("table", () -> Codes.find(null, "1"));
            isNull("code", () -> Codes.find("state", null));
        }
    }

    @Test
    void anItemThatIsNullIsToldWithItsPlace() {
        PlayContentInfo item = PlayContentInfo.builder().notifyVoice("a.wav").build();
        isNull("playInfoList[1] is null", () -> VoiceNotification.builder().playInfoList(Arrays.asList(item, null)));
        isNull("templateParas[0] is null", () -> PlayContentInfo.builder().templateParas(Arrays.asList((String) null)));
    }

    @Test
    void aTimeOutOfNothingIsNoTimeOut() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE)) {
            isRefused(() -> client.terminateCall("s", Duration.ZERO));
            isRefused(() -> client.terminateCall("s", Duration.ofSeconds(-1)));
            isRefused(() -> client.terminateCallAsync("s", Duration.ZERO));
            DownloadOptions options = DownloadOptions.builder().timeout(Duration.ZERO).build();
            isRefused(() -> client.downloadRecording(RecordingSource.at("u"), Path.of("x.wav"), options));
        }
    }

    @Test
    void halfACharacterIsRefusedAndNotReplaced() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE)) {
            isRefused(() -> client.createVoiceNotification(Given.notification().userData("\ud83d").build()));
            isRefused(() -> client.createVoiceNotification(Given.notification().userData("é\ude00").build()));
        }
    }

    @Test
    void aNulIsRefusedWhereNoneCanStandAndKeptWhereItCan() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE)) {
            isRefused(() -> Codes.find("state", "8\0001"));
            VoiceCallException error = Fails.with(
                    ErrorKind.INVALID_ARGUMENT,
                    Delivery.NOT_SENT,
                    () -> client.createVoiceNotification(Given.notification().calleeNbr("+86138\0000021").build()));
            assertEquals("/calleeNbr", error.field());
        }
    }

    @Test
    void extraFieldsHaveToBeAnObjectAndReachNothingElse() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE)) {
            for (String wrong : new String[] {"{\"a\":", "1},\"displayNbr\":\"x\"", "[1]", ""}) {
                VoiceNotification request = Given.notification().extra(wrong).build();
                assertThrows(VoiceCallException.class, () -> client.preview(request), wrong);
            }
            assertTrue(client.preview(Given.notification().extra("{\"future\":[1]}").build()).contains("\"future\""));
        }
    }

    @Test
    void aMemberThatStandsForUnknownWordsIsNoWord() {
        isRefused(() -> VoiceCallback.builder().calleeMedia(CalleeMedia.UNKNOWN));
    }

    @Test
    void aTableThatIsNoneIsRefused() {
        Fails.with(ErrorKind.INVALID_ARGUMENT, Delivery.NOT_SENT, () -> Codes.find("moon", "1"));
    }

    private static void isNull(String name, Executable action) {
        assertEquals(name, assertThrows(NullPointerException.class, action).getMessage());
    }

    private static void isRefused(Executable action) {
        assertThrows(IllegalArgumentException.class, action);
    }
}
