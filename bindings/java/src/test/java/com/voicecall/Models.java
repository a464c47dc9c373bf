package com.voicecall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.voicecall.internal.JsonWriter;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Between the JSON of the vectors and the typed models: by name, so that no field can be forgotten. */
final class Models {
    private static final Map<String, Class<?>> REQUESTS = Map.of(
            "create_voice_callback", VoiceCallback.class,
            "create_voice_notification", VoiceNotification.class,
            "create_voice_verification_code", VoiceVerificationCode.class,
            "get_recording_download_url", Recording.class);

    private Models() {
    }

    /** The arguments as a model; nothing when a model cannot hold them: unknown fields and wrong types. */
    static Optional<Consumer<JsonWriter>> request(String operation, JsonObject arguments) throws ReflectiveOperationException {
        Class<?> type = REQUESTS.get(operation);
        Object model = type == null ? null : filled(type, arguments);
        if (model == null) {
            return Optional.empty();
        }
        Method write = type.getDeclaredMethod("write", JsonWriter.class);
        return Optional.of(to -> {
            try {
                write.invoke(model, to);
            } catch (InvocationTargetException exception) {
                throw (RuntimeException) exception.getCause();
            } catch (IllegalAccessException exception) {
                throw new IllegalStateException(exception);
            }
        });
    }

    /** The fields of an event's models against its natural form. */
    static void checkEvent(WebhookEvent parsed, JsonObject natural) throws ReflectiveOperationException {
        assertEquals(natural.get("eventType").getAsString(), parsed.typeName());
        assertFalse(parsed.raw().isEmpty());
        if (parsed instanceof StatusEvent) {
            checkFields(parsed, natural, StatusEvent.class);
        }
        if (parsed instanceof FeeEvent) {
            List<Cdr> cdrs = ((FeeEvent) parsed).cdrs();
            JsonArray records = natural.getAsJsonArray("feeLst");
            assertEquals(records.size(), cdrs.size());
            for (int i = 0; i < cdrs.size(); i++) {
                checkFields(cdrs.get(i), records.get(i).getAsJsonObject(), Cdr.class);
                assertEquals(records.get(i), JsonParser.parseString(cdrs.get(i).toJson()), "a CDR alone");
            }
        }
    }

    /** Null when the type cannot hold it. */
    private static Object filled(Class<?> type, JsonObject from) throws ReflectiveOperationException {
        Object builder = type.getMethod("builder").invoke(null);
        for (Map.Entry<String, JsonElement> field : from.entrySet()) {
            if (field.getValue().isJsonNull()) {
                continue;
            }
            if (!isSet(builder, field.getKey(), field.getValue())) {
                return null;
            }
        }
        return builder.getClass().getMethod("build").invoke(builder);
    }

    /** Names of methods are the wire's, so that a name in another case is found to be unknown. */
    private static boolean isSet(Object builder, String name, JsonElement value) throws ReflectiveOperationException {
        for (Method setter : builder.getClass().getMethods()) {
            if (setter.getName().equals(name) && setter.getParameterCount() == 1) {
                Object converted = converted(value, setter);
                if (converted != null) {
                    setter.invoke(builder, converted);
                    return true;
                }
            }
        }
        return false;
    }

    /** Null when the method cannot take the value. */
    private static Object converted(JsonElement value, Method setter) throws ReflectiveOperationException {
        Class<?> type = setter.getParameterTypes()[0];
        if (setter.getName().equals("extra")) {
            return value.toString();
        }
        if (value.isJsonArray()) {
            return type == List.class ? list(value.getAsJsonArray(), setter) : null;
        }
        if (!value.isJsonPrimitive()) {
            return null;
        }
        JsonPrimitive primitive = value.getAsJsonPrimitive();
        if (type == String.class && primitive.isString()) {
            return primitive.getAsString();
        }
        if (type == boolean.class && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        if (type == long.class && primitive.isNumber()) {
            return integer(primitive.getAsString());
        }
        return null;
    }

    private static Long integer(String number) {
        try {
            return Long.valueOf(number);
        } catch (NumberFormatException exception) {
            return null;
        }
    }

    private static List<Object> list(JsonArray from, Method setter) throws ReflectiveOperationException {
        Class<?> of = (Class<?>) ((ParameterizedType) setter.getGenericParameterTypes()[0]).getActualTypeArguments()[0];
        List<Object> items = new ArrayList<>();
        for (JsonElement item : from) {
            Object converted = null;
            if (of == String.class && item.isJsonPrimitive() && item.getAsJsonPrimitive().isString()) {
                converted = item.getAsString();
            } else if (of != String.class && item.isJsonObject()) {
                converted = filled(of, item.getAsJsonObject());
            }
            if (converted == null) {
                return null;
            }
            items.add(converted);
        }
        return items;
    }

    private static void checkFields(Object model, JsonObject natural, Class<?> type) throws ReflectiveOperationException {
        Stream<String> declared = Arrays.stream(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(Field::getName);
        for (String field : (Iterable<String>) declared::iterator) {
            Object value = type.getMethod(field).invoke(model);
            // Only the case of a name differs from the wire's.
            Optional<String> wire = natural.keySet().stream().filter(field::equalsIgnoreCase).findFirst();
            JsonElement expected = wire.map(natural::get).orElse(null);
            assertEquals(text(expected), text(value), field);
        }
    }

    private static String text(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Instant || value instanceof Long) {
            return value.toString();
        }
        if (value instanceof JsonElement) {
            JsonPrimitive primitive = ((JsonElement) value).getAsJsonPrimitive();
            return primitive.isNumber() ? new BigDecimal(primitive.getAsString()).toPlainString() : primitive.getAsString();
        }
        return value.toString();
    }
}
