package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.secretreg.connect.Answer;
import io.secretreg.connect.FakeRegistry;
import io.secretreg.connect.HandedOuts;
import io.secretreg.connect.RegistryClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest {
    private FakeRegistry registry;
    private RegistryClient client;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        registry = FakeRegistry.start().answers(200, "[]");
        client = RegistryClient.forCallers(HandedOuts.provider(registry.url()));
        proxy = new Proxy(client);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private Answer get(String url, String template, Map<String, List<String>> names) {
        return proxy.ask("GET", template, URI.create(url), names, Map.of("authorization", List.of("Bearer caller")), null);
    }

    @ParameterizedTest
    @CsvSource({
        "orders, k", "a%20b, caf%C3%A9", "a+b, c%2Bd", "%3B, %3D", "a%2Fb, c%25d", "a!$&'()*b, c:@d", "~-._, k",
    })
    void aNameGoesOnAsItWasWritten(String path, String key) {
        String url = "http://worker:8083/secret/paths/" + path + "/keys/" + key + "?deleted=true&key=a%26b";
        get(url, "{path}/keys/{key}", Map.of("path", List.of(path), "key", List.of(key)));
        assertEquals("/secret/paths/" + path + "/keys/" + key + "?deleted=true&key=a%26b", registry.last().target);
        assertEquals("Bearer caller", registry.last().header("Authorization"));
    }

    @Test
    void theRouteIsTheTemplatesAndNotTheUrls() {
        get("http://worker/prefix/secret/paths/", "", Map.of());
        assertEquals("/secret/paths", registry.last().target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "%2e%2e", "%2E.", ".%2e", "%2e", "a;b", ";", "a;b=c"})
    void whatOthersCouldReadAsAnotherPathIsRefused(String name) {
        String url = "http://worker/secret/paths/" + name + "/keys";
        Refusal refused = assertThrows(Refusal.class, () -> get(url, "{path}/keys", Map.of("path", List.of(name))));
        assertEquals(400, refused.status());
        assertTrue(registry.requests.isEmpty());
    }

    @Test
    void nobodySpeaksWithTheLogInOfTheWorker() {
        proxy.ask("GET", "", URI.create("http://worker/secret/paths"), Map.of(), Map.of("Cookie", List.of("c")), null);
        assertNull(registry.last().header("Authorization"));
        assertNull(registry.last().header("Cookie"));
        Map<String, List<String>> two = Map.of("Authorization", List.of("Bearer a", "Bearer b"));
        assertThrows(Refusal.class, () -> proxy.ask("GET", "", URI.create("http://worker/secret/paths"), Map.of(), two, null));
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site, cross-site", "sec-fetch-site, same-site", "Origin, http://other", "Origin, null"})
    void aPageOfAnotherSiteIsRefused(String header, String value) {
        Map<String, List<String>> headers = Map.of("Authorization", List.of("Basic b"), "Host", List.of("worker"), header, List.of(value));
        Refusal refused = assertThrows(
                Refusal.class, () -> proxy.ask("GET", "", URI.create("http://worker/secret/paths"), Map.of(), headers, null));
        assertEquals(400, refused.status());
        assertTrue(registry.requests.isEmpty());
    }

    @Test
    void bodyConditionsAndAnswerGoThrough() {
        registry.answers(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"3\"");
            exchange.getResponseHeaders().set("X-Request-Id", "r1");
            exchange.getResponseHeaders().set("Set-Cookie", "c");
            FakeRegistry.send(exchange, 412, "{\"error_code\":41201}");
        });
        byte[] body = "{\"secret\":\"v\"}".getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> headers = Map.of("If-Match", List.of("\"2\""), "content-type", List.of("application/json"));
        Answer reply = proxy.ask(
                "POST", "{path}/keys/{key}/versions", URI.create("http://worker/secret/paths/a/keys/b/versions"),
                Map.of("path", List.of("a"), "key", List.of("b")), headers, new ByteArrayInputStream(body));
        assertEquals("{\"secret\":\"v\"}", registry.last().body);
        assertEquals("\"2\"", registry.last().header("If-Match"));
        assertEquals(412, reply.status());
        assertArrayEquals("{\"error_code\":41201}".getBytes(StandardCharsets.UTF_8), reply.body());
        assertEquals(Map.of("Content-Type", "application/json", "ETag", "\"3\"", "X-Request-Id", "r1"), Proxy.headersOf(reply));
    }

    @Test
    void aBodyHasALimit() {
        URI uri = URI.create("http://worker/secret/paths/a/keys/b/versions");
        byte[] large = new byte[Proxy.LARGEST_BODY + 1];
        Refusal refused = assertThrows(
                Refusal.class, () -> proxy.ask("POST", "", uri, Map.of(), Map.of(), new ByteArrayInputStream(large)));
        assertEquals(413, refused.status());
        proxy.ask("POST", "", uri, Map.of(), Map.of(), new ByteArrayInputStream(large, 0, Proxy.LARGEST_BODY));
        assertEquals(Proxy.LARGEST_BODY, registry.last().body.length());
    }
}
