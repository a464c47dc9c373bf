package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out and what comes back. */
class ClientTest {
    @Test
    void aPlacedCallHasWhatThePlatformSaid() {
        try (Peer peer = Peer.answering(Given.SUCCESS);
                VoiceCallClient client = Given.client(peer.url())) {
            PlacedCall call = client.createVoiceNotification(Given.notification().build());
            assertEquals("session-0001", call.sessionId());
            assertEquals(3, call.idlePort());
            JsonObject json = JsonParser.parseString(call.json()).getAsJsonObject();
            assertEquals("session-0001", json.get("sessionId").getAsString());
            assertEquals(call, client.createVoiceNotification(Given.notification().build()));
            assertTrue(call.toString().contains("session-0001"));
        }
    }

    @Test
    void textsOfEveryScriptArriveAsTheyAre() {
        String text = "李先生 \ud83d\ude00 ß \"\\ \u0001 é";
        AtomicReference<String> body = new AtomicReference<>();
        Peer.Behaviour behaviour = (request, to) -> {
            body.set(request.substring(request.indexOf("\r\n\r\n")));
            Peer.answer(to, Given.SUCCESS.replace("session-0001", "会话-\ud83d\ude00"), "200 OK");
        };
        try (Peer peer = new Peer(behaviour);
                VoiceCallClient client = Given.client(peer.url())) {
            VoiceNotification request = Given.notification()
                    .playInfoList(PlayContentInfo.builder().templateId("t").templateParas(text).build())
                    .build();
            assertEquals("会话-\ud83d\ude00", client.createVoiceNotification(request).sessionId());
            JsonObject item = JsonParser.parseString(body.get())
                    .getAsJsonObject()
                    .getAsJsonArray("playInfoList")
                    .get(0)
                    .getAsJsonObject();
            assertEquals(text, item.getAsJsonArray("templateParas").get(0).getAsString());
        }
    }

    @Test
    void aPreviewShowsTheRequestAndHidesWhatIsPrivate() {
        try (VoiceCallClient client = Given.client(Given.NOWHERE)) {
            String preview = client.preview(Given.notification().build());
            assertTrue(preview.startsWith("POST http://127.0.0.1:9/rest/httpsessions/callnotify/v2.0\n"), preview);
            assertTrue(preview.contains("alarm.wav") && !preview.contains("13800000021"), preview);
        }
    }

    @Test
    void anyJsonCanBeSentToAnOperation() {
        try (Peer peer = Peer.answering(Given.SUCCESS);
                VoiceCallClient client = Given.client(peer.url())) {
            assertEquals("{}", client.call("terminate_call", "{\"sessionid\":\"s\"}"));
        }
    }

    @Test
    void aRequestIsAValueThatHidesWhatIsPrivate() {
        VoiceVerificationCode request = VoiceVerificationCode.builder()
                .displayNbr("+867550000088")
                .calleeNbr("+8613800000021")
                .languageType(2)
                .verifyCode("20408")
                .build();
        assertEquals(request, request.toBuilder().build());
        assertEquals(request.hashCode(), request.toBuilder().build().hashCode());
        assertFalse(request.equals(request.toBuilder().verifyCode("20409").build()));
        assertEquals("20408", request.verifyCode());
        assertEquals(2, request.languageType());
        String shown = request.toString();
        assertTrue(shown.contains("calleeNbr=+*********0021") && shown.contains("languageType=2"), shown);
        assertFalse(shown.contains("20408") || shown.contains("preTone"), shown);
        String config = Given.config(Given.NOWHERE).build().toString();
        assertTrue(config.contains(Given.APP_KEY) && !config.contains(Given.APP_SECRET), config);
    }

    @Test
    void aWordThatIsNotKnownIsKept() {
        VoiceCallback known = VoiceCallback.builder().calleeMedia(CalleeMedia.NONE).build();
        assertEquals("none", known.calleeMediaText());
        VoiceCallback unknown = VoiceCallback.builder().calleeMedia("later").build();
        assertEquals(CalleeMedia.UNKNOWN, unknown.calleeMedia());
        assertEquals("later", unknown.calleeMediaText());
        assertEquals(null, VoiceCallback.builder().build().calleeMedia());
    }

    @Test
    void aRecordingComesIntoItsFileAndTellsHowFarItIs(@TempDir Path folder) throws Exception {
        String sound = "s".repeat(100_000);
        try (Peer peer = Peer.answering(sound);
                VoiceCallClient client = Given.client(peer.url())) {
            Path path = folder.resolve("录音.wav");
            RecordingSource source = RecordingSource.at(peer.url() + "/a.wav");
            AtomicReference<DownloadProgress> told = new AtomicReference<>();
            DownloadOptions options = DownloadOptions.builder().progress(told::set).build();
            assertEquals(100_000, client.downloadRecording(source, path, options));
            assertEquals(sound, Files.readString(path));
            assertEquals(100_000, told.get().bytes());
            assertEquals(100_000, told.get().total());
            assertEquals(100_000, client.downloadRecordingAsync(source, folder.resolve("b.wav"), options).get());
        }
    }

    @Test
    void whatTheProgramThrowsStopsADownloadAndComesOut(@TempDir Path folder) throws Exception {
        try (Peer peer = Peer.answering("s".repeat(100_000));
                VoiceCallClient client = Given.client(peer.url())) {
            Path path = Files.writeString(folder.resolve("a.wav"), "before");
            IllegalStateException enough = new IllegalStateException("enough");
            DownloadOptions options = DownloadOptions.builder()
                    .overwrite(true)
                    .progress(told -> {
                        throw enough;
                    })
                    .build();
            RecordingSource source = RecordingSource.at(peer.url() + "/a.wav");
            assertSame(
                    enough,
                    assertThrows(IllegalStateException.class, () -> client.downloadRecording(source, path, options)));
            assertEquals("before", Files.readString(path), "a stopped download leaves what was there");
        }
    }
}
