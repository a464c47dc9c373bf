import com.voicecall.PlayContentInfo;
import com.voicecall.Recording;
import com.voicecall.VoiceCallClient;
import com.voicecall.VoiceCallException;
import com.voicecall.VoiceCallback;
import com.voicecall.VoiceNotification;
import com.voicecall.VoiceVerificationCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The driver in Java; see README.md beside this file. */
public final class Driver {
    private Driver() {
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String caFile = System.getenv("VOICECALL_CA_FILE");
        try (VoiceCallClient client = VoiceCallClient.fromEnv(config -> config.caFile(caFile))) {
            String line;
            while ((line = lines.readLine()) != null) {
                System.out.println(obey(client, line.split("\t", -1)));
                System.out.flush();
            }
        }
    }

    private static String obey(VoiceCallClient client, String[] words) {
        try {
            return "ok\t" + perform(client, words, Duration.ofMillis(Long.parseLong(words[1])));
        } catch (VoiceCallException exception) {
            return exception.kind().id() + "\t" + exception.delivery().id();
        }
    }

    private static String perform(VoiceCallClient client, String[] words, Duration timeout) {
        switch (words[0]) {
            case "create_voice_callback":
                return client.createVoiceCallback(
                        VoiceCallback.builder()
                                .displayNbr(words[2])
                                .callerNbr(words[3])
                                .displayCalleeNbr(words[2])
                                .calleeNbr(words[4])
                                .build(),
                        timeout).sessionId();
            case "create_voice_notification":
                return client.createVoiceNotification(
                        VoiceNotification.builder()
                                .displayNbr(words[2])
                                .calleeNbr(words[3])
                                .playInfoList(PlayContentInfo.builder().notifyVoice("notifyvoice.wav").build())
                                .build(),
                        timeout).sessionId();
            case "create_voice_verification_code":
                return client.createVoiceVerificationCode(
                        VoiceVerificationCode.builder()
                                .displayNbr(words[2])
                                .calleeNbr(words[3])
                                .languageType(2)
                                .preTone("pretone.wav")
                                .verifyCode("20408")
                                .build(),
                        timeout).sessionId();
            case "terminate_call":
                client.terminateCall(words[2], timeout);
                return "";
            default:
                return client.getRecordingDownloadUrl(
                        Recording.builder().fileName(words[2]).recordDomain(words[3]).build(), timeout);
        }
    }
}
