package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.voicecall.testing.Sandbox;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The five operations against the local platform. */
@Timeout(120)
class SandboxTest {
    @Test
    void allOperationsWorkAgainstTheLocalPlatform(@TempDir Path folder) throws Exception {
        try (Sandbox sandbox = Sandbox.start(200, Given.command());
                VoiceCallClient client = new VoiceCallClient(sandbox.config());
                PushServer pushes = new PushServer(sandbox.appKey(), sandbox.appSecret())) {
            String display = sandbox.displayNumbers().get(0);
            VoiceCallback callback = VoiceCallback.builder()
                    .displayNbr(display)
                    .callerNbr("+8613800000021")
                    .displayCalleeNbr(display)
                    .calleeNbr("+8613800000022")
                    .recordFlag(true)
                    .returnIdlePort(true)
                    .statusUrl(pushes.url())
                    .feeUrl(pushes.url())
                    .build();
            assertTrue(client.createVoiceCallback(callback).idlePort() > 0);
            client.terminateCall(client.createVoiceCallbackAsync(callback).get().sessionId());
            PlayContentInfo voice = PlayContentInfo.builder().notifyVoice(sandbox.voiceFiles().get(0)).build();
            assertNotNull(client.createVoiceNotification(
                    Given.notification().displayNbr(display).playInfoList(voice).build()).sessionId());
            assertNotNull(client.createVoiceVerificationCode(VoiceVerificationCode.builder()
                            .displayNbr(display)
                            .calleeNbr("+8613800000021")
                            .languageType(2)
                            .preTone(sandbox.voiceFiles().get(0))
                            .verifyCode("2048")
                            .build())
                    .sessionId());
            RecordingSource recording = recording(pushes);
            Path path = folder.resolve("a.wav");
            long length = client.downloadRecording(recording, path);
            assertEquals(Files.size(path), length);
            assertTrue(length > 1000, "the recording holds something");
        }
    }

    @Test
    void aCommandThatIsNotThereIsNamed() {
        UncheckedIOException missing =
                assertThrows(UncheckedIOException.class, () -> Sandbox.start(1, "voicecall-that-is-not-there"));
        assertTrue(missing.getMessage().contains("voicecall-that-is-not-there"), missing.getMessage());
    }

    @Test
    void aCommandThatIsNoSandboxIsTold() {
        assertThrows(IllegalStateException.class, () -> Sandbox.start(1, "true"));
    }

    /** Where the recording of the first call with one is. */
    private static RecordingSource recording(PushServer pushes) throws InterruptedException {
        while (true) {
            WebhookEvent event = pushes.next(Given.PATIENCE);
            assertNotNull(event, "a CDR of a call with a recording comes");
            if (!(event instanceof FeeEvent)) {
                continue;
            }
            for (Cdr cdr : ((FeeEvent) event).cdrs()) {
                if (cdr.summary().recording() != null) {
                    return cdr.summary().recording();
                }
            }
        }
    }
}
