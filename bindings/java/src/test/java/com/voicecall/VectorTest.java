package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.voicecall.internal.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The language-neutral cases of core/tests/vectors; the format is described beside them. */
class VectorTest {
    private static final List<String> KEYS = List.of("id", "kind", "contract", "given", "expected");

    private int typed;
    private int generic;

    @Test
    void everyRequestVectorHolds() throws Exception {
        run("requests.json", "request", this::request);
        System.out.println("requests.json: " + typed + " through models, " + generic + " that models cannot hold through JSON");
        assertTrue(typed > 3 * generic, "most requests go through the models");
    }

    @Test
    void everyResponseVectorHolds() throws Exception {
        run("responses.json", "response", VectorTest::response);
    }

    @Test
    void everyWebhookVectorHolds() throws Exception {
        run("webhooks.json", "webhook", VectorTest::pushedBody);
    }

    @Test
    void everyCdrVectorHolds() throws Exception {
        run("cdrs.json", "cdr", VectorTest::record);
    }

    @Test
    void everySignatureVectorHolds() throws Exception {
        run("signatures.json", "signature", VectorTest::signature);
    }

    @Test
    void everySigningVectorHolds() throws Exception {
        run("signing.json", "signing", VectorTest::signing);
    }

    @Test
    void everyCodeVectorHolds() throws Exception {
        run("codes.json", "code", VectorTest::foundCode);
    }

    private interface Outcome {
        JsonObject of(JsonObject given) throws Exception;
    }

    private static void run(String file, String kind, Outcome outcome) throws Exception {
        JsonArray cases = JsonParser.parseString(Files.readString(Given.vectors().resolve(file))).getAsJsonArray();
        assertEquals(documentedNumber(file), cases.size(), "the number of cases in " + file);
        List<String> faults = new ArrayList<>();
        for (JsonElement each : cases) {
            JsonObject vector = each.getAsJsonObject();
            assertEquals(KEYS, List.copyOf(vector.keySet()), "envelope");
            assertEquals(kind, vector.get("kind").getAsString());
            String fault = fault(vector.getAsJsonObject("expected"), vector.getAsJsonObject("given"), outcome);
            if (fault != null) {
                faults.add(vector.get("id").getAsString() + ": " + fault);
            }
        }
        assertTrue(faults.isEmpty(), faults.size() + " cases fail\n" + String.join("\n", faults));
    }

    private static int documentedNumber(String file) throws IOException {
        String row = Files.readAllLines(Given.vectors().resolve("README.md")).stream()
                .filter(line -> line.startsWith("| `" + file))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(row.split("\\|")[3].trim());
    }

    /** What is wrong; null for nothing. */
    private static String fault(JsonObject expected, JsonObject given, Outcome outcome) throws Exception {
        try {
            JsonObject actual = outcome.of(given);
            return expected.equals(actual) ? null : "expected " + expected + "\n    got      " + actual;
        } catch (VoiceCallException exception) {
            JsonObject wanted = expected.getAsJsonObject("error");
            boolean isSame = wanted != null
                    && wanted.entrySet().stream().allMatch(one -> one.getValue().equals(attribute(exception, one.getKey())));
            return isSame ? null : "expected " + expected + "\n    got      " + exception.kindName() + ": " + exception.getMessage();
        }
    }

    private static JsonElement attribute(VoiceCallException exception, String name) {
        switch (name) {
            case "kind":
                return json(exception.kindName());
            case "delivery":
                return json(exception.delivery().id());
            case "retry":
                return json(exception.retry().id());
            case "field":
                return json(exception.field());
            case "rule":
                return json(exception.rule());
            case "measured":
                String measured = exception.measured();
                return measured != null && measured.matches("-?\\d+") ? new JsonPrimitive(Long.valueOf(measured)) : json(measured);
            case "result_code":
                return json(exception.resultCode());
            case "result_desc":
                return json(exception.resultDesc());
            case "http_status":
                return exception.httpStatus() == null ? JsonNull.INSTANCE : new JsonPrimitive(exception.httpStatus());
            default:
                throw new AssertionError("no attribute " + name);
        }
    }

    private static JsonElement json(String text) {
        return text == null ? JsonNull.INSTANCE : new JsonPrimitive(text);
    }

    private static String text(JsonObject object, String name) {
        return object.has(name) && !object.get(name).isJsonNull() ? object.get(name).getAsString() : null;
    }

    private static Config config(JsonObject settings, String validation) {
        String secret = text(settings, "app_secret");
        String zone = text(settings, "created_zone");
        return Config.builder()
                .appKey(text(settings, "app_key"))
                .appSecret(secret == null ? text(settings, "secret") : secret)
                .endpoint(text(settings, "endpoint"))
                .createdZone(zone == null ? text(settings, "zone") : zone)
                .validation(validation)
                .build();
    }

