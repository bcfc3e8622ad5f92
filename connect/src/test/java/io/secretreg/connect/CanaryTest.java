package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Values, tokens, passwords and what a server says appear in no message, no cause of one, and no line of any log, at any level. */
class CanaryTest {
    private static final String CANARY = "c4n4ry";

    private final StringWriter told = new StringWriter();

    @Test
    void noSecretIsToldWhateverFails() throws IOException {
        List<String> bodies = List.of(
                "[{\"path\":\"orders\",\"key\":\"k\",\"secret\":\"c4n4ry\"}]",
                "[{\"path\":\"orders\",\"key\":\"c4n4ry\",\"secret\":\"x\"}]",
                "[{\"path\":\"orders\",\"key\":\"k\",\"secret\":\"c4n4ry",
                "c4n4ry",
                "{\"error_code\":42201,\"message\":\"c4n4ry\"}",
                "{\"error_code\":\"c4n4ry\"}");
        int failures = 0;
        try (Logged logged = new Logged()) {
            for (String body : bodies) {
                for (int status : new int[] {200, 302, 400, 401, 403, 404, 422, 429, 500, 503}) {
                    if (!isRead(status, body)) failures += 1;
                }
            }
            for (Map<String, String> params : wrongSettings()) {
                if (!isConfigured(params)) failures += 1;
            }
            assertFalse(told.toString().contains(CANARY), told.toString());
            assertFalse(logged.text().contains(CANARY), logged.text());
        }
        // All but the one that has the secret.
        assertEquals(bodies.size() * 10 - 1 + wrongSettings().size(), failures);
    }

    private boolean isRead(int status, String body) throws IOException {
        SecretRegistryConfigProvider provider = new SecretRegistryConfigProvider();
        try (FakeRegistry registry = FakeRegistry.start()) {
            registry.answers(exchange -> {
                exchange.getResponseHeaders().set("Location", "http://c4n4ry.example/");
                FakeRegistry.send(exchange, status, body);
            });
            provider.configure(Map.of("url", registry.url(), "token", CANARY, "retries", "0"));
            return provider.get("orders", Set.of("k")).data().get("k").equals(CANARY);
        } catch (ConfigException e) {
            tell(e);
            return false;
        } finally {
            provider.close();
        }
    }

    private boolean isConfigured(Map<String, String> params) {
        try {
            new SecretRegistryConfigProvider().configure(params);
            return true;
        } catch (ConfigException e) {
            tell(e);
            return false;
        }
    }

    private static List<Map<String, String>> wrongSettings() {
        List<Map<String, String>> all = new ArrayList<>();
        Map<String, String> right = Map.of("url", "https://a.example", "token", "t");
        for (String[] one : new String[][] {
            {"url", "https://user:c4n4ry@a.example"},
            {"url", "https://user:c4n4ry@a b"},
            {"url", "user:c4n4ry@a.example"},
            {"url", "https://us er:c4n4ry@"},
            {"token", "c4n4ry c4n4ry"},
            {"token", "c4n4ry\u00e9"},
            {"basic.auth.user.info", "c4n4ry"},
            {"basic.auth.user.info", "u:c4n4ry"},
            {"ssl.keystore.key", "c4n4ry"},
        }) {
            Map<String, String> wrong = new HashMap<>(right);
            wrong.put(one[0], one[1]);
            all.add(wrong);
        }
        all.add(Map.of("url", "https://a", "token", "t", "ssl.truststore.location", "/no/such/file", "ssl.truststore.password", CANARY));
        all.add(Map.of("url", "https://a", "token", "t", "ssl.truststore.type", "PEM", "ssl.truststore.certificates", CANARY));
        all.add(Map.of(
                "url", "https://a", "token", "t", "ssl.keystore.type", "PEM", "ssl.keystore.key", CANARY, "ssl.keystore.certificate.chain", CANARY));
        return all;
    }

    private void tell(Throwable error) {
        error.printStackTrace(new PrintWriter(told));
    }
}
