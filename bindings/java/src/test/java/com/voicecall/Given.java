package com.voicecall;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tests start from. All numbers, keys and secrets are fictitious. */
final class Given {
    static final String APP_KEY = "TestAppKey0001";
    static final String APP_SECRET = "TestAppSecret0001";
    static final String PUSH_URL = "https://example.com/voice";
    static final String SUCCESS =
            "{\"resultcode\":\"0\",\"resultdesc\":\"Success\",\"sessionId\":\"session-0001\",\"idlePort\":3}";

    /** An address where nobody is asked anything. */
    static final String NOWHERE = "http://127.0.0.1:9";

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Given() {
    }

    /** The command {@code voicecall}. */
    static String command() {
        return System.getenv().getOrDefault("VOICECALL_COMMAND", "voicecall");
    }

    static Path vectors() {
        return Path.of(System.getenv().getOrDefault("VOICECALL_VECTORS", "../../core/tests/vectors"));
    }

    static Config.Builder config(String endpoint) {
        return Config.builder().appKey(APP_KEY).appSecret(APP_SECRET).endpoint(endpoint).retries(0);
    }

    static VoiceCallClient client(String endpoint) {
        return new VoiceCallClient(config(endpoint).build());
    }

    static VoiceNotification.Builder notification() {
        return VoiceNotification.builder()
                .displayNbr("+867550000088")
                .calleeNbr("+8613800000021")
                .playInfoList(PlayContentInfo.builder().notifyVoice("alarm.wav").build());
    }

    static WebhookReceiver receiver() {
        return new WebhookReceiver(WebhookConfig.builder()
                .urls(PUSH_URL)
                .applications(Application.builder().appKey(APP_KEY).appSecret(APP_SECRET).build())
                .policy(Policy.REQUIRE)
                .build());
    }

    static Map<String, List<String>> signed(String secret) {
        return headers(Webhook.sign(APP_KEY, secret, PUSH_URL));
    }

    static Map<String, List<String>> headers(Map<String, String> headers) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return all;
    }

    /** A CDR push of this many records. */
    static byte[] fee(int records) {
        StringBuilder all = new StringBuilder("{\"eventType\":\"fee\",\"feeLst\":[");
        for (int i = 0; i < records; i++) {
            all.append(i == 0 ? "" : ",")
                    .append("{\"sessionId\":\"session-").append(i).append("\",\"calleeNum\":\"+8613800000021\",")
                    .append("\"callOutStartTime\":\"2019-01-24 03:04:24\",\"ulFailReason\":0,\"userData\":\"李先生\"}");
        }
        return all.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
