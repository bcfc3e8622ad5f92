package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.secretreg.connect.FakeRegistry;
import io.secretreg.connect.HandedOuts;
import io.secretreg.connect.SecretRegistryConfigProvider;
import io.secretreg.connect.SecretRegistryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorOffsets;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest;
import org.apache.kafka.connect.runtime.rest.resources.ConnectorsResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
    private static final Map<String, String> FOREIGN = Map.of("password", "${secret:other:k}");
    private static final Map<String, String> OWN = Map.of("name", "x1", "password", "${secret:x1:k}");
    private static final String TOKEN = "Bearer of-the-caller";

    private FakeRegistry registry;
    private Guard guard;

    @BeforeEach
    void start() throws IOException {
        registry = FakeRegistry.start();
        guard = guard(registry.url(), "true");
    }

    @AfterEach
    void stop() {
        guard.close();
        registry.close();
    }

    private static Guard guard(String url, String authorize, String... more) {
        Map<String, Object> configs = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) configs.put(more[i], more[i + 1]);
        configs.put("config.providers.secret.class", SecretRegistryConfigProvider.class.getName());
        configs.put("config.providers.secret.param.url", url);
        configs.put("config.providers.secret.param.token", "of-the-worker");
        configs.put("config.providers.secret.param.retries", "0");
        configs.put("secret.registry.rest.authorize", authorize);
        return new Guard(RestSettings.parse(configs), HandedOuts.none());
    }

    private static int status(org.junit.jupiter.api.function.Executable what) {
        return assertThrows(Refusal.class, what).status();
    }

    @Test
    void theRuleIsAskedOfWhatConnectReadWhereverItStands() {
        Guard ruling = guard(registry.url(), "false");
        Object created = new CreateConnectorRequest("x1", FOREIGN);
        assertEquals(422, status(() -> ruling.check(Calls.connectors("POST", "createConnector", null), created)));
        assertEquals(422, status(() -> ruling.check(Calls.connectors("PUT", "putConnectorConfig", "x1"), FOREIGN)));
        assertEquals(422, status(() -> ruling.check(Calls.validate(), FOREIGN)));
        assertDoesNotThrow(() -> ruling.check(Calls.connectors("POST", "createConnector", null), new CreateConnectorRequest(" x1 ", OWN)));
        assertDoesNotThrow(() -> ruling.check(Calls.connectors("PUT", "putConnectorConfig", "x1"), OWN));
        assertDoesNotThrow(() -> ruling.check(Calls.validate(), OWN));
        // The name in the URL counts, not the one in the body.
        assertEquals(422, status(() -> ruling.check(Calls.connectors("PUT", "putConnectorConfig", "x2"), OWN)));
        assertTrue(registry.requests.isEmpty());
    }

    @Test
    void theRuleCountsForEveryProviderWhereTheSwitchSaysSo() {
        Map<String, String> file = Map.of("name", "x1", "password", "${file:/etc/x:k}");
        for (Call call : List.of(Calls.connectors("PUT", "putConnectorConfig", "x1"), Calls.validate())) {
            try (Guard all = guard(registry.url(), "false", "secret.registry.all.providers", "true")) {
                assertEquals(422, status(() -> all.check(call, file)));
                assertDoesNotThrow(() -> all.check(call, OWN));
            }
            try (Guard ours = guard(registry.url(), "false")) {
                assertDoesNotThrow(() -> ours.check(call, file));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[{\"a\":\"${secret:other:k}\"}]|422", "[{},{\"a\":\"x ${secret:other:k}\"}]|422", "[{\"a\":\"1\",\"a\":\"${secret:other:k}\"}]|422",
        "[{\"a\":\"${secret:x1:k}\",\"b\":1,\"c\":null}]|0", "[]|0", "''|0", "{}|400", "[[]]|400", "no json|400",
    })
    void theRuleHoldsForTasksThatOneWorkerHandsToAnother(String body, int expected) {
        try (Guard ruling = guard(registry.url(), "true")) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (expected == 0) assertDoesNotThrow(() -> ruling.check(Calls.ofWorkers("x1"), bytes));
            else assertEquals(expected, status(() -> ruling.check(Calls.ofWorkers("x1"), bytes)));
            assertTrue(registry.requests.isEmpty());
        }
    }

    @Test
    void whatHoldsNoConfigurationIsNotLookedInto() {
        Call offsets = Calls.connectors("PATCH", "putConnectorConfig", "x1");
        assertDoesNotThrow(() -> guard.check(offsets, new ConnectorOffsets()));
        assertDoesNotThrow(() -> guard.check(offsets, null));
        assertDoesNotThrow(() -> guard.check(new Call(String.class, null, "PUT", null, null), FOREIGN));
    }

    @Test
    void aWayInThatIsNotKnownIsRefused() {
        assertEquals(500, status(() -> guard.check(Calls.connectors("POST", "createConnector", null), List.of(FOREIGN))));
        assertEquals(500, status(() -> guard.check(Calls.connectors("POST", "createConnector", null), FOREIGN)));
        assertEquals(500, status(() -> guard.check(Calls.validate(), "{}")));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, putConnectorConfig, configure", "DELETE, putConnectorConfig, configure", "PATCH, putConnectorConfig, configure",
        "POST, restartConnector, list",
    })
    void aChangeIsAskedForWithTheCallersOwnLogIn(String verb, String handler, String action) {
        registry.answers(200, "{\"allowed\":true}");
        assertDoesNotThrow(() -> guard.admit(Calls.connectors(verb, handler, "x 1", TOKEN)));
        FakeRegistry.Request asked = registry.last();
        assertEquals("POST /access/check", asked.method + " " + asked.target);
        assertTrue(asked.body.contains("\"action\":\"" + action + "\"") && asked.body.contains("\"path\":\"x 1\""), asked.body);
        assertEquals(TOKEN, asked.header("Authorization"));
        assertEquals("x%201", asked.header("Registry-Connector"));
    }

    @Test
    void whoChangesLoggersIsAnAdministrator() {
        Call change = Calls.loggers("PUT", "setLevel", TOKEN);
        registry.answers(200, "{\"allowed\":true}");
        assertDoesNotThrow(() -> guard.admit(change));
        assertEquals("{\"action\":\"credentials\"}", registry.last().body);
        assertEquals(TOKEN, registry.last().header("Authorization"));
        assertEquals(null, registry.last().header("Registry-Connector"));
        registry.answers(200, "{\"allowed\":false}");
        assertEquals(403, status(() -> guard.admit(change)));
        registry.answers(422, "{}");
        assertEquals(503, status(() -> guard.admit(change)));
        assertEquals(401, status(() -> guard.admit(Calls.loggers("PUT", "setLevel"))));
        assertEquals(3, registry.requests.size());
        assertDoesNotThrow(() -> guard.admit(Calls.loggers("GET", "listLoggers")));
        try (Guard without = guard(registry.url(), "false")) {
            assertDoesNotThrow(() -> without.admit(Calls.loggers("PUT", "setLevel")));
        }
        assertEquals(3, registry.requests.size());
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site, 400", "sec-fetch-site, same-site, 400", "Sec-Fetch-Site, same-origin, 0", "Sec-Fetch-Site, none, 0",
        "Origin, http://other:8083, 400", "origin, null, 400", "Origin, http://worker:8083, 0", "Origin, https://worker:8083, 0",
    })
    void aPageOfAnotherSiteHasNotTheLogInOfABrowsersUser(String header, String value, int expected) {
        registry.answers(200, "{\"allowed\":true}");
        Map<String, List<String>> headers = Map.of("Authorization", List.of(TOKEN), "Host", List.of("worker:8083"), header, List.of(value));
        Call call = new Call(ConnectorsResource.class, null, "PUT", "x1", headers);
        if (expected == 0) assertDoesNotThrow(() -> guard.admit(call));
        else assertEquals(expected, status(() -> guard.admit(call)));
        assertEquals(expected == 0 ? 1 : 0, registry.requests.size());
    }

    @Test
    void toLookIsNotAskedFor() {
        assertDoesNotThrow(() -> guard.admit(Calls.about("x1")));
        assertDoesNotThrow(() -> guard.admit(Calls.validate()));
        assertDoesNotThrow(() -> guard.check(Calls.validate(), Map.of("name", "x1")));
        assertDoesNotThrow(() -> guard.admit(new Call(String.class, null, "POST", "x1", null)));
        assertTrue(registry.requests.isEmpty());
    }

    @Test
    void whatIsNamedInItsBodyIsAskedForOnceThatIsRead() {
        registry.answers(200, "{\"allowed\":false}");
        Call call = Calls.connectors("POST", "createConnector", null, TOKEN);
        assertDoesNotThrow(() -> guard.admit(call));
        assertTrue(registry.requests.isEmpty());
        assertEquals(403, status(() -> guard.check(call, new CreateConnectorRequest("x1", Map.of()))));
        assertEquals(403, status(() -> guard.check(Calls.validate(TOKEN), OWN)));
        assertEquals(401, status(() -> guard.check(Calls.validate(), OWN)));
        assertEquals(401, status(() -> guard.admit(Calls.connectors("POST", "createConnector", null))));
        assertEquals(422, status(() -> guard.check(call, new CreateConnectorRequest(" ", Map.of()))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "200|{\"allowed\":false}|403", "200|{\"allowed\":\"true\"}|403", "200|{}|403", "200|[]|403", "200|true|403", "200|no json|403",
        "200||403", "204||503", "302|{}|503", "401|{\"error_code\":40101}|401", "403|{}|503", "404|{}|503", "422|{\"error_code\":42201}|422",
        "429|{}|503", "500|{\"allowed\":true}|503", "503|{}|503",
    })
    void whatIsNoYesIsANo(int status, String body, int expected) {
        registry.answers(status, body == null ? "" : body);
        assertEquals(expected, status(() -> guard.admit(Calls.connectors("PUT", "putConnectorConfig", "x1", TOKEN))));
    }

    @Test
    void whileNoRegistryAnswersTheAnswerIsNo() throws IOException {
        try (Guard alone = guard(FakeRegistry.deadUrl(), "true")) {
            assertEquals(503, status(() -> alone.admit(Calls.connectors("PUT", "putConnectorConfig", "x1", TOKEN))));
        }
    }

    @Test
    void aLogInIsOne() {
        assertEquals(401, status(() -> guard.admit(Calls.connectors("PUT", "putConnectorConfig", "x1"))));
        assertEquals(401, status(() -> guard.admit(Calls.connectors("PUT", "putConnectorConfig", "x1", " "))));
        assertEquals(400, status(() -> guard.admit(Calls.connectors("PUT", "putConnectorConfig", "x1", TOKEN, TOKEN))));
        SecretRegistryException injected = assertThrows(
                SecretRegistryException.class, () -> guard.admit(Calls.connectors("PUT", "putConnectorConfig", "x1", "Bearer a\r\nX: b")));
        assertFalse(injected.getMessage().contains("Bearer"));
        assertTrue(registry.requests.isEmpty());
    }
}
