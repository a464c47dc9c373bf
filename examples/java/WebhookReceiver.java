import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.voicecall.Application;
import com.voicecall.Policy;
import com.voicecall.Received;
import com.voicecall.Reply;
import com.voicecall.VoiceCallException;
import com.voicecall.WebhookConfig;
import com.voicecall.WebhookEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A complete receiver of webhooks on the JDK's own server: judges the signature, stores the body, and only then says yes,
 * because the platform sends a CDR again only until it hears a yes. Status events are never sent again.
 *
 * <p>It listens on loopback, for a proxy in front of it that speaks HTTPS. It is not a database: it appends each message to a
 * file, and leaves it to others to read the same CDR twice without harm.
 *
 * <p>Usage: WebhookReceiver PORT FILE (ends when standard input ends).
 *
 * <p>Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it).
 */
public final class WebhookReceiver {
    private static final int LARGEST_BODY = 1024 * 1024;
    private static final int THREADS = 4;

    private final com.voicecall.WebhookReceiver receiver;
    private final FileChannel store;

    private WebhookReceiver(com.voicecall.WebhookReceiver receiver, FileChannel store) {
        this.receiver = receiver;
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: WebhookReceiver PORT FILE");
            System.exit(2);
        }
        try (com.voicecall.WebhookReceiver receiver = new com.voicecall.WebhookReceiver(settings());
                FileChannel store = FileChannel.open(
                        Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            serve(Integer.parseInt(arguments[0]), new WebhookReceiver(receiver, store));
        } catch (VoiceCallException exception) {
            System.err.println("WebhookReceiver: " + exception.getMessage() + "\n" + exception.advice());
            System.exit(1);
        }
    }

    private static WebhookConfig settings() {
        return WebhookConfig.builder()
                .urls(System.getenv("VOICECALL_PUSH_URL"))
                .applications(Application.builder()
                        .appKey(System.getenv("VOICECALL_APP_KEY"))
                        .appSecret(System.getenv("VOICECALL_APP_SECRET"))
                        .build())
                .policy(Policy.REQUIRE)
                .build();
    }

    private static void serve(int port, WebhookReceiver handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(threads);
        server.createContext("/", handler::handle);
        server.start();
        System.out.println("listening on port " + port);
        System.in.readAllBytes();
        server.stop(1);
        threads.shutdown();
    }

    private void handle(HttpExchange exchange) {
        try {
            answer(exchange);
        } catch (IOException exception) {
            // The sender is gone, or sent too much. It hears no yes.
            System.err.println("not answered: " + exception.getMessage());
        } finally {
            exchange.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        // The raw bytes: the library has to see them as they came.
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new IOException("a body of more than a megabyte");
        }
        Received received = receiver.receive(exchange.getRequestHeaders(), body);
        if (received.error() != null) {
            System.err.println("refused: " + received.error().getMessage());
        }
        boolean isStored = true;
        for (WebhookEvent event : received.events()) {
            isStored = isStored(event);
            System.out.println(event.typeName() + ": " + (isStored ? "stored" : "not stored"));
        }
        send(exchange, received.reply(isStored));
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** True when it is on the disk. */
    private synchronized boolean isStored(WebhookEvent event) {
        try {
            ByteBuffer line = StandardCharsets.UTF_8.encode(event.raw() + "\n");
            while (line.hasRemaining()) {
                store.write(line);
            }
            store.force(false);
            return true;
        } catch (IOException exception) {
            return false;
        }
    }
}
