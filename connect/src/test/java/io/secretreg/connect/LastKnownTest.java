package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the last value that was read stands in for an answer, and when it must not. */
class LastKnownTest {
    private static final Set<String> KEY = Set.of("password");

    private FakeRegistry registry;
    private final AtomicLong now = new AtomicLong();
    private final SecretRegistryConfigProvider provider = new SecretRegistryConfigProvider(now::get);

    @BeforeEach
    void start() throws IOException {
        registry = FakeRegistry.start();
        registry.has("orders", Map.of("password", "hunter2"));
    }

    @AfterEach
    void stop() {
        provider.close();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void isServedWhereTheRegistryDoesNotWork(int status) {
        configure();
        read();
        registry.answers(status, "{\"message\":\"hunter3\"}");
        now.addAndGet(Duration.ofSeconds(90).toNanos());
        try (Logged logged = new Logged()) {
            assertEquals("hunter2", read());
            assertEquals(1, logged.warnings().size());
            String line = logged.warnings().get(0);
            assertTrue(line.startsWith("path 'orders' is served with the values that were read 90 s ago: path 'orders' ('password') cannot be read: the registry at " + registry.url()), line);
            assertFalse(logged.text().contains("hunter"));
        }
    }

    @Test
    void isServedWhereNoAnswerComes() {
        configure();
        read();
        registry.close();
        assertEquals("hunter2", read());
    }

    @Test
    void isServedWhileTheTokensFileIsReplaced(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        Files.writeString(file, "first");
        provider.configure(Map.of("url", registry.url(), "token.file", file.toString()));
        read();
        Files.delete(file);
        assertEquals("hunter2", read());
        Files.writeString(file, "");
        try (Logged logged = new Logged()) {
            assertEquals("hunter2", read());
            assertTrue(logged.text().contains("which is empty"), logged.text());
        }
        Files.writeString(file, "second");
        registry.close();
        assertEquals("hunter2", read());
    }

    @ParameterizedTest
    @CsvSource({"401, {}", "403, {}", "404, {}", "404, {\"error_code\":40401}", "422, {\"error_code\":42201}", "302, {}", "200, <html>"})
    void isNotServedWhereTheRegistryRefusedAndNotAfterThatEither(int status, String body) {
        configure();
        read();
        registry.answers(status, body);
        assertThrows(SecretRegistryException.class, this::read);
        registry.close();
        assertThrows(SecretRegistryException.class, this::read);
    }

    @Test
    void isNotServedForAnyPathAfterTheLogInWasRefused() {
        configure();
        read();
        registry.answers(401, "{}");
        assertThrows(SecretRegistryException.class, () -> provider.get("other", KEY));
        registry.close();
        assertThrows(RegistryUnreachableException.class, this::read);
    }

    @Test
    void keysThatAreNotThereAreNotKeptWithoutBound() {
        LastKnown lastKnown = new LastKnown(Duration.ofDays(1), now::get);
        for (int i = 0; i < 100; i += 1) {
            int run = i;
            Set<String> keys = IntStream.range(0, SecretReader.MOST_KEYS).mapToObj(key -> "k" + run + "-" + key).collect(Collectors.toSet());
            lastKnown.remember("orders", keys, Map.of());
            assertEquals(Map.of(), lastKnown.recall("orders", keys, "why"));
        }
        assertTrue(lastKnown.characters() < LastKnown.MOST_KEYS * 120L, () -> lastKnown.characters() + " characters");
        lastKnown.forget("orders");
        assertEquals(0, lastKnown.characters());
    }

    @Test
    void ofManyPathsThoseAreKeptThatWereReadLast() {
        LastKnown lastKnown = new LastKnown(Duration.ofDays(1), now::get);
        String value = "x".repeat((int) (LastKnown.MOST_CHARACTERS / 8));
        for (int i = 0; i < 20; i += 1) lastKnown.remember("p" + i, KEY, Map.of("password", value));
        assertTrue(lastKnown.characters() <= LastKnown.MOST_CHARACTERS);
        assertEquals(null, lastKnown.recall("p12", KEY, "why"));
        assertEquals(Map.of("password", value), lastKnown.recall("p13", KEY, "why"));
    }

    @Test
    void isNotServedWhenASecretHasGone() {
        configure();
        read();
        registry.answers(200, "[]");
        assertThrows(SecretRegistryException.class, this::read);
        registry.close();
        assertThrows(SecretRegistryException.class, this::read);
    }

    @Test
    void isNotServedBeyondItsAge() {
        configure("unreachable.max.age.ms", "60000");
        read();
        registry.close();
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        assertEquals("hunter2", read());
        now.addAndGet(1);
        assertThrows(RegistryUnreachableException.class, this::read);
    }

    @Test
    void isNotServedForKeysThatWereNotRead() {
        configure();
        read();
        registry.close();
        assertThrows(RegistryUnreachableException.class, () -> provider.get("orders", Set.of("password", "username")));
        assertThrows(RegistryUnreachableException.class, () -> provider.get("orders"));
        assertThrows(RegistryUnreachableException.class, () -> provider.get("other", KEY));
    }

    @Test
    void isNotServedByAnotherProvider() {
        configure();
        read();
        registry.close();
        SecretRegistryConfigProvider other = new SecretRegistryConfigProvider();
        other.configure(params());
        assertThrows(RegistryUnreachableException.class, () -> other.get("orders", KEY));
        other.close();
    }

    @Test
    void isNotServedWhereThatIsNotWanted() {
        configure("unreachable", "fail");
        read();
        registry.close();
        assertThrows(RegistryUnreachableException.class, this::read);
    }

    @Test
    void isServedForAWholePathThatWasRead() {
        configure();
        provider.get("orders");
        registry.close();
        assertEquals(Map.of("password", "hunter2"), provider.get("orders").data());
        assertEquals("hunter2", read());
    }

    @Test
    void isTheNewestThatWasRead() {
        configure();
        read();
        registry.has("orders", Map.of("password", "new"));
        read();
        registry.answers(503, "{}");
        assertEquals("new", read());
    }

    private String read() {
        return provider.get("orders", KEY).data().get("password");
    }

    private void configure(String... setting) {
        Map<String, String> params = params();
        if (setting.length > 0) params.put(setting[0], setting[1]);
        provider.configure(params);
    }

    private Map<String, String> params() {
        return new HashMap<>(Map.of("url", registry.url(), "token", "t0ken", "retries", "0"));
    }
}
