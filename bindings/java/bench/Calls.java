import com.sun.jna.Native;
import com.voicecall.Config;
import com.voicecall.PlacedCall;
import com.voicecall.PlayContentInfo;
import com.voicecall.VoiceCallClient;
import com.voicecall.VoiceNotification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * CPU of one call on a connection that is kept: this library, or what a careful program does with {@code HttpClient}. Prints
 * {@code cpu 12.3 us}.
 */
public final class Calls {
    /** Calls that are not counted: the runtime compiles what runs often again, better. */
    private static final int WARM_UP = 10_000;

    private static final int COUNTED = 10_000;
    private static final String APP_KEY = "ExampleAppKey0001";
    private static final String APP_SECRET = "example-secret-0001";
    private static final String PATH = "/rest/httpsessions/callnotify/v2.0";
    private static final Pattern SESSION = Pattern.compile("\"sessionId\":\"([^\"]*)\"");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PROCESS_CPU_TIME = 2;

    static {
        Native.register("c");
    }

    private Calls() {
    }

    private static native int clock_gettime(int clock, long[] time);

    private interface Call {
        void run() throws Exception;
    }

    /** The arguments: the client's name, and the address of a platform in another process, so that only the caller counts. */
    public static void main(String[] arguments) throws Exception {
        String url = arguments[1];
        HttpClient http = HttpClient.newHttpClient();
        Config config = Config.builder().appKey(APP_KEY).appSecret(APP_SECRET).endpoint(url).build();
        try (VoiceCallClient client = new VoiceCallClient(config)) {
            Call call = arguments[0].equals("voicecall") ? () -> ours(client) : () -> theirs(http, url);
            repeat(call, WARM_UP);
            double before = microseconds();
            repeat(call, COUNTED);
            System.out.println(String.format(Locale.ROOT, "cpu %.3f us", (microseconds() - before) / COUNTED));
        }
    }

    private static void repeat(Call call, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }

    private static double microseconds() {
        long[] time = new long[2];
        require(clock_gettime(PROCESS_CPU_TIME, time) == 0);
        return time[0] * 1e6 + time[1] / 1e3;
    }

    private static void ours(VoiceCallClient client) {
        PlacedCall call = client.createVoiceNotification(VoiceNotification.builder()
                .displayNbr("+8675500000001")
                .calleeNbr("+8613800000021")
                .playInfoList(PlayContentInfo.builder().templateId("10000001").templateParas("3", "12:30").collectInd(1).build())
                .userData("example-0001")
                .build());
        require(call.sessionId().equals("session-0001"));
    }

    /** A fresh nonce and time, the digest, headers, the body, the post, the session id. The JDK has no JSON. */
    private static void theirs(HttpClient http, String url) throws Exception {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String nonce = new java.math.BigInteger(1, random).toString(16);
        String created = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(APP_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String digest = Base64.getEncoder().encodeToString(mac.doFinal((nonce + created).getBytes(StandardCharsets.UTF_8)));
        String body = "{\"displayNbr\":\"+8675500000001\",\"calleeNbr\":\"+8613800000021\",\"playInfoList\":[{\"templateId\":"
                + "\"10000001\",\"templateParas\":[\"3\",\"12:30\"],\"collectInd\":1}],\"userData\":\"example-0001\"}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + PATH))
                .header("Content-Type", "application/json;charset=UTF-8")
                .header("Authorization", "AKSK realm=\"SDP\",profile=\"UsernameToken\",type=\"Appkey\"")
                .header(
                        "X-AKSK",
                        "UsernameToken Username=\"" + APP_KEY + "\",PasswordDigest=\"" + digest + "\",Nonce=\"" + nonce
                                + "\",Created=\"" + created + "\"")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        Matcher session = SESSION.matcher(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        require(session.find() && session.group(1).equals("session-0001"));
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("not the answer that was expected");
        }
    }
}
