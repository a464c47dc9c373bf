package com.voicecall.frameworks;

import com.voicecall.Receipt;
import com.voicecall.Reply;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Spring Boot 3 and 4: in 4, `HttpHeaders` is no map any more, but a look-up in both. */
class SpringTest {
    static Platform platform;

    @SpringBootApplication
    @RestController
    static class Receiver {
        @PostMapping("/voice")
        ResponseEntity<String> receive(
                @RequestHeader HttpHeaders headers, @RequestBody(required = false) byte[] body) {
            byte[] raw = body == null ? new byte[0] : body;
            Receipt receipt = platform.receive(intake -> intake.receive(headers::getFirst, raw));
            Reply reply = receipt.reply();
            ResponseEntity.BodyBuilder answer = ResponseEntity.status(reply.status());
            reply.headers().forEach(answer::header);
            return answer.body(reply.body());
        }
    }

    @Test
    void theWebhooksOfACallAreStored() throws Exception {
        String[] settings = {"--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off"};
        platform = new Platform();
        try (ConfigurableApplicationContext application = SpringApplication.run(Receiver.class, settings)) {
            platform.calls(Integer.parseInt(application.getEnvironment().getProperty("local.server.port")));
        } finally {
            platform.close();
        }
    }
}
