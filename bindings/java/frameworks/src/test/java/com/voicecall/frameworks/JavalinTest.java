package com.voicecall.frameworks;

import com.voicecall.Reply;
import io.javalin.Javalin;
import org.junit.jupiter.api.Test;

/** A context of Javalin looks headers up. */
class JavalinTest {
    @Test
    void theWebhooksOfACallAreStored() throws Exception {
        try (Platform platform = new Platform()) {
            Javalin server = Javalin.create(config -> config.routes.post("/voice", context -> {
                Reply reply = platform.receive(intake -> intake.receive(context::header, context.bodyAsBytes())).reply();
                reply.headers().forEach(context::header);
                context.status(reply.status()).result(reply.body());
            })).start("127.0.0.1", 0);
            try {
                platform.calls(server.port());
            } finally {
                server.stop();
            }
        }
    }
}
