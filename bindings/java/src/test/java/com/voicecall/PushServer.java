package com.voicecall;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An HTTP server that receives the pushes of a local platform, and takes only those with a valid signature. */
final class PushServer implements AutoCloseable {
    private final HttpServer server;
    private final WebhookReceiver receiver;
    private final BlockingQueue<WebhookEvent> events = new LinkedBlockingQueue<>();

    PushServer(String appKey, String appSecret) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver = new WebhookReceiver(WebhookConfig.builder()
                .urls(url())
                .applications(Application.builder().appKey(appKey).appSecret(appSecret).build())
                .policy(Policy.REQUIRE)
                .build());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/voice";
    }

    /** The next event; null when none comes in this time. */
    WebhookEvent next(Duration patience) throws InterruptedException {
        return events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
        receiver.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            Received received = receiver.receive(exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes());
            events.addAll(received.events());
            Reply reply = received.reply();
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } finally {
            exchange.close();
        }
    }
}
