import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.voicecall.Application;
import com.voicecall.Intake;
import com.voicecall.IntakeConfig;
import com.voicecall.Policy;
import com.voicecall.Receipt;
import com.voicecall.Reply;
import com.voicecall.Total;
import com.voicecall.VoiceCallException;
import com.voicecall.WebhookConfig;
import com.voicecall.WebhookEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A complete receiver of webhooks on the JDK's own server: judges the signature, stores what came in a SQLite file, and only then
 * says yes, because the platform sends a CDR again only until it hears a yes. Status events are never sent again. What comes
 * twice is stored once.
 *
 * <p>It listens on loopback, for a proxy in front of it that speaks HTTPS. Others may read the file meanwhile:
 * {@code sqlite3 -readonly FILE "SELECT session_id, state, talk_seconds FROM calls"}.
 *
 * <p>Usage: WebhookReceiver PORT FILE (ends when standard input ends).
 *
 * <p>Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it).
 */
public final class WebhookReceiver {
    private static final int LARGEST_BODY = 1024 * 1024;
    private static final int THREADS = 4;

    private final Intake intake;

    private WebhookReceiver(Intake intake) {
        this.intake = intake;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: WebhookReceiver PORT FILE");
            System.exit(2);
        }
        IntakeConfig store = IntakeConfig.builder().store("sqlite:" + arguments[1]).build();
        try (Intake intake = new Intake(store, signatures())) {
            serve(Integer.parseInt(arguments[0]), new WebhookReceiver(intake));
            long calls = intake.totals(null, List.of(), null).stream().mapToLong(Total::calls).sum();
            System.out.println("calls with a CDR: " + calls);
        } catch (VoiceCallException exception) {
            System.err.println("WebhookReceiver: " + exception.getMessage() + "\n" + exception.advice());
            System.exit(1);
        }
    }

    private static WebhookConfig signatures() {
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
        Receipt receipt = intake.receive(exchange.getRequestHeaders(), body);
        if (receipt.error() != null) {
            System.err.println("not stored: " + receipt.error().getMessage());
        }
        for (WebhookEvent event : receipt.events()) {
            System.out.println(event.typeName() + ": " + (receipt.accepted() > 0 ? "stored" : "known"));
        }
        send(exchange, receipt.reply());
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
