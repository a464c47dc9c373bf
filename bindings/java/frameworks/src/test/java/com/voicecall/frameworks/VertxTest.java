package com.voicecall.frameworks;

import com.voicecall.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Headers of Vert.x can be iterated. Receiving waits for the disk, so it has no place on the event loop. */
class VertxTest {
    @Test
    void theWebhooksOfACallAreStored() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Platform platform = new Platform()) {
            HttpServer server = vertx.createHttpServer().requestHandler(request -> request.body()
                    .compose(body -> vertx.executeBlocking(
                            () -> platform.receive(intake -> intake.receive(request.headers(), body.getBytes())).reply(),
                            false))
                    .onSuccess(reply -> answer(request.response(), reply))
                    .onFailure(failure -> request.response().setStatusCode(500).end()));
            int port = server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture()
                    .get(30, TimeUnit.SECONDS).actualPort();
            platform.calls(port);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static void answer(io.vertx.core.http.HttpServerResponse response, Reply reply) {
        reply.headers().forEach(response::putHeader);
        response.setStatusCode(reply.status()).end(reply.body());
    }
}