    private JsonObject request(JsonObject given) throws Exception {
        Config config = config(given.getAsJsonObject("config"), text(given, "validation"));
        String operation = text(given, "operation");
        JsonObject arguments = given.getAsJsonObject("arguments");
        String nonce = text(given, "nonce");
        long time = given.get("time").getAsLong();
        Optional<Consumer<JsonWriter>> model = Models.request(operation, arguments);
        String signed;
        if (model.isPresent()) {
            typed++;
            signed = SansIo.sign(config, operation, model.get(), nonce, time);
        } else {
            generic++;
            signed = SansIo.sign(config, operation, arguments.toString(), nonce, time);
        }
        return JsonParser.parseString(signed).getAsJsonObject();
    }

    private static byte[] body(JsonObject given) {
        if (given.has("body_base64")) {
            return Base64.getDecoder().decode(text(given, "body_base64"));
        }
        if (given.has("body_repeat")) {
            JsonObject parts = given.getAsJsonObject("body_repeat");
            String middle = text(parts, "repeat").repeat(parts.get("count").getAsInt());
            return (text(parts, "prefix") + middle + text(parts, "suffix")).getBytes(StandardCharsets.UTF_8);
        }
        String body = text(given, "body");
        return (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject response(JsonObject given) {
        JsonObject headers = given.has("headers") ? given.getAsJsonObject("headers") : new JsonObject();
        String location = headers.keySet().stream()
                .filter("location"::equalsIgnoreCase)
                .map(name -> text(headers, name))
                .findFirst()
                .orElse(null);
        String answer = SansIo.read(text(given, "operation"), given.get("http_status").getAsInt(), location, body(given));
        JsonObject told = new JsonObject();
        told.add("value", JsonParser.parseString(answer));
        return told;
    }

    private static JsonObject pushedBody(JsonObject given) throws Exception {
        WebhookEvent parsed = Webhook.parse(body(given));
        JsonObject told = new JsonObject();
        if (parsed instanceof FeeEvent && given.has("body_repeat")) {
            JsonObject counts = new JsonObject();
            counts.addProperty("feeLst", ((FeeEvent) parsed).cdrs().size());
            counts.addProperty("rejected", ((FeeEvent) parsed).rejected().size());
            told.add("counts", counts);
            return told;
        }
        JsonObject natural = JsonParser.parseString(parsed.toJson()).getAsJsonObject();
        Models.checkEvent(parsed, natural);
        if (natural.has("rejected")) {
            // An English sentence, which is left to the library.
            natural.getAsJsonArray("rejected").forEach(rejected -> rejected.getAsJsonObject().remove("reason"));
        }
        told.add("event", natural);
        return told;
    }

    private static JsonObject record(JsonObject given) {
        FeeEvent fee = (FeeEvent) Webhook.parse("{\"eventType\":\"fee\",\"feeLst\":[" + given.get("record") + "]}");
        CdrSummary summary = fee.cdrs().get(0).summary(text(given, "tariff"));
        JsonObject told = new JsonObject();
        told.addProperty("scene", summary.scene());
        told.addProperty("answered", summary.answered());
        JsonArray legs = new JsonArray();
        summary.legs().forEach(leg -> legs.add(leg(leg)));
        told.add("legs", legs);
        addSet(told, "billable_minutes", summary.billableMinutes());
        addSet(told, "price", summary.price());
        Explanation why = summary.explanation();
        if (why != null) {
            JsonObject explanation = new JsonObject();
            explanation.add("table", json(why.table()));
            explanation.addProperty("code", why.code().toString());
            explanation.add("meaning", json(why.meaning()));
            told.add("explanation", explanation);
        }
        return told;
    }

    private static JsonObject leg(Leg leg) {
        JsonObject told = new JsonObject();
        told.addProperty("leg", leg.name());
        told.addProperty("answered", leg.answered());
        told.addProperty("inferred", leg.inferred());
        addSet(told, "number", leg.number());
        addSet(told, "talk_seconds", leg.talkSeconds());
        addSet(told, "billable_minutes", leg.billableMinutes());
        return told;
    }

    private static void addSet(JsonObject to, String name, Object value) {
        if (value instanceof Long) {
            to.addProperty(name, (Long) value);
        } else if (value != null) {
            to.addProperty(name, value.toString());
        }
    }

    private static JsonObject signature(JsonObject given) {
        List<Application> applications = new ArrayList<>();
        given.getAsJsonObject("applications").entrySet().forEach(application -> secrets(application.getValue())
                .forEach(secret -> applications.add(Application.builder()
                        .appKey(application.getKey())
                        .appSecret(secret)
                        .build())));
        List<String> urls = new ArrayList<>();
        given.getAsJsonArray("urls").forEach(url -> urls.add(url.getAsString()));
        WebhookConfig config = WebhookConfig.builder()
                .policy(text(given, "policy"))
                .urls(urls)
                .applications(applications)
                .tolerance(seconds(given, "tolerance_s"))
                .cdrTolerance(seconds(given, "cdr_tolerance_s"))
                .build();
        Instant now = Instant.ofEpochSecond(given.get("now").getAsLong());
        byte[] body = (text(given, "event").equals("fee")
                        ? "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"1\"}]}"
                        : "{\"eventType\":\"callout\",\"statusInfo\":{\"sessionId\":\"1\"}}")
                .getBytes(StandardCharsets.UTF_8);
        try (WebhookReceiver receiver = new WebhookReceiver(config)) {
            byte[] other = Arrays.copyOf(body, body.length + 1);
            other[body.length] = ' ';
            Map<String, byte[]> seenBodies = Map.of("seen_nonces", other, "seen_pushes", body);
            seenBodies.forEach((name, seenBody) -> {
                Application first = applications.get(0);
                JsonArray nonces = given.has(name) ? given.getAsJsonArray(name) : new JsonArray();
                nonces.forEach(nonce -> {
                    Map<String, String> seen =
                            Webhook.sign(first.appKey(), first.appSecret(), urls.get(0), nonce.getAsString(), now);
                    assertTrue(receiver.receive(Given.headers(seen), seenBody, now).verdict().isValid(), "seen before");
                });
            });
            Map<String, List<String>> headers = new LinkedHashMap<>();
            given.getAsJsonObject("headers").entrySet()
                    .forEach(header -> headers.put(header.getKey(), List.of(header.getValue().getAsString())));
            return told(receiver.receive(headers, body, now));
        }
    }

    private static List<String> secrets(JsonElement given) {
        List<String> secrets = new ArrayList<>();
        if (given.isJsonArray()) {
            given.getAsJsonArray().forEach(secret -> secrets.add(secret.getAsString()));
        } else {
            secrets.add(given.getAsString());
        }
        return secrets;
    }

    private static Duration seconds(JsonObject given, String name) {
        return given.has(name) ? Duration.ofSeconds(given.get(name).getAsLong()) : null;
    }

    private static JsonObject told(Received received) {
        Verdict verdict = received.verdict();
        JsonObject told = new JsonObject();
        told.addProperty("verdict", verdict.name());
        told.addProperty("reply_status", received.reply().status());
        addSet(told, "form", verdict.form() == null ? null : verdict.form().wire());
        addSet(told, "url", verdict.url());
        if (verdict.isValid()) {
            told.addProperty("secret_index", verdict.secretIndex());
            told.addProperty("repeated", verdict.isRepeated());
        }
        addSet(told, "reason", verdict.reason());
        addSet(told, "hint", verdict.hint());
        assertEquals(verdict.isRefused(), received.error() != null, "a refused push has an error");
        assertEquals(verdict.isRefused() ? 0 : 1, received.events().size(), "number of events");
        return told;
    }

    private static JsonObject signing(JsonObject given) {
        String signed = SansIo.sign(
                config(given, null),
                "terminate_call",
                "{\"sessionid\":\"session-0001\"}",
                text(given, "nonce"),
                given.get("time").getAsLong());
        String header = JsonParser.parseString(signed).getAsJsonObject().getAsJsonObject("headers").get("x-aksk").getAsString();
        JsonObject told = new JsonObject();
        told.addProperty("x_aksk", header);
        told.addProperty("digest", header.replaceAll(".*PasswordDigest=\"([^\"]*)\".*", "$1"));
        told.addProperty("created", header.replaceAll(".*Created=\"([^\"]*)\".*", "$1"));
        return told;
    }

    private static JsonObject foundCode(JsonObject given) {
        Integer httpStatus = given.has("http_status") ? (Integer) given.get("http_status").getAsInt() : null;
        Code code = Codes.find(text(given, "table"), text(given, "code"), httpStatus, text(given, "text"));
        JsonObject told = new JsonObject();
        told.addProperty("known", code.isKnown());
        told.addProperty("outdated", code.isOutdated());
        told.add("meaning", json(code.meaning()));
        told.add("advice", json(code.advice()));
        if (code.retry() != null) {
            told.addProperty("retry", code.retry().id());
        }
        return told;
    }
}
