package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.secretreg.connect.FakeRegistry;
import io.secretreg.connect.HandedOuts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElsewhereTest {
    private static final String ANSWER = "[{\"path\":\"x1\",\"key\":\"k\",\"version\":1,\"secret\":\"of-another-worker\"}]";
    private static final String STATUS = "{\"name\":\"x1\",\"connector\":{\"state\":\"FAILED\",\"trace\":\"no of-another-worker\"},\"tasks\":[]}";

    private static Redaction redaction(String url) {
        return new Redaction(new TreeMap<>(Map.of("secret", HandedOuts.provider(url))), HandedOuts.none());
    }

    private static String shown(Redaction redaction, Call call, String json) {
        return new String(redaction.of(call, "application/json", json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @Test
    void whatAnotherWorkerWasHandedIsReadOnceAndHidden() throws IOException {
        try (FakeRegistry registry = FakeRegistry.start().answers(200, ANSWER);
                Redaction redaction = redaction(registry.url())) {
            String expected = STATUS.replace("of-another-worker", "${secret:x1:k}");
            for (int i = 0; i < 3; i += 1) assertEquals(expected, shown(redaction, Calls.about("x1"), STATUS));
            assertEquals(1, registry.requests.size());
            assertEquals("/secret/paths/x1", registry.last().target);
            assertEquals("Bearer worker-token", registry.last().header("Authorization"));
            String list = "{\"x1\":{\"status\":" + STATUS + "}}";
            assertEquals(list.replace("of-another-worker", "${secret:x1:k}"), shown(redaction, Calls.connectors("GET", "listConnectors", null), list));
        }
    }

    @Test
    void itIsReadForTheConfigurationsOfTasks() throws IOException {
        try (FakeRegistry registry = FakeRegistry.start().answers(200, ANSWER);
                Redaction redaction = redaction(registry.url())) {
            String tasks = "[{\"id\":{\"connector\":\"x1\",\"task\":0},\"config\":{\"copied\":\"of-another-worker\"}}]";
            assertEquals(
                    tasks.replace("of-another-worker", "${secret:x1:k}"), shown(redaction, Calls.connectors("GET", "getTaskConfigs", "x1"), tasks));
        }
    }

    @Test
    void nothingIsReadForWhatShowsNone() throws IOException {
        try (FakeRegistry registry = FakeRegistry.start().answers(200, ANSWER);
                Redaction redaction = redaction(registry.url())) {
            String running = "{\"name\":\"x1\",\"connector\":{\"state\":\"RUNNING\",\"worker_id\":\"w\"},\"tasks\":[]}";
            assertEquals(running, shown(redaction, Calls.about("x1"), running));
            assertTrue(registry.requests.isEmpty());
        }
    }

    @Test
    void whatMayHoldSecretsIsNotShownWhileNoRegistryAnswers() throws IOException {
        try (Redaction redaction = redaction(FakeRegistry.deadUrl())) {
            String trace = shown(redaction, Calls.about("x1"), STATUS);
            assertTrue(trace.contains("\"trace\":\"[hidden: the registry cannot be reached: ") && trace.contains("\"FAILED\""), trace);
            String tasks = "[{\"id\":{\"connector\":\"x1\",\"task\":0},\"config\":{\"copied\":\"of-another-worker\",\"task.class\":\"x.Y\"}}]";
            String shown = shown(redaction, Calls.connectors("GET", "getTaskConfigs", "x1"), tasks);
            assertTrue(shown.startsWith("[{\"id\":{\"connector\":\"x1\",\"task\":0},\"config\":{\"copied\":\"[hidden: the registry"), shown);
            assertTrue(shown.endsWith("\"task.class\":\"x.Y\"}}]"), shown);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 503})
    void norWhereTheRegistryDoesNotTellIt(int status) throws IOException {
        try (FakeRegistry registry = FakeRegistry.start().answers(status, "{}");
                Redaction redaction = redaction(registry.url())) {
            String shown = shown(redaction, Calls.about("x1"), STATUS);
            assertTrue(shown.contains("\"trace\":\"[hidden: path 'x1' cannot be read: "), shown);
        }
    }

    @Test
    void whatHasNoSecretsIsShown() throws IOException {
        try (FakeRegistry registry = FakeRegistry.start().answers(404, "{\"error_code\":40401}");
                Redaction redaction = redaction(registry.url())) {
            assertEquals(STATUS, shown(redaction, Calls.about("x1"), STATUS));
            assertEquals(STATUS, shown(redaction, Calls.about(".."), STATUS));
        }
    }
}
