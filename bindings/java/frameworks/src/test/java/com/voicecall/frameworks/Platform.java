package com.voicecall.frameworks;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.voicecall.Application;
import com.voicecall.Call;
import com.voicecall.Intake;
import com.voicecall.IntakeConfig;
import com.voicecall.PlayContentInfo;
import com.voicecall.Policy;
import com.voicecall.Receipt;
import com.voicecall.VoiceCallClient;
import com.voicecall.VoiceNotification;
import com.voicecall.WebhookConfig;
import com.voicecall.testing.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/** A local platform that places a call and sends its webhooks, signed, to the receiver of a test. */
final class Platform implements AutoCloseable {
    private final Sandbox sandbox = Sandbox.start(60, System.getenv("VOICECALL_COMMAND"));
    private final Path folder;
    private Intake intake;

    Platform() throws Exception {
        folder = Files.createTempDirectory("voicecall");
    }

    /** Receives with the store of this test. */
    Receipt receive(Function<Intake, Receipt> request) {
        return request.apply(intake);
    }

    /** Places a call whose webhooks go to a server, and checks that all of them are stored. */
    void calls(int port) {
        String url = "http://127.0.0.1:" + port + "/voice";
        WebhookConfig checked = WebhookConfig.builder()
                .urls(url)
                .applications(Application.builder().appKey(sandbox.appKey()).appSecret(sandbox.appSecret()).build())
                .policy(Policy.REQUIRE)
                .build();
        intake = new Intake(IntakeConfig.builder().store("sqlite:" + folder.resolve("calls.db")).build(), checked);
        try (VoiceCallClient client = new VoiceCallClient(sandbox.config())) {
            String session = client.createVoiceNotification(VoiceNotification.builder()
                    .displayNbr(sandbox.displayNumbers().get(0))
                    .calleeNbr("+8613800000041")
                    .playInfoList(PlayContentInfo.builder()
                            .notifyVoice(sandbox.voiceFiles().get(0)).collectInd(1).build())
                    .statusUrl(url)
                    .feeUrl(url)
                    .build()).sessionId();
            Call call = intake.waitFor(session, "billed", Duration.ofSeconds(30));
            assertNotNull(call, "the CDR is stored");
            assertTrue(call.answered() && call.digits().size() == 1, call.json());
        }
    }

    @Override
    public void close() {
        intake.close();
        sandbox.close();
    }
}
