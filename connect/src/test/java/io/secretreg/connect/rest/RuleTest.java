package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
    private final Rule rule = new Rule(List.of("secret", "vault"), false);

    private String refusal(Rule by, String connector, Map<String, String> config) {
        Refusal refused = assertThrows(Refusal.class, () -> by.check(connector, config));
        assertEquals(422, refused.status());
        return refused.getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "plain", "", "${secret:x1:k}", "a${secret:x1:k}b${vault:x1:l}c", "${env:HOME}", "${file:/x1:k}", "${secret}", "$secret:other:k",
        "${secrets:other:k}", "${Secret:other:k}", "${secret :other:k}", "${ secret:other:k}", "{${secret:x1:k}}$", "$ ${secret:x1:k} {", "$ ${env:A} {", "${env:X${secret:other:k}",
    })
    void whatIsOwnOrNoReferenceOfOursGoesThrough(String value) {
        assertDoesNotThrow(() -> rule.check("x1", Map.of("name", "x1", "password", value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$${secret:x1:k}", "a ${secret:x1:k}{secret:other:k}", "${vault:x1:k}$${secret:x1:k}", "$${env:EMPTY}{secret:other:k}", "${file:/x:k}{secret:other:k}", "$${env:EMPTY}"})
    void whatCouldBecomeAReferenceOnceAValueStandsInItIsRefused(String value) {
        assertTrue(refusal(rule, "x1", Map.of("password", value)).startsWith("Connector 'x1' may not have a '$' right before a reference"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "${secret:other:k}|refers to path 'other'",
        "${vault:other:k}|refers to path 'other'",
        "a ${secret:x1:k} ${secret:other:k}|refers to path 'other'",
        "$${secret:other:k}|refers to path 'other'",
        "${secret:X1:k}|refers to path 'X1'",
        "${secret: x1:k}|refers to path ' x1'",
        "${secret:x1 :k}|refers to path 'x1 '",
        "${secret:x1%20:k}|refers to path 'x1%20'",
        "${secret:k}|refers to no path",
        "${secret::k}|refers to path ''",
        "${secret:other:a:b}|refers to path 'other'",
        "}${secret:other:${|never",
        "${${secret:other:k}|never",
        "${a${secret:x1:k}${secret:other:k}|refers to path 'other'",
    })
    void whatRefersToAnotherPathIsRefused(String value, String problem) {
        Map<String, String> config = Map.of("password", value);
        if (problem.equals("never")) assertDoesNotThrow(() -> rule.check("x1", config));
        else assertEquals("Connector 'x1' may only refer to secrets under its own name: 'password' " + problem, refusal(rule, "x1", config));
    }

    @Test
    void everyOffenderIsTold() {
        Map<String, String> config = new TreeMap<>();
        config.put("a", "${secret:one:k}${secret:two:k}${secret:one:l}");
        config.put("b", "${secret:k}");
        config.put("c", "${secret:x1:k}");
        config.put("d", null);
        assertEquals(
                "Connector 'x1' may only refer to secrets under its own name: 'a' refers to path 'one', 'a' refers to path 'two', 'b' refers to no path",
                refusal(rule, "x1", config));
    }

    @Test
    void manyOffendersAreCounted() {
        Map<String, String> config = new HashMap<>();
        for (int i = 0; i < 100; i += 1) config.put("key-" + i, "${secret:other:k}");
        assertTrue(refusal(rule, "x1", config).endsWith("and 80 more"));
    }

    @Test
    void aNameOfOthersWritesNoLineOfItsOwn() {
        String message = refusal(rule, "x1\n", Map.of("a\r\nb", "${secret:o\nther\u202e:k}"));
        assertFalse(message.chars().anyMatch(c -> c < ' ' || c == 0x202e), message);
    }

    @Test
    void whatHasNoNameRefersToNothing() {
        for (String name : Arrays.asList(null, "")) {
            for (String value : List.of("${secret:x1:k}", "${secret::k}", "${secret:k}")) {
                assertTrue(refusal(rule, name, Map.of("password", value)).startsWith("A connector without a name may only"));
            }
        }
        assertDoesNotThrow(() -> rule.check(null, Map.of("password", "plain")));
    }

    @Test
    void byTheSwitchItCountsForEveryProvider() {
        Rule all = new Rule(List.of("secret"), true);
        assertEquals(
                "Connector 'x1' may only refer to secrets under its own name: 'a' refers to path '/etc/x', 'b' refers to no path",
                refusal(all, "x1", Map.of("a", "${file:/etc/x:k}", "b", "${env:HOME}")));
        assertDoesNotThrow(() -> all.check("x1", Map.of("a", "${file:x1:k}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "config.providers", "config.providers.evil.class", "producer.override.config.providers", "consumer.override.config.providers.a.param.b",
        "admin.override.config.providers", "transforms.x.config.providers.y", "myconfig.providers",
    })
    void providersOfItsOwnAreRefused(String key) {
        String message = refusal(rule, "x1", Map.of(key, "evil"));
        assertTrue(message.startsWith("Connector 'x1' may not bring config providers of its own"), message);
        assertTrue(message.contains("'" + key + "'"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.provider", "config_providers", "Config.Providers", "configXproviders"})
    void otherSettingsAreNone(String key) {
        assertDoesNotThrow(() -> rule.check("x1", Map.of(key, "v")));
    }

    @Test
    void toTakeASettingAwayIsNoFault() {
        Map<String, String> patch = new HashMap<>();
        patch.put("config.providers", null);
        patch.put("password", null);
        assertDoesNotThrow(() -> rule.check("x1", patch));
    }

    @Test
    void hostileTextsCostMilliseconds() {
        String text = "${secret:".repeat(12_000) + "}".repeat(3);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThrows(Refusal.class, () -> rule.check("x1", Map.of("k", text))));
    }

    @Test
    void onlyReferencesOfOursCountAsReferences() {
        assertTrue(rule.refersToSecrets(Map.of("a", "x${vault:p:k}")));
        assertFalse(rule.refersToSecrets(Map.of("a", "${env:HOME}", "b", "${secret}")));
    }
}
