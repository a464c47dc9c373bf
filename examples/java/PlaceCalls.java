import com.voicecall.Delivery;
import com.voicecall.ErrorKind;
import com.voicecall.PlacedCall;
import com.voicecall.PlayContentInfo;
import com.voicecall.Recording;
import com.voicecall.VoiceCallClient;
import com.voicecall.VoiceCallException;
import com.voicecall.VoiceCallback;
import com.voicecall.VoiceNotification;
import com.voicecall.VoiceVerificationCode;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * Performs the five operations: a notification that waits for a key, a callback that is recorded and ended again, a
 * verification code, and the address of a recording. With the real platform's address real phones ring, and each call costs
 * money.
 *
 * <p>It does not wait for what becomes of the calls: webhooks tell that, see WebhookReceiver.java.
 *
 * <p>Usage: PlaceCalls CUSTOMER AGENT, telephone numbers, e.g. +8613800000021.
 *
 * <p>Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT (default: the real platform),
 * VOICECALL_DISPLAY_NBR (a number that you ordered), VOICECALL_PUSH_URL (optional: where webhooks go).
 */
public final class PlaceCalls {
    private static final String DISPLAY = System.getenv("VOICECALL_DISPLAY_NBR");

    /** Null means not set: the address in the console applies. */
    private static final String PUSH_URL = System.getenv("VOICECALL_PUSH_URL");

    private PlaceCalls() {
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: PlaceCalls CUSTOMER AGENT");
            System.exit(2);
        }
        // On the real platform an application has one business type, so these would be three clients with three keys.
        try (VoiceCallClient client = VoiceCallClient.fromEnv()) {
            notify(client, arguments[0]);
            connectAndEnd(client, arguments[1], arguments[0]);
            readOutCode(client, arguments[0]);
            findRecording(client);
        } catch (VoiceCallException exception) {
            explain(exception);
            System.exit(1);
        }
    }

    /** Two things are played, and one key is waited for. */
    private static void notify(VoiceCallClient client, String customer) {
        PlacedCall call = client.createVoiceNotification(VoiceNotification.builder()
                .displayNbr(DISPLAY)
                .calleeNbr(customer)
                .playInfoList(
                        PlayContentInfo.builder().notifyVoice("notifyvoice.wav").build(),
                        PlayContentInfo.builder()
                                .templateId("sandbox_pickup")
                                .templateParas("李先生", "2026/11/30", "18:00")
                                .collectInd(1)
                                .build())
                .statusUrl(PUSH_URL)
                .feeUrl(PUSH_URL)
                .userData("parcel-4711") // Comes back in every webhook of the call.
                .build());
        System.out.println("notification: session " + call.sessionId());
    }

    /** The platform calls the agent first, then the customer, and joins them. The example then changes its mind. */
    private static void connectAndEnd(VoiceCallClient client, String agent, String customer) {
        VoiceCallback request = VoiceCallback.builder()
                .displayNbr(DISPLAY)
                .callerNbr(agent)
                .displayCalleeNbr(DISPLAY)
                .calleeNbr(customer)
                .maxDuration(30)
                .recordFlag(true)
                .returnIdlePort(true)
                .statusUrl(PUSH_URL)
                .feeUrl(PUSH_URL)
                .build();

        // Ten seconds for this call; the client's own limit otherwise.
        PlacedCall call = client.createVoiceCallback(request, Duration.ofSeconds(10));
        System.out.println("callback: session " + call.sessionId());
        if (call.idlePort() != null) {
            System.out.println("callback: the platform tells its idle ports");
        }
        client.terminateCall(call.sessionId());
        System.out.println("callback: ended");
    }

    /** Without blocking; join() is only there because the example has nothing else to do meanwhile. */
    private static void readOutCode(VoiceCallClient client, String customer) {
        VoiceVerificationCode request = VoiceVerificationCode.builder()
                .displayNbr(DISPLAY)
                .calleeNbr(customer)
                .languageType(2)
                .preTone("pretone.wav")
                .verifyCode("20408")
                .times(2) // Not set: 3 times. 0: without end.
                .statusUrl(PUSH_URL)
                .feeUrl(PUSH_URL)
                .build();
        try {
            client.createVoiceVerificationCodeAsync(request)
                    .thenAccept(call -> System.out.println("verification code: session " + call.sessionId()))
                    .join();
        } catch (CompletionException wrapped) {
            throw wrapped.getCause() instanceof VoiceCallException ? (VoiceCallException) wrapped.getCause() : wrapped;
        }
    }

    /** File name and domain come in the CDR of a recorded call; these are of a call that never was. */
    private static void findRecording(VoiceCallClient client) {
        Recording recording =
                Recording.builder().fileName("19012411042412019775.wav").recordDomain("ostor.huawei.com").build();
        try {
            System.out.println("recording: " + client.getRecordingDownloadUrl(recording));
        } catch (VoiceCallException exception) {
            if (exception.kind() != ErrorKind.REJECTED) {
                throw exception;
            }
            System.out.println("recording: " + exception.resultCode() + ", " + exception.meaning());
        }
    }

    private static void explain(VoiceCallException exception) {
        System.err.println("PlaceCalls: " + exception.getMessage());
        System.err.println(exception.advice());
        if (exception.delivery() == Delivery.UNKNOWN) {
            System.err.println("The phone may be ringing: wait for a webhook, or ask the person. Do not call again.");
        }
    }
}
