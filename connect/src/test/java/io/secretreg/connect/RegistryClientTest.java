package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryClientTest {
    private FakeRegistry first;
    private FakeRegistry second;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        first = FakeRegistry.start();
        second = FakeRegistry.start();
        opened.addAll(List.of(first, second));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened) one.close();
    }

    @Test
    void asksTheNextServerAndStaysWithIt() throws IOException {
        second.answers(200, "[]");
        RegistryClient client = client(FakeRegistry.deadUrl() + "," + second.url());
        assertEquals(200, get(client).status());
        first.answers(503, "{}");
        RegistryClient other = client(first.url() + "," + second.url());
        assertEquals(200, get(other).status());
        assertEquals(200, get(other).status());
        assertEquals(1, first.requests.size());
        assertEquals(3, second.requests.size());
    }

    @Test
    void leavesTimeForTheNextServerWhereOneHangs() {
        first.hangs();
        second.answers(200, "[]");
        assertEquals(200, get(client(first.url() + "," + second.url(), "total.timeout.ms", "4000")).status());
        assertEquals(1, first.requests.size());
    }

    @Test
    void timeThatWasUsedUpBeforeIsNoFaultOfTheRegistry() {
        first.answers(200, "[]");
        RegistryClient client = client(first.url());
        assertThrows(RegistryUnreachableException.class, () -> client.get("/secret/paths/p", Map.of(), System.nanoTime()));
        assertEquals(0, first.requests.size());
        assertEquals(200, get(client).status());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void asksAgainWhatDidNotWork(int status) {
        first.answers(status, "{}");
        assertEquals(status, get(client(first.url(), "retries", "2")).status());
        assertEquals(3, first.requests.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 401, 404, 422, 429})
    void takesAnyOtherAnswerForOne(int status) {
        first.answers(exchange -> {
            exchange.getResponseHeaders().set("Location", second.url() + "/secret/paths/p");
            FakeRegistry.send(exchange, status, "{}");
        });
        assertEquals(status, get(client(first.url())).status());
        assertEquals(1, first.requests.size());
        assertEquals(0, second.requests.size());
    }

    @Test
    void sendsNoChangeTwiceThatMayHaveArrived() {
        first.answers(503, "{}");
        second.answers(503, "{}");
        RegistryClient client = client(first.url() + "," + second.url());
        assertEquals(503, post(client).status());
        assertEquals(1, first.requests.size() + second.requests.size());
        first.answers(exchange -> exchange.close());
        assertThrows(RegistryUnreachableException.class, () -> post(client));
        assertEquals(2, first.requests.size() + second.requests.size());
    }

    @Test
    void sendsAChangeToTheNextServerWhereTheFirstNeverGotIt() throws IOException {
        second.answers(200, "{\"allowed\":true}");
        Answer answer = post(client(FakeRegistry.deadUrl() + "," + second.url()));
        assertEquals("{\"allowed\":true}", new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals("{\"action\":\"read\"}", second.last().body);
        assertEquals("Bearer of-the-caller", second.last().header("Authorization"));
        assertEquals("application/json", second.last().header("Content-Type"));
    }

    @Test
    void keepsAPathInFrontOfTheRegistry() {
        first.answers(200, "[]");
        get(client(first.url() + "/behind/a/proxy/"));
        assertEquals("/behind/a/proxy/secret/paths/p", first.last().target);
    }

    @Test
    void letsOnlyTheFirstCallWaitForARegistryThatHangs() {
        first.hangs();
        RegistryClient client = client(first.url(), "total.timeout.ms", "300");
        RegistryUnreachableException waited = assertThrows(RegistryUnreachableException.class, () -> get(client));
        assertEquals("the registry cannot be reached: " + first.url() + ": it did not answer in time", waited.getMessage());
        for (int i = 0; i < 50; i += 1) {
            RegistryUnreachableException known = assertThrows(RegistryUnreachableException.class, () -> get(client));
            assertEquals(waited.getMessage() + " (it is tried again in the background)", known.getMessage());
        }
        assertEquals(1, first.asked("/secret/"));
    }

    @Test
    void aThreadThatIsInterruptedIsNoFaultOfTheRegistry() throws InterruptedException {
        first.hangs();
        RegistryClient client = client(first.url());
        Thread stopped = new Thread(() -> assertThrows(RegistryUnreachableException.class, () -> get(client)));
        stopped.start();
        waitUntil(() -> first.requests.size() == 1);
        stopped.interrupt();
        stopped.join();
        first.answers(200, "[]");
        assertEquals(200, get(client).status());
    }

    @Test
    void looksInTheBackgroundUntilTheRegistryIsBack() throws InterruptedException {
        first.answers(exchange -> exchange.close());
        RegistryClient client = client(first.url(), "down.memory.ms", "20", "retries", "0");
        assertThrows(RegistryUnreachableException.class, () -> get(client));
        long before = first.asked("/secret/");
        first.answers(503, "{}");
        waitUntil(() -> first.asked("/health/ready") > 2);
        assertThrows(RegistryUnreachableException.class, () -> get(client));
        assertEquals(before, first.asked("/secret/"));
        first.answers(200, "[]");
        waitUntil(() -> {
            try {
                return get(client).status() == 200;
            } catch (RegistryUnreachableException e) {
                return false;
            }
        });
        assertEquals(before + 1, first.asked("/secret/"));
        assertTrue(first.requests.stream().filter(it -> it.target.startsWith("/health")).allMatch(it -> it.header("Authorization") == null));
    }

    @Test
    void looksNoMoreOnceItIsClosed() throws InterruptedException {
        first.answers(exchange -> exchange.close());
        Set<Thread> ofOthers = probes();
        RegistryClient client = client(first.url(), "down.memory.ms", "20");
        assertThrows(RegistryUnreachableException.class, () -> get(client));
        client.close();
        waitUntil(() -> ofOthers.containsAll(probes()));
        assertThrows(RegistryUnreachableException.class, () -> get(client));
    }

    @Test
    void countsTheTimeUntilTheLastByte() {
        first.hangsInBody();
        RegistryClient client = client(first.url(), "request.timeout.ms", "200", "retries", "0");
        RegistryUnreachableException waited = assertThrows(RegistryUnreachableException.class, () -> get(client));
        assertTrue(waited.getMessage().endsWith("it did not answer in time"), waited.getMessage());
    }

    @Test
    void triesNothingBeyondItsBudget() {
        first.hangs();
        second.hangs();
        assertThrows(
                RegistryUnreachableException.class,
                () -> get(client(first.url() + "," + second.url(), "total.timeout.ms", "300", "retries", "10")));
        assertEquals(2, first.asked("/secret/") + second.asked("/secret/"));
    }

    @Test
    void namesEachServerWithItsFault() throws IOException {
        String dead = FakeRegistry.deadUrl();
        RegistryUnreachableException refused = assertThrows(
                RegistryUnreachableException.class,
                () -> get(client(dead + ",http://no-such-host.invalid:1", "insecure.http", "true", "retries", "0")));
        assertEquals(
                "the registry cannot be reached: " + dead + ": it takes no connection (does the server run, on this port?); http://no-such-host.invalid:1: there is no host 'no-such-host.invalid'",
                refused.getMessage());
    }

    private RegistryClient client(String url, String... settings) {
        Map<String, String> params = new HashMap<>(Map.of("url", url, "token", "t0ken"));
        for (int i = 0; i < settings.length; i += 2) params.put(settings[i], settings[i + 1]);
        RegistryClient client = new RegistryClient(ProviderSettings.parse(params));
        opened.add(client);
        return client;
    }

    private static Answer get(RegistryClient client) {
        return client.get("/secret/paths/p", Map.of(), client.end());
    }

    private static Answer post(RegistryClient client) {
        byte[] body = "{\"action\":\"read\"}".getBytes(StandardCharsets.UTF_8);
        return client.exchange("POST", "/access/check", body, Map.of("Content-Type", "application/json"), "Bearer of-the-caller");
    }

    private static Set<Thread> probes() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("secretreg-connect-probe"))
                .collect(Collectors.toSet());
    }

    private interface Condition {
        boolean holds();
    }

    private static void waitUntil(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < end, "it did not come about within 60 s");
            Thread.sleep(5);
        }
    }
}
