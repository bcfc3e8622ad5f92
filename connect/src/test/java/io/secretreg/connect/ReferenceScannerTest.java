package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceScannerTest {
    /** What Kafka's ConfigTransformer answered, recorded by running it. */
    private static final JsonNode ANSWERS = answers();

    @ParameterizedTest(name = "{0}")
    @MethodSource("shortCases")
    void findsWhatKafkaReplaces(String name, JsonNode it) {
        it.get("input").fields().forEachRemaining(setting -> {
            String text = setting.getValue().textValue();
            if (text != null) assertEquals(it.get("output").get(setting.getKey()).textValue(), replaced(text), setting.getKey());
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shortCases")
    void findsWhatKafkaAsksFor(String name, JsonNode it) {
        TreeMap<String, TreeMap<String, TreeSet<String>>> asked = new TreeMap<>();
        for (JsonNode text : it.get("input")) {
            if (text.isNull()) continue;
            for (Reference one : ReferenceScanner.scan(text.textValue())) {
                if (!ANSWERS.get("providers").has(one.provider())) continue;
                asked.computeIfAbsent(one.provider(), p -> new TreeMap<>())
                        .computeIfAbsent(one.path(), p -> new TreeSet<>())
                        .add(one.key());
            }
        }
        JsonNode expected = it.path("requestedKeysByPath");
        assertEquals(expected.isMissingNode() ? "{}" : sorted(expected), sorted(new ObjectMapper().valueToTree(asked)));
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void comparesEachCharacterAtMostThreeTimes(String hostile) {
        long[] compared = {0};
        ReferenceScanner.scan(hostile, (text, what, from) -> {
            int index = text.indexOf(what, from);
            compared[0] += (index == -1 ? text.length() : index) - from + 1;
            return index;
        });
        assertTrue(compared[0] <= 3L * hostile.length() + 3, compared[0] + " steps for " + hostile.length() + " characters");
    }

    static Stream<Arguments> shortCases() {
        return StreamSupport.stream(ANSWERS.get("cases").spliterator(), false)
                .filter(it -> it.has("input") && it.has("output"))
                .map(it -> Arguments.of(it.get("id") + " " + it.get("name").textValue(), it));
    }

    /** Each of 100 KiB or more. */
    static Stream<String> hostileTexts() {
        int size = 100 * 1024;
        return Stream.of(
                "${".repeat(size),
                "${".repeat(size) + "}",
                "${a:".repeat(size),
                ":".repeat(size),
                "${secret" + ":".repeat(size) + "}",
                "}".repeat(size),
                "${}".repeat(size),
                "${a:b}".repeat(size),
                "${a:b:c".repeat(size) + "}",
                ":".repeat(size) + "${".repeat(size) + "}".repeat(size));
    }

    private static String replaced(String text) {
        StringBuilder result = new StringBuilder();
        int done = 0;
        for (Reference one : ReferenceScanner.scan(text)) {
            JsonNode value = ANSWERS.get("providers").path(one.provider()).path(one.path()).path(one.key());
            result.append(text, done, one.start()).append(value.isMissingNode() ? one.text() : value.textValue());
            done = one.end();
        }
        return result.append(text.substring(done)).toString();
    }

    /** As text, whatever the order of its members. */
    private static String sorted(JsonNode node) {
        if (!node.isObject()) return node.toString();
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        StringBuilder all = new StringBuilder();
        for (String name : new TreeSet<>(names)) all.append(name).append('=').append(sorted(node.get(name))).append(';');
        return "{" + all + "}";
    }

    private static JsonNode answers() {
        try {
            return new ObjectMapper().readTree(Path.of("../fixtures/grammar/config-transformer-cases.json").toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
