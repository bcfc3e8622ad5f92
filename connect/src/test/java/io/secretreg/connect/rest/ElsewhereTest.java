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
    void aTraceIsShownWhileNoRegistryAnswers() throws IOException {
        try (Redaction redaction = redaction(FakeRegistry.deadUrl())) {
            assertEquals(STATUS, shown(redaction, Calls.about("x1"), STATUS));
        }
    }
}
