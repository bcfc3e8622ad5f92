package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretRegistryConfigProviderTest {
    private FakeRegistry registry;
    private final SecretRegistryConfigProvider provider = new SecretRegistryConfigProvider();

    @BeforeEach
    void start() throws IOException {
        registry = FakeRegistry.start();
    }

    @AfterEach
    void stop() {
        provider.close();
        registry.close();
    }

    @Test
    void readsAllKeysOfAPathWithOneRequest() {
        registry.has("orders", Map.of("username", "u", "password", "hunter2"));
        configure();
        assertEquals(Map.of("username", "u", "password", "hunter2"), provider.get("orders", Set.of("username", "password")).data());
        assertEquals(1, registry.requests.size());
        FakeRegistry.Request request = registry.last();
        assertEquals("GET", request.method);
        assertEquals("/secret/paths/orders?key=password&key=username", request.target);
        assertEquals("Bearer t0ken", request.header("Authorization"));
        assertEquals("orders", request.header("Registry-Connector"));
        assertEquals("secretreg-connect/0.1.0", request.header("User-Agent"));
        assertEquals("application/json", request.header("Accept"));
    }

    @Test
    void readsTheWholePathWhereNoKeysAreNamed() {
        registry.has("orders", Map.of("a", "1", "b", "2"));
        configure();
        assertEquals(Map.of("a", "1", "b", "2"), provider.get("orders").data());
        assertEquals("/secret/paths/orders", registry.last().target);
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a%2Fb",
        "a b, a%20b",
        "zażółć, za%C5%BC%C3%B3%C5%82%C4%87",
        "😀, %F0%9F%98%80",
        "...,...",
        "a?b#c%2F, a%3Fb%23c%252F",
        "~-_., ~-_.",
        "a+b&c=d, a%2Bb%26c%3Dd",
    })
    void encodesEachNameOnce(String path, String encoded) {
        registry.has(path, Map.of("k", "v"));
        configure();
        assertEquals(Map.of("k", "v"), provider.get(path, Set.of("k")).data());
        assertEquals("/secret/paths/" + encoded + "?key=k", registry.last().target);
        assertEquals(encoded, registry.last().header("Registry-Connector"));
    }

    @ParameterizedTest
    @CsvSource({"., '.' cannot be the name of a secret's path", ".., '..' cannot be the name of a secret's path"})
    void asksForNoPathThatAUrlWouldNotKeep(String path, String sentence) {
        configure();
        SecretRegistryException refused = assertThrows(SecretRegistryException.class, () -> provider.get(path, Set.of("k")));
        assertEquals(sentence, refused.getMessage());
        assertEquals(422, refused.status());
        assertThrows(SecretRegistryException.class, () -> provider.get("half \ud83d", Set.of("k")));
        assertThrows(SecretRegistryException.class, () -> provider.get("x".repeat(100 * 1024), Set.of("k")));
        assertEquals(0, registry.requests.size());
    }

    @Test
    void asksInPartsWhereOneRequestLineWouldBeTooLong() {
        Set<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i + "x".repeat(200)).collect(Collectors.toSet());
        registry.answers(exchange -> {
            String query = exchange.getRequestURI().getQuery();
            FakeRegistry.send(exchange, 200, List.of(query.split("&")).stream()
                    .map(one -> one.substring("key=".length()))
                    .map(key -> "{\"path\":\"p\",\"key\":\"" + key + "\",\"secret\":\"v\"}")
                    .collect(Collectors.joining(",", "[", "]")));
        });
        configure();
        assertEquals(keys, provider.get("p", keys).data().keySet());
        assertTrue(registry.requests.stream().allMatch(request -> request.target.length() < 6500));
    }

    @Test
    void looksUpABoundedNumberOfKeys() {
        configure();
        Set<String> keys = IntStream.rangeClosed(0, SecretReader.MOST_KEYS).mapToObj(i -> "k" + i).collect(Collectors.toSet());
        SecretRegistryException refused = assertThrows(SecretRegistryException.class, () -> provider.get("orders", keys));
        assertEquals("a configuration refers to 1001 secrets of path 'orders': right are 1000 at most", refused.getMessage());
        assertEquals(422, refused.status());
        assertEquals(0, registry.requests.size());
    }

    /** Each answer takes 200 ms at least, so that a third one is beyond the time, however fast or slow the machine is. */
    @Test
    void hasOneTimeForAllRequestsOfALookup() {
        Set<String> keys = IntStream.range(0, 150).mapToObj(i -> "k" + i + "x".repeat(200)).collect(Collectors.toSet());
        registry.answers(exchange -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            FakeRegistry.send(exchange, 200, "[]");
        });
        configure("total.timeout.ms", "300");
        assertThrows(RegistryUnreachableException.class, () -> provider.get("p", keys));
        assertTrue(registry.requests.size() <= 2, () -> registry.requests.size() + " requests");
    }

    @Test
    void namesEachMissingKey() {
        registry.has("orders", Map.of("username", "u"));
        configure();
        SecretRegistryException missing = assertThrows(
                SecretRegistryException.class, () -> provider.get("orders", new TreeSet<>(List.of("username", "b", "a", "1bad", ""))));
        assertEquals(
                "secrets '', '1bad', 'a', 'b' of path 'orders' cannot be found: the registry has none of that name for this worker;"
                        + " create it under this path, or ask for the right to read the path",
                missing.getMessage());
        assertEquals(422, missing.status());
        // What no secret can be called would have the whole request refused.
        assertEquals("/secret/paths/orders?key=a&key=b&key=username", registry.last().target);
    }

    @Test
    void takesAPathThatIsNotThereForMissingKeys() {
        registry.answers(404, "{\"error_code\":40401,\"message\":\"path 'orders' does not exist\"}");
        configure();
        SecretRegistryException missing = assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("a")));
        assertEquals(
                "secret 'a' of path 'orders' cannot be found: the registry has none of that name for this worker; create it under"
                        + " this path, or ask for the right to read the path",
                missing.getMessage());
    }

    @Test
    void saysWhatIsWrongWithAReferenceWithoutAPath() {
        configure();
        SecretRegistryException missing = assertThrows(SecretRegistryException.class, () -> provider.get("", Set.of("password")));
        assertEquals(
                "secret 'password' cannot be looked up, for the reference names no path: right is ${<provider>:<path>:<key>}",
                missing.getMessage());
        assertEquals(0, registry.requests.size());
    }

    @Test
    void leavesMissingKeysToKafkaWhereThatIsAskedFor() {
        registry.has("orders", Map.of("username", "u"));
        configure("missing", "literal");
        assertEquals(Map.of("username", "u"), provider.get("orders", Set.of("username", "password")).data());
        assertEquals(Map.of(), provider.get("", Set.of("password")).data());
        registry.answers(404, "{\"error_code\":40401}");
        assertEquals(Map.of(), provider.get("orders", Set.of("password")).data());
    }

    @ParameterizedTest
    @CsvSource({"${secret:victim:password}", "u ${secret:victim:password} v", "${file:/etc/x:k}", "${secret:victim:password", "a${"})
    void handsOutNoValueThatAWorkerCouldResolveAgain(String value) {
        registry.has("orders", Map.of("copied", value, "fine", "pa$$}{:word"));
        for (String missing : List.of("fail", "literal")) {
            configure("missing", missing);
            SecretRegistryException refused = assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("copied", "fine")));
            assertEquals(422, refused.status());
            assertTrue(refused.getMessage().startsWith("the value of secret 'copied' of path 'orders' has '${' in it"), refused.getMessage());
            assertFalse(refused.getMessage().contains("victim"), refused.getMessage());
            assertThrows(SecretRegistryException.class, () -> provider.get("orders"));
        }
        assertEquals(Map.of("fine", "pa$$}{:word"), withoutCopied());
    }

    private Map<String, String> withoutCopied() {
        registry.has("orders", Map.of("fine", "pa$$}{:word"));
        return provider.get("orders", Set.of("fine")).data();
    }

    @Test
    void makesNoReferenceOutOfTwoValues() {
        registry.has("orders", Map.of("begin", "a$", "end", "{secret:victim:password}"));
        configure();
        assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("begin", "end")));
        assertEquals(Map.of("begin", "a$"), beginOnly());
    }

    private Map<String, String> beginOnly() {
        registry.has("orders", Map.of("begin", "a$"));
        return provider.get("orders", Set.of("begin")).data();
    }

    @Test
    void givesValuesTheirTimeToLive() {
        registry.has("orders", Map.of("k", "v"));
        configure("ttl.ms", "60000");
        assertEquals(60_000L, provider.get("orders", Set.of("k")).ttl());
        configure();
        assertEquals(null, provider.get("orders", Set.of("k")).ttl());
    }

    @Test
    void readsTheTokensFileEachTime(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        registry.has("orders", Map.of("k", "v"));
        provider.configure(Map.of("url", registry.url(), "token.file", file.toString(), "unreachable", "fail"));
        assertEquals(
                "the token's file '" + file + "' of setting 'token.file' does not exist: it must be there, and readable for the user of"
                        + " the worker",
                assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("k"))).getMessage());
        for (String token : List.of("first", "second")) {
            Files.writeString(file, token + "\n");
            provider.get("orders", Set.of("k"));
            assertEquals("Bearer " + token, registry.last().header("Authorization"));
        }
        for (String wrong : List.of("", "hunter2 hunter3", "hunter2\u0000")) {
            Files.writeString(file, wrong);
            String message = assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("k"))).getMessage();
            assertTrue(message.startsWith("setting 'token.file' of the secret registry's provider names the file '" + file), message);
            assertFalse(message.contains("hunter"), message);
        }
        assertEquals(2, registry.requests.size());
    }

    @Test
    void logsInWithAPassword() {
        registry.has("orders", Map.of("k", "v"));
        provider.configure(Map.of("url", registry.url(), "basic.auth.user.info", "wörker:pass:word "));
        provider.get("orders", Set.of("k"));
        assertEquals("Basic d8O2cmtlcjpwYXNzOndvcmQg", registry.last().header("Authorization"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "401 | {\"error_code\":40101} | 502 | URL does not accept the token of 'token' (401, code 40101): it is wrong, expired or revoked; a new token is made by 'secretreg access token create'",
        "403 | {\"error_code\":40301} | 502 | URL does not allow it to the worker (403, code 40301): its principal needs a grant such as DeveloperRead on this path",
        "422 | {\"error_code\":42201} | 422 | the registry takes this for no name that a secret can have (422, code 42201)",
        "302 | {} | 502 | URL sends on to another address (302), which is not followed: set 'url' to where the registry is",
        "404 | <html> | 502 | there is no registry at PLACE (it answered 404): is 'url' its address, with the path that a proxy may need?",
        "407 | <html> | 502 | a proxy in between wants a log-in (407)",
        "429 | {\"error_code\":42901} | 502 | URL has had too many requests (429, code 42901)",
        "503 | {\"error_code\":50301} | 502 | URL cannot answer now (503, code 50301)",
        "500 | oops | 502 | URL cannot answer now (500)",
    })
    void tellsEachRefusalInItsOwnWords(int answered, String body, int status, String sentence) {
        registry.answers(answered, body);
        configure("retries", "0");
        SecretRegistryException refused = assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("k")));
        String reason = sentence.replace("URL", "the registry at " + registry.url()).replace("PLACE", registry.url());
        assertEquals("path 'orders' ('k') cannot be read: " + reason, refused.getMessage());
        assertEquals(status, refused.status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "<html>hunter2</html>",
        "{\"secret\":\"hunter2\"}",
        "[{\"path\":\"other\",\"key\":\"k\",\"secret\":\"hunter2\"}]",
        "[{\"path\":\"orders\",\"key\":\"other\",\"secret\":\"hunter2\"}]",
        "[{\"path\":\"orders\",\"key\":\"k\",\"secret\":7}]",
        "[{\"path\":\"orders\",\"key\":\"k\",\"secret\":\"hunter2\",\"secret\":\"hunter3\"}]",
        "[\"hunter2\"]",
    })
    void handsOnNothingThatWasNotAskedFor(String body) {
        registry.answers(200, body);
        configure();
        SecretRegistryException refused = assertThrows(SecretRegistryException.class, () -> provider.get("orders", Set.of("k")));
        assertEquals(
                "the registry at " + registry.url() + " gave an answer that is not one of a registry: is this its address?",
                refused.getMessage());
        assertEquals(502, refused.status());
    }

    @Test
    void warnsOncePerWorkerAndOnlyOfWhatIsWrong() {
        try (Logged logged = new Logged()) {
            configure();
            assertEquals(List.of(), logged.warnings());
            configure("no.such.setting", "hunter2");
            configure("no.such.setting", "hunter2");
            assertEquals(1, logged.warnings().size());
            assertTrue(logged.warnings().get(0).startsWith("setting 'no.such.setting'"));
            assertFalse(logged.text().contains("hunter2"));
        }
    }

    @Test
    void canBeClosedAtAnyTime() {
        new SecretRegistryConfigProvider().close();
        configure();
        provider.close();
        provider.close();
        assertThrows(ConfigException.class, () -> provider.get("orders", Set.of("k")));
        assertThrows(ConfigException.class, () -> new SecretRegistryConfigProvider().get("orders", Set.of("k")));
    }

    @Test
    void tellsTheProcessWhatItHandedOut() {
        registry.has("handed-out", Map.of("k", "hunter2"));
        configure();
        provider.get("handed-out", Collections.singleton("k"));
        HandedOut.Entry entry = HandedOut.process().entries().stream()
                .filter(one -> one.path().equals("handed-out"))
                .findFirst()
                .orElseThrow();
        assertEquals("k", entry.key());
        assertEquals("hunter2", entry.value());
        assertEquals(ProviderSettings.parse(params()), entry.provider());
    }

    private void configure(String... setting) {
        Map<String, String> params = params();
        if (setting.length > 0) params.put(setting[0], setting[1]);
        provider.configure(params);
    }

    private Map<String, String> params() {
        return new HashMap<>(Map.of("url", registry.url(), "token", "t0ken"));
    }
}
